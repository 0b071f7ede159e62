"""Captions that have no photo, put together again: which of them tell of the same photo.

The file lists Flickr30k's captions photo after photo, up to five each, and COCO's after
them, where those of some dozen photos are mixed. Sentence embeddings tell both parts
apart, and which captions belong together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.types import FloatArray

LARGEST = 5

# Neighbours in the first part are more alike than this, on the mean of so many.
_ALIKE, _WINDOW = 0.3, 400
# Two captions of one photo in the first part are more alike than this, two of different ones less.
_SAME = 0.33
# Most photos there have five captions, some have lost one.
_BY_SIZE = {5: 1.0, 4: 0.0, 3: -0.5, 2: -1.0, 1: -1.5}
# In the second part, captions of one photo stand within so many lines and are at least so alike.
_REACH, _NEAR = 120, 0.5
_FAR_OFF = 0.02
_ROWS = 2000


def group_captions(vectors: FloatArray) -> list[list[int]]:
    """Return the captions of each photo, 1 to 5 positions in ascending order.

    Args:
        vectors: (N, D) sentence embeddings of length 1, in the order of the file.
    """
    border = _end_of_rows(vectors)
    mixed = _mixed(vectors[border:])
    return [*_in_rows(vectors[:border]), *([border + i for i in group] for group in mixed)]


def _end_of_rows(vectors: FloatArray) -> int:
    """Return where the captions of one photo stop to follow one another."""
    alike = (vectors[:-1] * vectors[1:]).sum(1)
    window = min(_WINDOW, len(alike))
    if not window:
        return len(vectors)
    means = np.convolve(alike, np.ones(window) / window, "valid")
    apart = np.flatnonzero(means < _ALIKE)
    return int(apart[0]) + window // 2 if len(apart) else len(vectors)


def _in_rows(vectors: FloatArray) -> list[list[int]]:
    """Cut a list into runs so that captions within a run are most alike (dynamic programming)."""
    best = np.full(len(vectors) + 1, -np.inf)
    best[0] = 0
    begins = np.zeros(len(vectors) + 1, np.int64)
    for end in range(1, len(vectors) + 1):
        first = max(0, end - LARGEST)
        alike = vectors[first:end] @ vectors[first:end].T - _SAME
        for begin in range(first, end):
            inside = alike[begin - first :, begin - first :]
            gain = (inside.sum() - np.trace(inside)) / 2 + _BY_SIZE[end - begin]
            if best[begin] + gain > best[end]:
                best[end], begins[end] = best[begin] + gain, begin
    runs, end = [], len(vectors)
    while end:
        begin = int(begins[end])
        runs.append(list(range(begin, end)))
        end = begin
    return runs[::-1]


def _mixed(vectors: FloatArray) -> list[list[int]]:
    """Join captions that stand near one another, the most alike first (mean linkage)."""
    groups = {i: [i] for i in range(len(vectors))}
    group_of = np.arange(len(vectors))
    for one, other in _pairs(vectors):
        a, b = int(group_of[one]), int(group_of[other])
        if a == b or len(groups[a]) + len(groups[b]) > LARGEST:
            continue
        if (vectors[groups[a]] @ vectors[groups[b]].T).mean() >= _NEAR:
            groups[a] += groups.pop(b)
            group_of[groups[a]] = a
    return [sorted(group) for group in groups.values()]


def _pairs(vectors: FloatArray) -> NDArray[np.int64]:
    """Return the pairs (P, 2) of captions near one another that are alike, the most alike first."""
    scores, pairs = [np.empty(0, np.float32)], [np.empty((0, 2), np.int64)]
    for start in range(0, len(vectors), _ROWS):
        alike = vectors[start : start + _ROWS] @ vectors[start : start + _ROWS + _REACH].T
        one, other = np.nonzero(alike > _NEAR)
        near = (other > one) & (other - one <= _REACH)
        one, other = one[near], other[near]
        scores.append(alike[one, other] - _FAR_OFF * np.log1p(other - one))
        pairs.append(np.stack([one, other], axis=1) + start)
    order = np.argsort(-np.concatenate(scores), kind="stable")
    found: NDArray[np.int64] = np.concatenate(pairs)[order]
    return found
