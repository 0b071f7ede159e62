"""A list view in which several photos are selected: with clicks, keys and a rubber band."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.grid_selection import Flag, GridSelection
from app.indexes import Index
from app.rubber_band import RubberBand
from app.theme import Theme


class SelectingList(QListView):
    """What a view needs for selections besides its geometry.

    Attributes:
        selection: What is selected.
        band: The rubber band.

    Signals:
        drag_wanted: What is selected is dragged.
    """

    drag_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selection = GridSelection(self)
        self.band = RubberBand(theme, self)
        self._dragged = False  # since the mouse was pressed
        self._mouse = QPoint()  # where the band is pulled to, in the viewport
        self.band.moved.connect(self._select_band)
        self.band.scroll_wanted.connect(self._scroll_band)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)

    def rows_in(self, rect: QRect) -> Iterable[tuple[int, int]]:
        """Return the rows that touch a rectangle of the content, as (first, last)."""
        raise NotImplementedError

    def setCurrentIndex(self, index: Index) -> None:  # noqa: N802 (Qt's name)
        """Select one alone, and go on from there."""
        super().setCurrentIndex(index)
        self.selection.start_at(index)

    def selectAll(self) -> None:  # noqa: N802 (Qt's name)
        """Select all, as one range; Qt would look at every row whether it is hidden."""
        self.selection.select_all()

    def setSelection(self, rect: QRect, command: Flag) -> None:  # noqa: N802 (Qt's name)
        """Select what is under the pointer, or a range up to it."""
        index = self.indexAt(rect.bottomRight() if command & Flag.Current else rect.center())
        if not index.isValid():
            return
        if command & Flag.Current:
            self.selection.extend_to(index, command)
        else:
            self.selectionModel().select(index, command)
            self.selection.start_at(index)

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> Flag:  # noqa: N802 (Qt's name)
        """Return how a click or key changes the selection; what no user did selects one alone."""
        if event is None:  # Qt would look whether Ctrl or Shift happens to be down
            return Flag.ClearAndSelect
        return super().selectionCommand(index, event)

    def selectionChanged(  # noqa: N802 (Qt's name)
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Repaint, and tell who follows the selection."""
        super().selectionChanged(selected, deselected)
        self.selection.tell()

    def reset(self) -> None:
        """Forget the selection, because all is other than it was."""
        super().reset()
        self.selection.tell()

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:  # noqa: N802 (Qt's name)
        """Have no current row when it goes; Qt would go on to its neighbour."""
        if start <= self.currentIndex().row() <= end:
            self.selectionModel().clearCurrentIndex()
        super().rowsAboutToBeRemoved(parent, start, end)

    def drop_band(self) -> bool:
        """Give the rubber band up, and what it has selected; return whether there was one."""
        if not self.band.is_held:
            return False
        self.selection.select_band((), self.band.before, Flag.Select)
        self.band.let_go()
        self._dragged = True
        self.viewport().update()
        return True

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: N802 (Qt's name)
        """Have what is selected dragged by who knows where the files are."""
        self._dragged = True
        self.drag_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Ctrl+Space selects one by one; Qt would look for a name that begins with a space as well."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Space and control:
            self.selection.toggle_current()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Take hold of what is there, or of a rubber band in an empty place."""
        self._dragged = False
        self._mouse = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and not self.indexAt(self._mouse).isValid():
            self.band.take(self._in_content(), self.selection.ids(), event.modifiers())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Pull the rubber band, or drag."""
        if not self.band.is_held:
            if not self._dragged:  # a drag that came to nothing must not become a selection
                super().mouseMoveEvent(event)
            return
        self._mouse = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pull_band()
        else:  # it was let go where this window could not see it
            self._end_band()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Let the rubber band go; a click in an empty place gives up several that were selected."""
        if not self.band.is_held:
            super().mouseReleaseEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._mouse = event.position().toPoint()
            self._end_band()

    def _in_content(self) -> QPoint:
        return self._mouse + QPoint(0, self.verticalOffset())

    def _pull_band(self) -> None:
        above = self._mouse.y()
        self.band.pull(self._in_content(), above=above, below=self.viewport().height() - above)

    def _select_band(self) -> None:
        rows = self.rows_in(self.band.rect)
        self.selection.select_band(rows, self.band.before, self.band.command)
        self.viewport().update()

    def _scroll_band(self, pixels: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)
        self._pull_band()

    def _end_band(self) -> None:
        pulled, plain = self.band.is_pulled, self.band.command == Flag.ClearAndSelect
        self.band.let_go()
        self.viewport().update()
        if pulled:
            self.selection.end_band(self.indexAt(self._mouse))
        elif plain and self.selection.count > 1:
            self.selectionModel().clearSelection()
