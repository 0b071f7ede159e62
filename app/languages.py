"""The language of the window: the system's or the one that was chosen, as far as there are translations."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from engine import resources

SYSTEM = "system"
SOURCE = "en"  # what the program is written in
PREFIX = "sgraffito"


def folder() -> Path:
    """Return the folder of the translations: `sgraffito_de.qm`, `sgraffito_pt_BR.qm`."""
    return resources() / "translations"


def offered(place: Path | None = None) -> tuple[tuple[str, str], ...]:
    """Return the languages to choose from, by their own names, with their codes; () if there is only one.

    Args:
        place: Where the translations are; None for those that come with the program.
    """
    files = sorted((place or folder()).glob(f"{PREFIX}_*.qm"))
    codes = [SOURCE, *(file.stem.removeprefix(f"{PREFIX}_") for file in files)] if files else []
    return tuple((_own_name(code), code) for code in codes)


def install(qt: QApplication, chosen: str, place: Path | None = None) -> tuple[QTranslator, ...]:
    """Let everything that is built from now on speak a language.

    Args:
        qt: Qt's application.
        chosen: The language's code, or `SYSTEM`.
        place: Where the translations are; None for those that come with the program.

    Returns:
        What was installed: our translation and Qt's own; empty where English stays.
    """
    locale = QLocale.system() if chosen == SYSTEM else QLocale(chosen)
    if chosen != SYSTEM:
        QLocale.setDefault(locale)  # numbers and months go with it
    ours = QTranslator(qt)
    language = _load(ours, locale, place or folder())
    if language is None:
        return ()
    installed = [ours]
    dialogs = QTranslator(qt)
    if dialogs.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        installed.insert(0, dialogs)
    for translator in installed:
        qt.installTranslator(translator)
    qt.setLayoutDirection(language.textDirection())
    return tuple(installed)


def _load(ours: QTranslator, locale: QLocale, place: Path) -> QLocale | None:
    """Load the first of a user's languages that is there; return it, None where that is English.

    Qt by itself would look for a translation into English, find none, and take the next language.
    """
    for language in map(QLocale, locale.uiLanguages()):
        if language.language() == QLocale.Language.English:
            return None
        if ours.load(language, PREFIX, "_", str(place)):
            return language
    return None


def _own_name(code: str) -> str:
    locale = QLocale(code)
    name = locale.nativeLanguageName() if code != SOURCE else "English"
    return name[:1].upper() + name[1:] or code
