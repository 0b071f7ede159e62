"""What the user has chosen, and what the window remembers between two starts, typed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from engine import data_folder

Scheme: TypeAlias = Literal["system", "light", "dark"]
DeviceName: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
Gentle: TypeAlias = Literal["battery", "always", "never"]
MOST_THREADS = 256


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
        if isinstance(value, str) and _is_folder(value):
            return Path(value)
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        return Path(pictures)

    @last_folder.setter
    def last_folder(self, value: Path) -> None:
        self._store.setValue("folders/last", str(value))

    @property
    def scheme(self) -> Scheme:
        """The colours: the system's, light or dark."""
        value = self._store.value("look/scheme")
        return next((scheme for scheme in get_args(Scheme) if scheme == value), "system")

    @scheme.setter
    def scheme(self, value: Scheme) -> None:
        self._store.setValue("look/scheme", value)

    @property
    def device(self) -> DeviceName:
        """What the networks compute on, from the next start."""
        value = self._store.value("speed/device")
        return next((name for name in get_args(DeviceName) if name == value), "auto")

    @device.setter
    def device(self, value: DeviceName) -> None:
        self._store.setValue("speed/device", value)

    @property
    def threads(self) -> int | None:
        """How many cores may be used, from the next start; None for as many as are good."""
        text = str(self._store.value("speed/threads"))
        number = int(text) if re.fullmatch("[0-9]{1,3}", text) else 0
        return number if 1 <= number <= MOST_THREADS else None

    @threads.setter
    def threads(self, value: int | None) -> None:
        self._store.setValue("speed/threads", value or 0)

    @property
    def gentle(self) -> Gentle:
        """When photos are read slowly, so that the machine stays cool and quick."""
        value = self._store.value("speed/gentle")
        return next((when for when in get_args(Gentle) if when == value), "battery")

    @gentle.setter
    def gentle(self, value: Gentle) -> None:
        self._store.setValue("speed/gentle", value)

    def save(self) -> None:
        """Write the settings to their file now."""
        self._store.sync()

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()


def _is_folder(text: str) -> bool:
    try:
        return bool(text) and Path(text).is_dir()
    except (OSError, ValueError):  # such as a name with a zero byte in it
        return False
