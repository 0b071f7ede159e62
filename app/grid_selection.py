"""Which photos of the grid are selected: ranges in reading order, and rectangles of the rubber band."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSignalBlocker,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView

from app import row_marks
from app.indexes import Index
from app.moving_rows import MovingRows

Flag = QItemSelectionModel.SelectionFlag


class GridSelection(QObject):
    """The selected photos, kept as ranges of rows: a hundred thousand cost no more than one.

    Signals:
        changed: Other photos are selected, or another number of them.
    """

    changed = Signal()

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._anchor = QPersistentModelIndex()
        self._told: list[tuple[int, int]] = []
        self._lifted: tuple[list[int], ...] = ()  # what was selected, and then what the last range changed

    @property
    def count(self) -> int:
        """How many photos are selected."""
        return sum(last - first + 1 for first, last in self.ranges())

    def ranges(self) -> list[tuple[int, int]]:
        """Return the selected rows as (first, last), from the top."""
        # A list, which its type does not tell.
        ranges = cast("Iterable[QItemSelectionRange]", self._rows.selection())
        return sorted([(rows.top(), rows.bottom()) for rows in ranges])

    def ids(self) -> list[int]:
        """Return the ids of the selected photos, in the order shown."""
        model = self._model
        return [i for first, last in self.ranges() for i in model.ids_between(first, last)]

    def start_at(self, index: Index) -> None:
        """Let the next range begin at a photo."""
        self._anchor = QPersistentModelIndex(index)

    def extend_to(self, index: Index, command: Flag) -> None:
        """Select all photos between where the range began and here, in reading order."""
        if not self._anchor.isValid():
            self.start_at(index)
        first, last = sorted((self._anchor.row(), index.row()))
        self._rows.select(self._model.selection_of([(first, last)]), command)

    def select_all(self) -> None:
        """Select all photos; the current one stays it."""
        rows = self._model.rowCount()
        if rows:
            self._rows.select(self._model.selection_of([(0, rows - 1)]), Flag.ClearAndSelect)

    def toggle_current(self) -> None:
        """Select the current photo besides those that are, or not any more."""
        current = self._view.currentIndex()
        if current.isValid():
            self._rows.select(current, Flag.Toggle)
            self.start_at(current)

    def keep_current(self) -> bool:
        """Leave only the current photo selected; return whether several were."""
        if self.count < 2:
            return False
        current = self._view.currentIndex()
        if self._rows.isSelected(current):
            self._view.setCurrentIndex(current)
        else:
            self._rows.clearSelection()
        return True

    def go_to(self, index: QModelIndex) -> None:
        """Make a photo the current one; several that are selected stay so if it is one of them."""
        if self._rows.isSelected(index):
            self._rows.setCurrentIndex(index, Flag.NoUpdate)
        else:
            self._view.setCurrentIndex(index)

    def select_band(self, rows: Iterable[tuple[int, int]], before: Sequence[int], command: Flag) -> None:
        """Select what the rubber band touches.

        Args:
            rows: The rows, as (first, last).
            before: The photos that were selected when the band was begun.
            command: How the two come together; `ClearAndSelect` forgets those of before.
        """
        marks: bytes | bytearray = row_marks.marked(rows, self._model.rowCount())
        if command != Flag.ClearAndSelect:
            join = row_marks.in_one if command == Flag.Toggle else row_marks.in_any
            marks = join(marks, self._model.marks(before))
        wanted = row_marks.ranges(marks)
        if wanted != self._told:
            selection = self._model.selection_of(wanted)
            with QSignalBlocker(self._rows):  # Qt would look for each range of before among all of now
                self._rows.clearSelection()
                self._rows.select(selection, Flag.Select)
            self._rows.selectionChanged.emit(selection, QItemSelection())

    def end_band(self, index: QModelIndex) -> None:
        """Go on from a photo that the band has selected: the one under the pointer, else the first."""
        # As one piece, which the next range with Shift replaces.
        self._rows.select(self._rows.selection(), Flag.ClearAndSelect)
        if not self._rows.isSelected(index):
            found = self.ranges()
            index = self._model.index(found[0][0], 0) if found else QModelIndex()
        if index.isValid():
            scrolls = self._view.hasAutoScroll()
            self._view.setAutoScroll(False)  # the first one may be far above
            self._rows.setCurrentIndex(index, Flag.NoUpdate)
            self._view.setAutoScroll(scrolls)
            self.start_at(index)

    def tell(self) -> None:
        """Emit `changed` if the selected rows are other ones than when it was emitted last."""
        now = self.ranges()
        if now != self._told:
            self._told = now
            self.changed.emit()

    def lift(self) -> None:
        """Keep the selection as ids while rows move: Qt would keep, and move, an index of each row."""
        nothing, selected = QItemSelection(), self._marks()
        with QSignalBlocker(self._rows):
            self._rows.select(nothing, Flag.SelectCurrent)  # the next range with Shift would leave this
            kept = self._marks()
            self._rows.select(nothing, Flag.Clear)
        parts = (kept, row_marks.in_one(selected, kept))
        self._lifted = tuple(self._model.ids_marked(part) for part in parts)

    def put_back(self) -> None:
        """Select the same photos where they are now."""
        with QSignalBlocker(self._rows):
            for photo_ids in self._lifted:
                rows = row_marks.ranges(self._model.marks(photo_ids))
                self._rows.select(self._model.selection_of(rows), Flag.Toggle)
        self._lifted = ()
        self._told = self.ranges()

    def _marks(self) -> bytearray:
        return row_marks.marked(self.ranges(), self._model.rowCount())

    @property
    def _model(self) -> MovingRows:
        return cast("MovingRows", self._view.model())

    @property
    def _rows(self) -> QItemSelectionModel:
        return self._view.selectionModel()
