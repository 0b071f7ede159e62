"""Third stage: how coarse and SGRAF similarity combine into one calibrated strength.

Fitted on photos that neither training nor any published figure sees. The mix of the
two is the one under which a caption most likely picks its own photo among the
candidates; scale and offset then make the strength a probability that the photo is
relevant, where relevant means: its own caption, or one that says nearly the same.

The model is a plain logistic one of the mix. In simulated searches (other spreads of the
relevant, hard and easy queries, many relevant photos) its strengths above 0.2 were off by
0.01 to 0.06 on fresh queries. A second slope for the strong ones gained only where
spreads and difficulty differed at once; letting the top of each list weigh more left them
off by up to 0.10 where some queries were harder than others. How far it is off on real
photos is what `reliability_of` tells, on photos that were never fitted on.

How large a library is matters, because the odds of being relevant are those of the
evidence times the share of the library that is relevant. Among ten times as many photos
of which no more are relevant, ten times as many look as good by chance, and log-odds
fall by log 10; if ten times as many are relevant, nothing changes. Libraries lie between.
So it is fitted in a gallery of a library's size, the photos asked for among all those
trained on, and once more among fewer; what the log-odds lose from one to the other says
how to go on to other sizes (`Fusion.in_gallery`). The photos trained on were never seen
with the captions asked, but their own captions taught the network what they show, so
they may be told apart a little better than a stranger's photos.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from engine.sgraf import Fusion
from engine.training.batches import FeatureStore
from engine.training.measure import Candidates
from engine.training.reliability import (
    BoolArray,
    DoubleArray,
    Reliability,
    reliability,
)

SAME_MEANING = 0.75
CUTOFFS = np.arange(2, 96) / 100
_CHUNK = 256


def fit_fusion(store: FeatureStore, candidates: Candidates, fewer: Candidates | None = None) -> Fusion:
    """Return the fusion fitted on candidates.

    More of either similarity never means less strength.

    Args:
        store: The cached features.
        candidates: Found for some captions in a large gallery.
        fewer: Found for the same captions in a small one; None if strengths shall not
            depend on the gallery's size.

    Raises:
        ValueError: No caption has its own photo among its candidates.
    """
    coarse = torch.from_numpy(candidates.coarse).double()
    logits = torch.from_numpy(candidates.logits).double()
    relevant = relevance(store, candidates)
    own = own_photo(candidates)
    found = torch.from_numpy(own)
    rows = found.any(1)
    if not rows.any():
        raise ValueError("no caption has its own photo among its candidates")
    place = found[rows].double().argmax(1)

    def picks(weights: Tensor) -> Tensor:
        return cross_entropy(coarse[rows] * weights[0] + logits[rows] * weights[1], place)

    mix = _minimise(picks, [10.0, 1.0], [])
    evidence = coarse * mix[0] + logits * mix[1]
    scale, bias = _logistic(evidence, relevant, 1.0)
    only, only_bias = _logistic(coarse, relevant, 10.0)
    strength: DoubleArray = torch.sigmoid(evidence * scale + bias).numpy()
    fusion = Fusion(
        coarse=scale * float(mix[0]),
        rerank=scale * float(mix[1]),
        bias=bias,
        coarse_only=only,
        coarse_only_bias=only_bias,
        cutoff=best_cutoff(strength, relevant),
        gallery=float(len(candidates.gallery)),
    )
    return fusion if fewer is None else _sized(store, fusion, fewer)


def _sized(store: FeatureStore, fusion: Fusion, fewer: Candidates) -> Fusion:
    """Return the fusion with what a smaller gallery tells about the gallery's size."""
    growth = float(np.log(fusion.gallery / len(fewer.gallery)))
    relevant = relevance(store, fewer)
    evidence = fusion.coarse * fewer.coarse.astype(np.float64) + fusion.rerank * fewer.logits
    bias = _offset(torch.from_numpy(evidence), relevant)
    cutoff = best_cutoff(torch.sigmoid(torch.from_numpy(evidence) + bias).numpy(), relevant)
    odds = torch.logit(torch.tensor([cutoff, fusion.cutoff], dtype=torch.float64))
    return replace(
        fusion,
        crowding=max(0.0, (bias - fusion.bias) / growth),
        cutoff_crowding=float(odds[0] - odds[1]) / growth,
    )


