"""Fit the coarse filter's correction for hubness (see `engine.models.hubness`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.recall import Recall, own_ranks, recall_metrics
from engine.training.batches import FeatureStore
from engine.training.coarse import embed_captions, embed_photos
from engine.training.reranking import RerankNetwork

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)


@torch.no_grad()
def fit_hubness(
    store: FeatureStore,
    network: RerankNetwork,
    *,
    train: Sequence[int],
    tune: Sequence[int],
    seed: int,
) -> dict[float, Recall]:
    """Fit the correction in place and return the recall on `tune` with each weight tried.

    The bank is one caption each of photos trained on, drawn by `seed`; the weight is the
    one with the greatest sum of recalls on `tune`.
    """
    correction = network.image.hubness
    random = np.random.default_rng(seed)
    size = len(correction.captions)
    drawn = random.choice(np.asarray(train), size, replace=len(train) < size).tolist()
    bank = _plain(
        embed_captions(store, [int(random.choice(store.captions_of(p))) for p in drawn], network.text)
    )
    photos = _plain(embed_photos(store, random.permutation(np.asarray(train))[:size].tolist(), network.image))
    searched = _plain(embed_photos(store, tune, network.image))
    captions = [c for photo in tune for c in store.captions_of(photo)]
    truth = np.array([i for i, photo in enumerate(tune) for _ in store.captions_of(photo)])
    asked = embed_captions(store, captions, network.text)
    tried = {}
    for weight in WEIGHTS:
        correction.fit(bank, photos, weight)
        similarity = (asked @ correction(searched).T).cpu().numpy()
        tried[weight] = recall_metrics(own_ranks(similarity, truth))
    best = max(WEIGHTS, key=lambda weight: tried[weight].total)
    correction.fit(bank, photos, best)
    return tried


def _plain(embeddings: torch.Tensor) -> torch.Tensor:
    """Return embeddings without the correcting dimension, of length 1 again."""
    return torch.nn.functional.normalize(embeddings[:, :-1], dim=-1)
