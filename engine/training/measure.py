"""Recall of the coarse filter, of SGRAF on its candidates, and of both fused.

These are the training's own quick figures over cached features. The figures that are
published come from `evaluate`, which encodes the photos as the product does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.recall import Recall, own_ranks, recall_metrics
from engine.sgraf import Fusion
from engine.training.batches import FeatureStore
from engine.training.coarse import embed_captions, embed_photos
from engine.training.reranking import RerankNetwork

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class CoarseAnswers:
    """For each of M captions, its K nearest photos by the coarse filter.

    Attributes:
        gallery: The photos that were searched.
        photos: (M, K) positions in the gallery, best first.
        coarse: (M, K) cosines.
        truth: (M,) position of each caption's own photo.
        ranks: (M,) coarse rank of it, 0 for the first.
        captions: (M,) caption numbers.
    """

    gallery: Sequence[int]
    photos: NDArray[np.int64]
    coarse: FloatArray
    truth: NDArray[np.int64]
    ranks: NDArray[np.int64]
    captions: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates(CoarseAnswers):
    """The same after SGRAF has looked at them.

    Attributes:
        logits: (M, K) logit of the SGRAF similarity.
    """

    logits: FloatArray


def find_candidates(
    store: FeatureStore,
    photos: Sequence[int],
    network: RerankNetwork,
    count: int,
    *,
    gallery: Sequence[int] | None = None,
) -> Candidates:
    """Search all captions of `photos` in a gallery, in two stages (see `search_coarsely`)."""
    return look_at(search_coarsely(store, photos, network, count, gallery=gallery), store, network)


@torch.inference_mode()
def search_coarsely(
    store: FeatureStore,
    photos: Sequence[int],
    network: RerankNetwork,
    count: int,
    *,
    gallery: Sequence[int] | None = None,
) -> CoarseAnswers:
    """Search all captions of `photos` in a gallery with the coarse filter.

    Args:
        store: The cached features.
        photos: Whose captions are searched for.
        network: The coarse filter.
        count: How many photos each caption keeps.
        gallery: What is searched: `photos` and others; None means `photos` alone.

    Raises:
        ValueError: The gallery lacks one of `photos`.
    """
    gallery = photos if gallery is None else gallery
    places = {photo: place for place, photo in enumerate(gallery)}
    if not places.keys() >= set(photos):
        raise ValueError("the gallery lacks photos whose captions are searched for")
    captions = [c for photo in photos for c in store.captions_of(photo)]
    truth = np.array([places[photo] for photo in photos for _ in store.captions_of(photo)], dtype=np.int64)
    pictures = embed_photos(store, gallery, network.image)
    coarse = embed_captions(store, captions, network.text) @ pictures.T  # (M, N)
    best, order = coarse.topk(min(count, len(gallery)), dim=1)
    return CoarseAnswers(
        gallery=gallery,
        photos=order.cpu().numpy(),
        coarse=best.float().cpu().numpy(),
        truth=truth,
        ranks=own_ranks(coarse.float().cpu().numpy(), truth),
        captions=np.array(captions),
    )


@torch.inference_mode()
def look_at(answers: CoarseAnswers, store: FeatureStore, network: RerankNetwork) -> Candidates:
    """Score the coarse filter's answers with SGRAF."""
    regions = _regions(store, answers.gallery, network)
    rows = zip(answers.captions.tolist(), torch.from_numpy(answers.photos), strict=True)
    logits = torch.stack([_logits(store, caption, regions, chosen, network) for caption, chosen in rows])
    return Candidates(
        gallery=answers.gallery,
        photos=answers.photos,
        coarse=answers.coarse,
        truth=answers.truth,
        ranks=answers.ranks,
        captions=answers.captions,
        logits=logits.cpu().numpy(),
    )


def recall_of(candidates: Candidates, scores: FloatArray | None = None) -> Recall:
    """Return text→image recall with the candidates ordered by `scores` (None: coarse order)."""
    ranks = candidates.ranks.copy()
    if scores is not None:
        found = candidates.photos == candidates.truth[:, None]
        rows = found.any(axis=1)
        ranks[rows] = own_ranks(scores[rows], found.argmax(axis=1)[rows])
    return recall_metrics(ranks)


def figures_of(candidates: Candidates, fusion: Fusion) -> dict[str, object]:
    """Return text→image recalls: in coarse order, by SGRAF alone, and by both fused."""
    mixed = fusion.coarse * candidates.coarse + fusion.rerank * candidates.logits
    return {
        "coarse": recall_of(candidates).to_json(),
        "rerank": recall_of(candidates, candidates.logits).to_json(),
        "fused": recall_of(candidates, mixed).to_json(),
    }


def _regions(
    store: FeatureStore, photos: Sequence[int], network: RerankNetwork
) -> tuple[Tensor, list[Tensor]]:
    """Return regions (N, R, D) and each module's global vectors (N, D)."""
    rows = []
    for start in range(0, len(photos), 128):
        cells, concepts = store.photo_features(photos[start : start + 128])
        rows.append(network.image.regions(network.image.combine(cells, concepts)))
    regions = torch.cat(rows)
    chunks = torch.split(regions, 128)
    return regions, [torch.cat([e.region_globals(c) for c in chunks]) for e in (network.sgr, network.saf)]


def _logits(
    store: FeatureStore,
    caption: int,
    gallery: tuple[Tensor, list[Tensor]],
    chosen: Tensor,
    network: RerankNetwork,
) -> Tensor:
    """Return the logit of the mean of both modules' similarities for one caption, (K,)."""
    words, lengths = store.caption_features([caption])
    vectors = network.text.words(words)
    regions, globals_ = gallery
    scores = [
        encoder(regions[chosen], vectors, lengths, region_globals=vector[chosen])[:, 0]
        for encoder, vector in zip((network.sgr, network.saf), globals_, strict=True)
    ]
    return torch.logit(torch.stack(scores).mean(0), eps=1e-6)
