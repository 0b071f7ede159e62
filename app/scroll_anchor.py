"""Where the photos in sight are, so that they stay there while others come and go."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QAbstractItemView

from app.moving_rows import MovingRows


class ScrollAnchor:
    """Keeps the current photo in its place on the screen, or, where it is not in sight, the first that is.

    At the beginning of the photos one stays there, and sees what comes.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        self._view = view
        self._scroll = 0
        self._tops: dict[int, int] = {}  # of the photos in sight, by id

    def hold(self, rows: range) -> None:
        """Remember where the photos in sight are, before rows change."""
        photo_ids = [self._model.photo_id(row) for row in rows]
        self._scroll = self._view.verticalScrollBar().value()
        self._tops = {photo_id: self._top(photo_id) for photo_id in photo_ids}

    def put_back(self) -> None:
        """Scroll to where they are now; not at all where they are in another order."""
        if not self._tops:
            return
        bar, tops = self._view.verticalScrollBar(), self._tops
        bar.setValue(self._scroll)  # what is shown may have been shorter meanwhile
        self._tops = {}
        left = [photo_id for photo_id in tops if self._model.row_of(photo_id) >= 0]
        if self._scroll and left and left == sorted(left, key=self._model.row_of):
            current = self._view.currentIndex().row()
            kept = next((photo_id for photo_id in left if self._model.row_of(photo_id) == current), left[0])
            bar.setValue(bar.value() + self._top(kept) - tops[kept])

    def _top(self, photo_id: int) -> int:
        model = self._model
        return self._view.visualRect(model.index(model.row_of(photo_id))).top()

    @property
    def _model(self) -> MovingRows:
        return cast("MovingRows", self._view.model())
