"""Figures of the paper's baseline: over a whole gallery, and on our coarse filter's candidates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from engine.models.heads import ImageHeads, joined
from engine.recall import image_to_text_ranks, recall_metrics, text_to_image_ranks
from engine.sgraf.checkpoints import OfficialModel
from engine.sgraf.official import score_all
from engine.training.batches import FeatureStore
from engine.training.calibrate import fit_fusion
from engine.training.measure import Candidates, figures_of
from engine.training.paper import Tokens
from engine.types import FloatArray

_PHOTO_CHUNK = 128
_CLOSEST = 1e-6


@torch.inference_mode()
def paper_similarity(
    store: FeatureStore,
    gallery: Sequence[int],
    captions: Sequence[int],
    tokens: Tokens,
    models: Sequence[OfficialModel],
) -> FloatArray:
    """Return the similarity (N, M) of all photos with all captions: the modules' mean.

    Args:
        store: The cached features; photos are seen whole.
        gallery: N photos.
        captions: M caption numbers.
        tokens: Ids of every caption in the store, by caption number.
        models: Trained modules, SGR and SAF for the paper's SGRAF.
    """
    features = [features.half().cpu().numpy() for features in _features(store, gallery)]
    stacked = np.concatenate(features)
    texts = [tokens[caption] for caption in captions]
    similarity = np.zeros((len(gallery), len(texts)), dtype=np.float32)
    for model in models:
        similarity += score_all(model, stacked, texts) / len(models)
    return similarity


def rescored(
    store: FeatureStore, found: Candidates, tokens: Tokens, models: Sequence[OfficialModel]
) -> Candidates:
    """Return the same candidates with the paper's logits in place of ours."""
    similarity = np.mean([_score(store, found, tokens, model) for model in models], axis=0)
    logits = torch.logit(torch.from_numpy(similarity), eps=_CLOSEST)
    return replace(found, logits=logits.numpy())


@torch.inference_mode()
def _score(store: FeatureStore, found: Candidates, tokens: Tokens, model: OfficialModel) -> FloatArray:
    """Return one module's similarity (M, K) of each caption with its own candidates."""
    regions = torch.cat([model.regions(features) for features in _features(store, found.gallery)])
    globals_ = torch.cat(
        [model.similarity.region_globals(part) for part in torch.split(regions, _PHOTO_CHUNK)]
    )
    rows = []
    for caption, chosen in zip(found.captions.tolist(), found.photos, strict=True):
        ids = torch.tensor([tokens[caption]], device=model.device)
        lengths = torch.tensor([ids.shape[1]], device=model.device)
        near = torch.from_numpy(chosen).to(model.device)
        words = model.words(ids, lengths)
        rows.append(model.similarity(regions[near], words, lengths, region_globals=globals_[near])[:, 0])
    scores: FloatArray = torch.stack(rows).cpu().numpy()
    return scores


def _features(store: FeatureStore, photos: Sequence[int]) -> Iterator[Tensor]:
    """Yield region features (n, R, C) of whole photos."""
    for start in range(0, len(photos), _PHOTO_CHUNK):
        yield joined(ImageHeads.combine(*store.photo_features(photos[start : start + _PHOTO_CHUNK])))


def paper_report(
    store: FeatureStore,
    tokens: Tokens,
    models: Sequence[OfficialModel],
    tune: Candidates,
    splits: Mapping[str, Candidates],
) -> dict[str, object]:
    """Return recall on each split: alone over the whole gallery, and on our candidates as ours is measured.

    Args:
        store: The cached features.
        tokens: Ids of every caption in the store, by caption number.
        models: Trained modules.
        tune: What the mix of coarse and paper's similarity is fitted on, as ours is.
        splits: What figures are wanted of: galleries of just the photos whose captions
            were searched.
    """
    fusion = fit_fusion(store, rescored(store, tune, tokens, models))
    figures: dict[str, object] = {}
    for name, split in splits.items():
        captions = split.captions.tolist()
        similarity = paper_similarity(store, split.gallery, captions, tokens, models)
        owners = split.truth
        figures[name] = {
            "photos": len(split.gallery),
            "captions": len(captions),
            "gallery": {
                "text_to_image": recall_metrics(text_to_image_ranks(similarity, owners)).to_json(),
                "image_to_text": recall_metrics(image_to_text_ranks(similarity, owners)).to_json(),
            },
            "candidates": {
                "count": split.photos.shape[1],
                **figures_of(rescored(store, split, tokens, models), fusion),
            },
        }
    return {"fusion": fusion.to_json(), **figures}
