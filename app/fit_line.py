"""A line that says how well words fit a photo: a bar, and the same in words."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.description_delegate import BAR, PAD, paint_bar
from app.theme import Theme
from app.wrapping_label import WrappingLabel


class FitLine(WrappingLabel):
    """Shows a strength, or a sentence where there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("subdued")
        self._theme = theme
        self._strength: float | None = None
        self.hide()

    def show_strength(self, strength: float) -> None:
        """Show a strength in 0 to 1."""
        self._strength = strength
        self.setIndent(BAR.width() + PAD)
        self.setText(self.tr("fits {p} %").format(p=round(100 * strength)))
        self.show()

    def show_words(self, text: str) -> None:
        """Show a sentence."""
        self._strength = None
        self.setIndent(0)
        self.setText(text)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint the bar before the words."""
        super().paintEvent(event)
        if self._strength is not None:
            painter = QPainter(self)
            inside = self.contentsRect()
            place, direction = QRect(inside.topLeft(), inside.size()), self.layoutDirection()
            paint_bar(painter, place, self._strength, self._theme, direction)
            painter.end()
