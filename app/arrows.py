"""The arrow keys in the direction of reading, which is not everywhere from left to right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def onward(key: int, widget: QWidget) -> int:
    """Return 1 for the arrow key that leads on in a widget, -1 for the one that leads back, else 0."""
    step = (key == Qt.Key.Key_Right) - (key == Qt.Key.Key_Left)
    return -step if widget.isRightToLeft() else step
