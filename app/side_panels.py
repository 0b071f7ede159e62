"""The place beside the photos, where one panel at a time is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

WIDTH = 320


class SidePanels(QWidget):
    """Holds the panels; showing one closes the one that was open.

    Signals:
        left: A panel closes that has the focus.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels: dict[QWidget, Callable[[], None]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.resize(WIDTH, self.height())
        self.hide()

    def add(self, panel: QWidget, close: Callable[[], None]) -> None:
        """Take a hidden panel in.

        Args:
            panel: The panel; showing and hiding it is enough from now on.
            close: Hides it, and stops what it waits for.
        """
        self._panels[panel] = close
        self._column.addWidget(panel)
        panel.installEventFilter(self)

    def close_open(self) -> bool:
        """Close the panel that is open; return whether one was."""
        found = [close for panel, close in self._panels.items() if not panel.isHidden()]
        for close in found:
            close()
        return bool(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Follow the panels as they are shown and hidden."""
        if event.type() == QEvent.Type.ShowToParent:
            for panel, close in self._panels.items():
                if panel is not watched and not panel.isHidden():
                    close()
            self.show()
        elif event.type() == QEvent.Type.Hide and watched in self._panels:
            self._leave(watched)
        elif event.type() == QEvent.Type.HideToParent:
            self.setVisible(not all(panel.isHidden() for panel in self._panels))
        return super().eventFilter(watched, event)

    def _leave(self, panel: QObject) -> None:
        """Say that the focus leaves a panel that closes, before Qt leads it to whatever comes next."""
        focus = QApplication.focusWidget()
        if isinstance(panel, QWidget) and panel.isHidden() and focus and panel.isAncestorOf(focus):
            self.left.emit()
