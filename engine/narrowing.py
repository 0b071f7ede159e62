"""What may be found at all: a query's refinements as a mask over the gallery."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.browsing import Listing, Order
from engine.gallery import Gallery
from engine.library import Library
from engine.query import Query


class Narrowing:
    """Applies filters, excluded words and folders to the photos of one gallery."""

    def __init__(
        self, library: Library, gallery: Gallery, describes: Callable[[str], NDArray[np.bool_]]
    ) -> None:
        """Remember the parts.

        Args:
            library: Where the photos' facts are.
            gallery: The photos.
            describes: Phrase → (N,) whether it describes each photo of the gallery well.
        """
        self._library = library
        self._gallery = gallery
        self._describes = describes

    def mask(self, query: Query | None, folder: Path | None = None) -> NDArray[np.bool_] | None:
        """Return (N,) which photos fit; None where all do.

        Raises:
            FolderError: `folder` is in no root of the library.
        """
        masks = [~self._describes(phrase) for phrase in query.excluded] if query else []
        if query and query.filters:
            masks.append(self._gallery.passing(query.filters))
        if folder is not None:
            masks.append(self._gallery.under(folder))
        return np.logical_and.reduce(masks) if masks else None

    def newest(self, query: Query, folder: Path | None = None) -> list[int]:
        """Return the ids of the photos that fit, newest first.

        Raises:
            FolderError: `folder` is in no root of the library.
        """
        ids, hidden = self._library.present_ids(folder, filters=query.filters), self._hidden(query)
        return [photo_id for photo_id in ids if photo_id not in hidden]

    def listing(self, query: Query, order: Order) -> Listing:
        """Return the photos that fit, in an order."""
        return self._library.listing(filters=query.filters, order=order, without=self._hidden(query))

    def _hidden(self, query: Query) -> set[int]:
        """Return the ids of the photos that excluded words describe."""
        hidden: set[int] = set()
        if query.excluded:
            self._gallery.refresh()
        for phrase in query.excluded:
            hidden.update(self._gallery.ids[self._describes(phrase)].tolist())
        return hidden
