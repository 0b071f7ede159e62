"""Rows of ids that change by moving, so that what is selected stays selected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress, filterfalse

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QObject,
    Signal,
)

from app.indexes import Index


class MovingRows(QAbstractListModel):
    """A list of photos' ids, one a row.

    Signals:
        shifting: Rows will come, go or get other headings, which shifts those that stay.
        sections_changed: The headings are other ones; rows may be the same.
        about_to_move: Rows are put into another order, before Qt is told.
        moved: They were, and Qt has been told.
    """

    shifting = Signal()
    sections_changed = Signal()
    about_to_move = Signal()
    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: list[int] = []
        self._rows: dict[int, int] = {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's signature)
        """Return the number of photos shown."""
        return 0 if parent.isValid() else len(self._ids)

    def row_of(self, photo_id: int) -> int:
        """Return the row of a photo, or -1 where it is not shown."""
        return self._rows.get(photo_id, -1)

    def photo_id(self, row: int) -> int:
        """Return the id of the photo in a row."""
        return self._ids[row]

    def ids_between(self, first: int, last: int) -> list[int]:
        """Return the ids of the photos in some rows, the last one included."""
        return self._ids[first : last + 1]

    def ids_marked(self, marks: bytes | bytearray) -> list[int]:
        """Return the ids of the photos in the rows that are marked (`app.row_marks`)."""
        return list(compress(self._ids, marks))

    def marks(self, photo_ids: Iterable[int]) -> bytearray:
        """Mark the rows of those photos that are shown."""
        marks = bytearray(len(self._ids))
        for row in map(self.row_of, photo_ids):
            if row >= 0:
                marks[row] = 1
        return marks

    def selection_of(self, rows: Iterable[tuple[int, int]]) -> QItemSelection:
        """Return a selection of rows given as (first, last).

        Where there are many, `index` would take most of the time: it asks each time how many rows there are.
        """
        selection = QItemSelection()
        for first, last in rows:
            selection.select(self.createIndex(first, 0), self.createIndex(last, 0))
        return selection

    def become(self, photo_ids: Sequence[int], *, fresh: bool) -> None:
        """Show exactly these photos: anew, or by moving, removing and adding rows.

        Rows leave and arrive at the end, in one step each, and are moved to their places:
        a thousand photos that came in all over the library cost no more than one.
        """
        wanted = list(photo_ids)
        if fresh or not self._ids:
            self.beginResetModel()
            self._set_ids(wanted)
            self.endResetModel()
        elif wanted == self._ids:
            self.shifting.emit()
        else:
            gone = list(filterfalse(set(wanted).__contains__, self._ids))
            kept = list(filter(self._rows.__contains__, wanted))
            new = list(filterfalse(self._rows.__contains__, wanted))
            if gone or new:  # else they are only put into a better order
                self.shifting.emit()
            self._permute(kept + gone)
            self._cut(len(kept))
            self._extend(new)
            self._permute(wanted)
        self.sections_changed.emit()

    def _set_ids(self, ids: list[int]) -> None:
        self._ids = ids
        self._rows = dict(zip(ids, range(len(ids)), strict=True))

    def _permute(self, order: list[int]) -> None:
        """Put the rows into another order, with every persistent index."""
        if order == self._ids:
            return
        self.about_to_move.emit()
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._ids[index.row()] for index in before]
        self._set_ids(order)
        after = [self.createIndex(self._rows[photo_id], 0) for photo_id in ids]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.moved.emit()

    def _cut(self, count: int) -> None:
        if count < len(self._ids):
            self.beginRemoveRows(QModelIndex(), count, len(self._ids) - 1)
            self._set_ids(self._ids[:count])
            self.endRemoveRows()

    def _extend(self, ids: list[int]) -> None:
        if ids:
            self.beginInsertRows(QModelIndex(), len(self._ids), len(self._ids) + len(ids) - 1)
            self._set_ids(self._ids + ids)
            self.endInsertRows()
