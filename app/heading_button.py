"""The button in a heading of the grid, which comes into sight when the keyboard reaches it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPushButton, QWidget


class HeadingButton(QPushButton):
    """A button that may be scrolled out of sight.

    Signals:
        reached: It has got the focus.
    """

    reached = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("headingButton")
        self.hide()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Say that it has got the focus."""
        super().focusInEvent(event)
        self.reached.emit()
