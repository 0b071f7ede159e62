"""The small cross that closes a panel or a message."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton, QWidget

from app.theme import Theme


class CloseButton(QToolButton):
    """A flat button with a cross in the theme's colour."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        """Build it.

        Args:
            theme: Draws the cross.
            text: What it closes, for the tooltip and for screen readers.
            parent: Its parent.
        """
        super().__init__(parent)
        self.setObjectName("flat")
        self.setAccessibleName(text)
        self.setToolTip(text)
        theme.changed.connect(lambda: self.setIcon(theme.icon("clear")))
        self.setIcon(theme.icon("clear"))
