"""The in-memory matrix of coarse embeddings, and exact top-k.

Everything is exact: one matrix-vector product over the whole gallery, no index
that could lose a photo. A hundred thousand photos take some ten milliseconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.types import FloatArray

GROWTH = 1.5


def top_k(
    scores: FloatArray, ids: NDArray[np.int64], k: int, mask: NDArray[np.bool_] | None = None
) -> NDArray[np.intp]:
    """Return the positions of the `k` best scores, best first; equal scores by ascending id.

    Args:
        scores: (N,) scores, none of them NaN.
        ids: (N,) ids that decide between equal scores.
        k: How many to return; fewer come back where there are fewer.
        mask: (N,) True where a position may be returned; None allows all.

    Returns:
        (min(k, allowed),) positions into `scores`.
    """
    allowed = None if mask is None else np.flatnonzero(mask)
    candidates = scores if allowed is None else scores[allowed]
    k = min(max(k, 0), len(candidates))
    if k == 0:
        return np.empty(0, dtype=np.intp)
    # argpartition alone would pick arbitrarily among scores equal to the k-th best.
    cut = np.partition(candidates, len(candidates) - k)[len(candidates) - k]
    chosen = np.flatnonzero(candidates >= cut)
    if allowed is not None:
        chosen = allowed[chosen]
    order = np.lexsort((ids[chosen], -scores[chosen]))
    return chosen[order[:k]]


class CoarseIndex:
    """Coarse embeddings in memory, each with an id, in the order in which they came.

    Appending is cheap in the long run: the matrix grows by half whenever it is full,
    so that a library that is still being indexed is not copied with every batch.

    Attributes:
        dim: E, the width of the embeddings.
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self._matrix = np.empty((0, dim), dtype=np.float32)
        self._ids = np.empty(0, dtype=np.int64)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def ids(self) -> NDArray[np.int64]:
        """(N,) the ids, read-only."""
        view = self._ids[: self._length]
        view.flags.writeable = False
        return view

    @property
    def matrix(self) -> FloatArray:
        """(N, E) the embeddings, read-only."""
        view = self._matrix[: self._length]
        view.flags.writeable = False
        return view

    def append(self, ids: NDArray[np.int64], embeddings: NDArray[np.floating]) -> None:
        """Add rows at the end.

        Args:
            ids: (n,) ids of the rows.
            embeddings: (n, E) rows, each of length 1.

        Raises:
            ValueError: The shapes don't fit together.
        """
        if embeddings.shape != (len(ids), self.dim):
            raise ValueError(f"{len(ids)} ids, embeddings of shape {embeddings.shape}, width {self.dim}")
        end = self._length + len(ids)
        if end > len(self._ids):
            self._grow(max(end, int(len(self._ids) * GROWTH)) if self._length else end)
        self._matrix[self._length : end] = embeddings
        self._ids[self._length : end] = ids
        self._length = end

    def similarities(self, embedding: FloatArray) -> FloatArray:
        """Return the (N,) cosine similarities of all rows with one (E,) embedding of length 1."""
        product: FloatArray = self._matrix[: self._length] @ np.asarray(embedding, dtype=np.float32)
        return product

    def _grow(self, capacity: int) -> None:
        matrix = np.empty((capacity, self.dim), dtype=np.float32)
        matrix[: self._length] = self._matrix[: self._length]
        ids = np.empty(capacity, dtype=np.int64)
        ids[: self._length] = self._ids[: self._length]
        self._matrix, self._ids = matrix, ids
