"""How well the user's own description fits the photo in the panel, found out while they type."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.descriptions_panel import DescriptionsPanel
from app.lanes import Slot
from app.search_session import SearchSession


class OwnDescription(QObject):
    """Asks the session about what is typed in the panel; only the last answer is shown."""

    def __init__(self, session: SearchSession, panel: DescriptionsPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._panel = panel
        self._asking = Slot()
        panel.typed.connect(self._ask)

    def _ask(self, text: str) -> None:
        self._asking.cancel()
        if self._panel.photo_id is not None:
            self._asking.put(
                self._session.fits(
                    text,
                    self._panel.photo_id,
                    lambda strength: self._panel.show_fit(text, strength),
                    lambda error: self._panel.show_no_fit(text, error.sentences),
                )
            )
