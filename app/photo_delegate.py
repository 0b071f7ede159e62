"""How one photo looks in the grid."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.indexes import Index
from app.photo_model import Role
from app.settings import CELL_WIDTH
from app.theme import Theme
from app.thumbnails import RADIUS, Thumbnails

CELL = QSize(CELL_WIDTH, 138)  # before a line is stretched to the width of the window
RING = 3
STAR_INSET = 16


class PhotoDelegate(QStyledItemDelegate):
    """Paints one photo of the grid: its thumbnail, a star on a favourite, a ring if it is selected."""

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
        place = QRect() if pixmap is None else _fitted(pixmap, rect)
        if place != rect:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("placeholder"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if pixmap is not None:
            painter.drawPixmap(place, pixmap)
        elif self._thumbnails.failed(photo_id):
            painter.setPen(self._theme.colour("subdued"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWrapAnywhere
            painter.drawText(rect.adjusted(8, 8, -8, -8), int(flags), index.data())
        if index.data(Role.FAVOURITE):
            self._star(painter, rect if pixmap is None else place, option.direction)
        if state & QStyle.StateFlag.State_Selected or state & QStyle.StateFlag.State_HasFocus:
            self._ring(painter, rect, bool(state & QStyle.StateFlag.State_Selected))
        if state & QStyle.StateFlag.State_HasFocus:
            self._inner_ring(painter, rect)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 (Qt's name)
        """Return the size of every cell."""
        return CELL

    def _star(self, painter: QPainter, photo: QRect, direction: Qt.LayoutDirection) -> None:
        """Mark a favourite in the corner of its photo, whatever colours that has there."""
        painter.setPen(QPen(QColor(0, 0, 0, 140), 2))
        painter.setBrush(QColor("white"))
        middle = QPoint(photo.left() + STAR_INSET, photo.bottom() - STAR_INSET)
        painter.drawPath(_STAR.translated(QStyle.visualPos(direction, photo, middle)))

    def _ring(self, painter: QPainter, rect: QRect, selected: bool) -> None:
        painter.setPen(QPen(self._theme.colour("accent" if selected else "subdued"), RING))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), RADIUS + 2, RADIUS + 2)

    def _inner_ring(self, painter: QPainter, rect: QRect) -> None:
        """Tell the photo that the keys go on from apart from others that are selected, too."""
        painter.setPen(QPen(self._theme.colour("window"), 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)


def _star_path(radius: float) -> QPainterPath:
    """Return a star around the origin."""
    corners = []
    for at in range(10):
        reach, angle = radius if at % 2 == 0 else radius * 0.45, math.pi * at / 5
        corners.append(QPointF(reach * math.sin(angle), -reach * math.cos(angle)))
    path = QPainterPath()
    path.addPolygon(QPolygonF(corners))
    path.closeSubpath()
    return path


_STAR = _star_path(9)


def _fitted(pixmap: QPixmap, cell: QRect) -> QRect:
    """Return where a pixmap goes in its cell (it was made for another width while one resizes)."""
    size = pixmap.deviceIndependentSize().toSize()
    if size.width() != cell.width() and size.height() != cell.height():
        size.scale(cell.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(QPoint(0, 0), size)
    place.moveCenter(cell.center())
    return place
