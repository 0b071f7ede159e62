"""How one line of the library panel looks."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.indexes import Index
from app.library_model import TreeRole
from app.theme import Theme

HEIGHT = 32
INSET = 8  # pixels from the edge of a line to its words
RADIUS = 8


class LibraryDelegate(QStyledItemDelegate):
    """Paints a name, its count, and whether it is what the grid shows."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line."""
        rect, state = QRect(option.rect).adjusted(0, 1, 0, -1), QStyle.StateFlag(option.state)
        active, heading = bool(index.data(TreeRole.ACTIVE)), bool(index.data(TreeRole.HEADING))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, rect, state, active)
        words = rect.adjusted(INSET, 0, -INSET, 0)
        metrics, count = option.fontMetrics, index.data(TreeRole.COUNT)
        painter.setPen(self._theme.colour("text" if active else "subdued"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), count)
        if count:
            room = metrics.horizontalAdvance(count) + INSET
            mirrored = QGuiApplication.isRightToLeft()
            words = words.adjusted(room, 0, 0, 0) if mirrored else words.adjusted(0, 0, -room, 0)
        font = painter.font()
        font.setBold(active or heading)
        painter.setFont(font)
        painter.setPen(self._theme.colour("subdued" if heading else "text"))
        shown = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 (Qt's name)
        """Return the height of every line; the words are cut to the width that there is."""
        return QSize(HEIGHT, max(HEIGHT, option.fontMetrics.height() + 8))

    def _ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, active: bool) -> None:
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if active or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("selected" if active else "hover"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
