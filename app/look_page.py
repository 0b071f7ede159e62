"""The settings' page on colours."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.choice import Choice
from app.form import FormPage
from app.settings import Settings
from app.theme import Theme


class LookPage(FormPage):
    """Light or dark, taken on at once and kept."""

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        options = (
            (self.tr("As the system"), "system"),
            (self.tr("Light"), "light"),
            (self.tr("Dark"), "dark"),
        )
        self.scheme = Choice(options, settings.scheme)
        self.scheme.currentIndexChanged.connect(self._choose)
        self.add_field(self.tr("Colours"), self.scheme)
        self.column.addStretch(1)

    def _choose(self) -> None:
        scheme = self.scheme.currentData()
        self._settings.scheme = scheme
        self._theme.choose(scheme)
