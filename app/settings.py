"""What the window remembers between two starts, typed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from engine import data_folder


class Settings:
    """The user's settings, kept in an INI file of the data folder.

    A value that is missing, or was damaged by hand, reads as its default.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Open the settings.

        Args:
            file: The INI file; None for `settings.ini` in the user's data folder.
        """
        place = file or data_folder() / "settings.ini"
        self._store = QSettings(str(place), QSettings.Format.IniFormat)

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, as Qt wrote it; empty at the first start."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def splitter(self) -> QByteArray:
        """How the window was divided, as Qt wrote it; empty at the first start."""
        return self._bytes("window/splitter")

    @splitter.setter
    def splitter(self, value: QByteArray) -> None:
        self._store.setValue("window/splitter", value)

    @property
    def last_folder(self) -> Path:
        """The folder that the folder dialog proposes: the last one, else the user's Pictures."""
        value = self._store.value("folders/last")
        if isinstance(value, str) and value and Path(value).is_dir():
            return Path(value)
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        return Path(pictures)

    @last_folder.setter
    def last_folder(self, value: Path) -> None:
        self._store.setValue("folders/last", str(value))

    def save(self) -> None:
        """Write the settings to their file now."""
        self._store.sync()

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
