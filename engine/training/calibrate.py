"""Third stage: how coarse and SGRAF similarity combine into one calibrated strength.

Fitted on photos that neither training nor any published figure sees. The mix of the
two is the one under which a caption most likely picks its own photo among the
candidates; scale and offset then make the strength a probability that the photo is
relevant, where relevant means: its own caption, or one that says nearly the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize

from engine.sgraf import Fusion
from engine.training.batches import FeatureStore
from engine.training.measure import Candidates

SAME_MEANING = 0.75
CUTOFFS = np.arange(0.05, 0.96, 0.05)


def fit_fusion(store: FeatureStore, photos: Sequence[int], candidates: Candidates) -> Fusion:
    """Return the fusion fitted on these candidates of `photos`."""
    coarse = torch.from_numpy(candidates.coarse).double()
    logits = torch.from_numpy(candidates.logits).double()
    relevant = torch.from_numpy(relevance(store, photos, candidates)).double()
    found = torch.from_numpy(candidates.photos == candidates.truth[:, None])
    rows = found.any(1)
    place = found[rows].double().argmax(1)

    def picks(weights: Tensor) -> Tensor:
        return cross_entropy(coarse[rows] * weights[0] + logits[rows] * weights[1], place)

    mix = _minimise(picks, [10.0, 1.0])
    evidence = coarse * mix[0] + logits * mix[1]

    def platt(feature: Tensor) -> Callable[[Tensor], Tensor]:
        return lambda weights: binary_cross_entropy_with_logits(feature * weights[0] + weights[1], relevant)

    scale, bias = _minimise(platt(evidence), [1.0, -5.0])
    only, only_bias = _minimise(platt(coarse), [10.0, -5.0])
    return Fusion(
        coarse=float(scale * mix[0]),
        rerank=float(scale * mix[1]),
        bias=float(bias),
        coarse_only=float(only),
        coarse_only_bias=float(only_bias),
        cutoff=best_cutoff(torch.sigmoid(evidence * scale + bias).numpy(), relevant.numpy()),
    )


def best_cutoff(strength: NDArray[np.float64], relevant: NDArray[np.float64]) -> float:
    """Return the strength above which precision and recall balance best (the greatest F1)."""
    shown = [strength >= cutoff for cutoff in CUTOFFS]
    scores = [2 * relevant[s].sum() / (s.sum() + relevant.sum()) for s in shown]
    return round(float(CUTOFFS[int(np.argmax(scores))]), 2)


def relevance(store: FeatureStore, photos: Sequence[int], candidates: Candidates) -> NDArray[np.float32]:
    """Return (M, K) 1 where a candidate is relevant to the caption, else 0."""
    owners = np.array([i for i, photo in enumerate(photos) for _ in store.captions_of(photo)])
    sentences = _sentences(store, [c for photo in photos for c in store.captions_of(photo)])
    asked = _sentences(store, candidates.captions.tolist())
    alike = asked @ sentences.T  # (M, all captions)
    best = torch.full((len(asked), len(photos)), -1.0)
    best.scatter_reduce_(1, torch.from_numpy(owners).expand(len(asked), -1), alike, "amax")
    same = best.gather(1, torch.from_numpy(candidates.photos)) >= SAME_MEANING
    own = torch.from_numpy(candidates.photos == candidates.truth[:, None])
    relevant: NDArray[np.float32] = (same | own).float().numpy()
    return relevant


def _sentences(store: FeatureStore, captions: Sequence[int]) -> Tensor:
    """Return sentence embeddings (N, D): the mean of a caption's word vectors, length 1."""
    rows = []
    for start in range(0, len(captions), 512):
        words, lengths = store.caption_features(captions[start : start + 512])
        rows.append(words.sum(1) / lengths[:, None])
    return normalize(torch.cat(rows), dim=-1).cpu()


def _minimise(loss: Callable[[Tensor], Tensor], start: Sequence[float]) -> Tensor:
    weights = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = loss(weights)
        torch.autograd.backward(value)
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return weights.detach()
