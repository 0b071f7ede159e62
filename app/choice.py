"""A box to choose one of several from, with an arrow in the colours of the text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget

WIDTH = 280
ARROW = 8  # pixels wide, half as high


class Choice(QComboBox):
    """One of several (text, value)."""

    def __init__(
        self, options: Sequence[tuple[str, object]], chosen: object, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        for text, value in options:
            self.addItem(text, value)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.setFixedWidth(WIDTH)
        # The list of Qt's own style takes no padding from the style sheet.
        self.setItemDelegate(QStyledItemDelegate(self))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the arrow that a style sheet can only take from a file, in one colour."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1.5))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = 1.5 * ARROW if mirrored else self.width() - 2.5 * ARROW
        top = (self.height() - ARROW / 2) / 2
        tip = QPointF(left + ARROW / 2, top + ARROW / 2)
        painter.drawPolyline([QPointF(left, top), tip, QPointF(left + ARROW, top)])
        painter.end()
