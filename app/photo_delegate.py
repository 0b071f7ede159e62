"""How one photo looks in the grid."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.photo_model import Role
from app.theme import Theme
from app.thumbnails import RADIUS, Thumbnails

CELL = QSize(208, 156)
RING = 3

Index = QModelIndex | QPersistentModelIndex


class PhotoDelegate(QStyledItemDelegate):
    """Paints one photo of the grid: its thumbnail, and a ring if it is selected."""

    def __init__(self, thumbnails: Thumbnails, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        rect, state = QRect(option.rect), QStyle.StateFlag(option.state)
        photo_id = index.data(Role.PHOTO_ID)
        pixmap = self._thumbnails.pixmap(photo_id)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if pixmap is None or pixmap.deviceIndependentSize().toSize() != rect.size():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("placeholder"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if pixmap is not None:
            place = pixmap.deviceIndependentSize().toSize()
            painter.drawPixmap(rect.center() - QRect(QPoint(0, 0), place).center(), pixmap)
        elif self._thumbnails.failed(photo_id):
            painter.setPen(self._theme.colour("subdued"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWrapAnywhere
            painter.drawText(rect.adjusted(8, 8, -8, -8), int(flags), index.data())
        if state & QStyle.StateFlag.State_Selected or state & QStyle.StateFlag.State_HasFocus:
            self._ring(painter, rect, bool(state & QStyle.StateFlag.State_Selected))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 (Qt's name)
        """Return the size of every cell."""
        return CELL

    def _ring(self, painter: QPainter, rect: QRect, selected: bool) -> None:
        pen = painter.pen()
        pen.setColor(self._theme.colour("accent" if selected else "subdued"))
        pen.setWidth(RING)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), RADIUS + 2, RADIUS + 2)