def best_cutoff(strength: DoubleArray, relevant: BoolArray) -> float:
    """Return the strength above which precision and recall balance best (the greatest F1).

    A rule that asks for half of the good matches to be relevant was tried and left: in a
    library of ten thousand photos only one search in twenty would have had any.
    """
    shown = [strength >= cutoff for cutoff in CUTOFFS]
    scores = [2 * (relevant & s).sum() / max(1, s.sum() + relevant.sum()) for s in shown]
    return round(float(CUTOFFS[int(np.argmax(scores))]), 2)


def reliability_of(store: FeatureStore, candidates: Candidates, fusion: Fusion) -> Reliability:
    """Return how well the fusion's strengths hold for candidates."""
    similarity = torch.sigmoid(torch.from_numpy(candidates.logits).double()).numpy()
    fusion = fusion.in_gallery(len(candidates.gallery))
    strength = fusion.strength(candidates.coarse, similarity).astype(np.float64)
    relevant = relevance(store, candidates)
    return reliability(strength, relevant, own_photo(candidates), fusion.cutoff)


def own_photo(candidates: Candidates) -> BoolArray:
    """Return (M, K) whether a candidate is the photo that the caption was written for."""
    own: BoolArray = candidates.photos == candidates.truth[:, None]
    return own


def relevance(store: FeatureStore, candidates: Candidates) -> BoolArray:
    """Return (M, K) whether a candidate is relevant to the caption."""
    gallery = candidates.gallery
    owners = torch.tensor([i for i, photo in enumerate(gallery) for _ in store.captions_of(photo)])
    sentences = store.sentences([c for photo in gallery for c in store.captions_of(photo)]).cpu()
    asked = store.sentences(candidates.captions.tolist()).cpu()
    photos = torch.from_numpy(candidates.photos)
    rows: list[NDArray[np.bool_]] = []
    # All captions against a whole library's at once would take gigabytes.
    for start in range(0, len(asked), _CHUNK):
        alike = asked[start : start + _CHUNK] @ sentences.T  # (m, all captions)
        best = torch.full((len(alike), len(gallery)), -1.0)
        best.scatter_reduce_(1, owners.expand(len(alike), -1), alike, "amax")
        rows.append((best.gather(1, photos[start : start + _CHUNK]) >= SAME_MEANING).numpy())
    relevant: BoolArray = np.concatenate(rows) | own_photo(candidates)
    return relevant


def _logistic(feature: Tensor, relevant: BoolArray, start: float) -> tuple[float, float]:
    """Return slope and offset of the logistic model of what is relevant."""
    targets = _platt(relevant)

    def loss(weights: Tensor) -> Tensor:
        return binary_cross_entropy_with_logits(feature * weights[0] + weights[1], targets)

    slope, offset = _minimise(loss, [start], [-5.0])
    return float(slope), float(offset)


def _offset(evidence: Tensor, relevant: BoolArray) -> float:
    """Return the offset alone of the logistic model, its slope being 1."""
    targets = _platt(relevant)

    def loss(weights: Tensor) -> Tensor:
        return binary_cross_entropy_with_logits(evidence + weights[0], targets)

    return float(_minimise(loss, [], [-5.0])[0])


def _platt(relevant: BoolArray) -> Tensor:
    """Return Platt's targets, a hair inside 0 and 1: a few examples never make a certainty."""
    truth = torch.from_numpy(relevant).double()
    hits, misses = truth.sum(), (1 - truth).sum()
    return truth * (hits + 1) / (hits + 2) + (1 - truth) / (misses + 2)


def _minimise(loss: Callable[[Tensor], Tensor], positive: Sequence[float], free: Sequence[float]) -> Tensor:
    """Return the weights of least loss, from a start: `positive` ones stay so, `free` ones may not."""
    start = [*np.log(positive), *free]
    inner = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [inner], max_iter=500, tolerance_grad=1e-10, tolerance_change=1e-12, line_search_fn="strong_wolfe"
    )

    def weights() -> Tensor:
        return torch.cat([inner[: len(positive)].exp(), inner[len(positive) :]])

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = loss(weights())
        torch.autograd.backward(value)
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return weights().detach()
