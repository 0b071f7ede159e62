"""The photos of a library that can be searched, in memory and kept up to date."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.filters import Filters
from engine.library import Library
from engine.types import FloatArray
from engine.vectors import CoarseIndex, top_k

_NOTHING = -1


class Gallery:
    """Present photos with their coarse embeddings.

    Embeddings belong to contents, so that copies of a file share one row. A refresh
    reads only what is new; used from one thread.

    Attributes:
        ids: (N,) photo ids, ascending.
        pack_id: Whose embeddings these are.
    """

    def __init__(self, library: Library, pack_id: str) -> None:
        """Remember where to read; nothing is read before the first `refresh`."""
        self._library = library
        self.pack_id = pack_id
        self._revision = _NOTHING
        self._index = CoarseIndex(0)
        self._rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self.ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._passing: tuple[tuple[int, Filters], NDArray[np.bool_]] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def refresh(self) -> None:
        """Take in what was committed to the library since the last refresh."""
        revision = self._library.revision()
        if revision == self._revision:
            return
        photo_ids, content_ids, _ = self._library.gallery_rows(self.pack_id)
        self._load(np.setdiff1d(content_ids, self._index.ids))
        order = np.argsort(self._index.ids, kind="stable")
        places = np.searchsorted(self._index.ids, content_ids, sorter=order)
        found = np.isin(content_ids, self._index.ids)
        self._rows = order[places[found]]
        self.ids = photo_ids[found]
        self._revision = revision

    def similarities(self, embedding: FloatArray) -> FloatArray:
        """Return the (N,) cosines of all photos with one (E,) embedding of length 1."""
        if not len(self):
            return np.empty(0, dtype=np.float32)
        return self._index.similarities(embedding)[self._rows]

    def sample(self, count: int) -> FloatArray:
        """Return embeddings (n, E) of at most `count` photos from all over the library."""
        evenly = np.linspace(0, len(self) - 1, min(count, len(self))).astype(np.intp)
        rows: FloatArray = self._index.matrix[self._rows[evenly]]
        return rows

    def nearest(self, scores: FloatArray, k: int, mask: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        """Return the positions of the `k` best of (N,) scores, best first, where (N,) `mask` allows."""
        return top_k(scores, self.ids, k, mask)

    def passing(self, filters: Filters) -> NDArray[np.bool_]:
        """Return (N,) whether each photo passes the filters; the last answer is remembered."""
        if self._passing is None or self._passing[0] != (self._revision, filters):
            mask = np.isin(self.ids, self._library.passing_ids(filters))
            self._passing = ((self._revision, filters), mask)
        return self._passing[1]

    def under(self, folder: Path) -> NDArray[np.bool_]:
        """Return (N,) whether each photo lies under `folder`.

        Raises:
            FolderError: `folder` is in no root of the library.
        """
        return np.isin(self.ids, self._library.ids_under(folder))

    def embedding(self, photo_id: int) -> FloatArray | None:
        """Return the (E,) embedding of one photo, or None."""
        place = int(np.searchsorted(self.ids, photo_id))
        if place == len(self.ids) or self.ids[place] != photo_id:
            return None
        row: FloatArray = self._index.matrix[self._rows[place]]
        return row

    def _load(self, missing: NDArray[np.int64]) -> None:
        if not len(missing):
            return
        if not len(self._index):
            ids, embeddings = self._library.embeddings(self.pack_id)
            self._index = CoarseIndex(embeddings.shape[1])
        else:
            ids, embeddings = self._library.embeddings_of(self.pack_id, missing.tolist())
        # Another program may have removed the rows between the two readings.
        if len(ids):
            self._index.append(ids, embeddings)
