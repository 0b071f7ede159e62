"""The rubber band of the grid: from an empty place over the photos, on beyond the edges."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication

from app.theme import Theme

EDGE = 32  # pixels from an edge, within which the grid begins to scroll
FASTEST = 48  # pixels a step
STEP_MS = 16
Flag = QItemSelectionModel.SelectionFlag


class RubberBand(QObject):
    """A rectangle between where the mouse was pressed and where it is, in content coordinates.

    Attributes:
        before: The photos that were selected when it was begun.
        command: How that and the photos touched come together.

    Signals:
        moved: It covers another place.
        scroll_wanted: So many pixels down (or up, where negative), because it was pulled to an edge.
    """

    moved = Signal()
    scroll_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._start: QPoint | None = None
        self._end = QPoint()
        self._pulled = False
        self._speed = 0
        self.before: Sequence[int] = ()
        self.command = Flag.ClearAndSelect
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(STEP_MS)
        self._scrolling.timeout.connect(lambda: self.scroll_wanted.emit(self._speed))

    @property
    def is_held(self) -> bool:
        """Whether the mouse holds it."""
        return self._start is not None

    @property
    def is_pulled(self) -> bool:
        """Whether it was pulled open, and not only clicked."""
        return self._pulled

    @property
    def rect(self) -> QRect:
        """What it covers."""
        return QRect() if self._start is None else QRect(self._start, self._end).normalized()

    def take(self, point: QPoint, before: Sequence[int], keys: Qt.KeyboardModifier) -> None:
        """Begin at a point; Ctrl turns the photos touched over, Shift adds them."""
        self._start, self._end, self._pulled = QPoint(point), QPoint(point), False
        self.before = before
        self.command = Flag.ClearAndSelect
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.command = Flag.Toggle
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            self.command = Flag.Select

    def pull(self, point: QPoint, *, above: int, below: int) -> None:
        """Go on to a point.

        Args:
            point: Where the mouse is.
            above: Pixels from the upper edge of what is in sight; negative beyond it.
            below: Pixels from the lower edge.
        """
        if self._start is None:
            return
        self._end = QPoint(point)
        if not self._pulled:
            way = (self._end - self._start).manhattanLength()
            self._pulled = way >= QApplication.startDragDistance()
        if self._pulled:
            self._scroll(above, below)
            self.moved.emit()

    def let_go(self) -> None:
        """End it."""
        self._start = None
        self._pulled = False
        self._scrolling.stop()
        self.before = ()

    def paint(self, painter: QPainter, offset: int) -> None:
        """Paint it on a view that is scrolled so far down."""
        if self._pulled:
            colour = self._theme.colour("accent")
            painter.setPen(QPen(colour, 1))
            colour.setAlpha(40)
            painter.setBrush(colour)
            painter.drawRect(self.rect.translated(0, -offset))

    def _scroll(self, above: int, below: int) -> None:
        up, down = EDGE - above, EDGE - below
        self._speed = min(FASTEST, down) if down > 0 else -min(FASTEST, up) if up > 0 else 0
        if self._speed and not self._scrolling.isActive():
            self._scrolling.start()
        elif not self._speed:
            self._scrolling.stop()
