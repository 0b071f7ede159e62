"""How a description is painted: its words, a bar for its strength, where it is from, and a pencil."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.indexes import Index
from app.theme import Theme

PAD = 8
BAR = QSize(72, 4)
PENCIL = 24  # the side of the square that it can be hit in
SOURCE_ROLE = Qt.ItemDataRole.UserRole + 1
STRENGTH_ROLE = Qt.ItemDataRole.UserRole + 2
# A double click's second press has the list take the focus again.
_PRESSES = (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


def paint_bar(
    painter: QPainter, place: QRect, strength: float, theme: Theme, direction: Qt.LayoutDirection
) -> None:
    """Paint how strong something is, from nothing to the whole length."""
    bar = QRect(place.left(), place.center().y() - BAR.height() // 2 + 1, BAR.width(), BAR.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("line"))
    painter.drawRoundedRect(QStyle.visualRect(direction, place, bar), 2, 2)
    bar.setWidth(max(BAR.height(), round(BAR.width() * strength)))
    painter.setBrush(theme.colour("accent"))
    painter.drawRoundedRect(QStyle.visualRect(direction, place, bar), 2, 2)


class DescriptionDelegate(QStyledItemDelegate):
    """Paints a description over a bar for its strength and a word on where it is from.

    The line under the pointer, and the selected one, have a pencil.

    Attributes:
        on_pencil: Whether the last press was on a pencil.

    Signals:
        pencil_pressed: The row whose pencil was pressed.
    """

    pencil_pressed = Signal(int)

    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self.on_pencil = False

    def sizeHint(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: Index
    ) -> QSize:
        """Return the height that the wrapped text needs at the list's width."""
        width = self._view.viewport().width()
        metrics = self._view.fontMetrics()
        flags = int(Qt.TextFlag.TextWordWrap)
        text = metrics.boundingRect(QRect(0, 0, width - 2 * PAD - PENCIL, 1000), flags, index.data())
        return QSize(width, text.height() + metrics.height() + 3 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one description."""
        painter.save()
        self._paint_background(painter, option)
        rect = QRect(option.rect).adjusted(PAD, PAD, -PAD, -PAD)
        metrics = self._view.fontMetrics()
        painter.setPen(self._theme.colour("text"))
        words = QStyle.visualRect(option.direction, rect, rect.adjusted(0, 0, -PENCIL, 0))
        painter.drawText(words, int(Qt.TextFlag.TextWordWrap), index.data())
        line = QRect(rect.left(), rect.bottom() - metrics.height(), rect.width(), metrics.height())
        paint_bar(painter, line, index.data(STRENGTH_ROLE), self._theme, option.direction)
        painter.setPen(self._theme.colour("subdued"))
        source = QStyle.visualRect(option.direction, line, line.adjusted(BAR.width() + PAD, 0, 0, 0))
        painter.drawText(source, Qt.AlignmentFlag.AlignVCenter, index.data(SOURCE_ROLE))
        if _is_lit(option):
            place = pencil_place(option.rect, option.direction)
            self._theme.icon("pencil", "subdued").paint(painter, place.adjusted(4, 4, -4, -4))
        painter.restore()

    def editorEvent(  # noqa: N802 (Qt's name)
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Tell a press on the pencil from one on the words; Qt reports both as a click on the line."""
        if isinstance(event, QMouseEvent) and event.type() in _PRESSES:
            self.on_pencil = pencil_place(option.rect, option.direction).contains(event.position().toPoint())
            if self.on_pencil:
                self.pencil_pressed.emit(index.row())
        return False

    def _paint_background(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = QStyle.StateFlag(option.state)
        if state & QStyle.StateFlag.State_Selected:
            colour = "selected"
        elif state & QStyle.StateFlag.State_MouseOver:
            colour = "hover"
        else:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(colour))
        painter.drawRoundedRect(option.rect, PAD, PAD)


def pencil_place(line: QRect, direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight) -> QRect:
    """Return where the pencil of a line is: at the end of its first words."""
    place = QRect(line.topRight() + QPoint(1 - PENCIL - PAD // 2, PAD // 2), QSize(PENCIL, PENCIL))
    return QStyle.visualRect(direction, line, place)


def _is_lit(option: QStyleOptionViewItem) -> bool:
    lit = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver
    return bool(QStyle.StateFlag(option.state) & lit)
