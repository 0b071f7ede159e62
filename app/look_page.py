"""The settings' page on colours and the language."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app import languages
from app.choice import Choice
from app.form import FormPage
from app.settings import Settings
from app.theme import Theme


class LookPage(FormPage):
    """Light or dark, taken on at once and kept; the language, where there are several."""

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        translations: Path | None = None,
    ) -> None:
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
        offered = languages.offered(translations)
        self.language = Choice(
            ((self.tr("As the system"), languages.SYSTEM), *offered), settings.language, self
        )
        self.language.currentIndexChanged.connect(self._choose_language)
        self.language.setAccessibleName(self.tr("Language"))
        self.language.setVisible(bool(offered))
        if offered:
            self.add_field(
                self.tr("Language"),
                self.language,
                note=self.tr("It is taken on at the next start of Sgraffito."),
            )
        self.column.addStretch(1)

    def _choose_language(self) -> None:
        self._settings.language = self.language.currentData()

    def _choose(self) -> None:
        scheme = self.scheme.currentData()
        self._settings.scheme = scheme
        self._theme.choose(scheme)
