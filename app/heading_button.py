"""A button in a heading of the grid, which comes into sight when the keyboard reaches it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPushButton, QWidget

BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class HeadingButton(QPushButton):
    """A button that may be scrolled out of sight.

    Signals:
        reached: Keys have led to it; when a menu closes or the window comes back, one looks elsewhere.
    """

    reached = Signal()

    def __init__(self, look: str, parent: QWidget) -> None:
        """Build it.

        Args:
            look: Its name in the style sheet.
            parent: Where it lies.
        """
        super().__init__(parent)
        self.setObjectName(look)
        self.setAutoDefault(True)  # else Enter, which a button outside a dialog ignores, opens a photo

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Say that keys have led to it."""
        super().focusInEvent(event)
        if event.reason() in BY_KEYS:
            self.reached.emit()
