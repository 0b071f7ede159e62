"""What the user has chosen, and what the window remembers between two starts, typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar, get_args

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from app.absence import is_folder_at_once
from engine import Order, Strictness, data_folder

T = TypeVar("T")

Scheme: TypeAlias = Literal["system", "light", "dark"]
DeviceName: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
Gentle: TypeAlias = Literal["battery", "always", "never"]
MOST_THREADS = 256
LIBRARY_WIDTH = 232  # of the library panel at the first start
CELL_WIDTH = 184  # of a photo in the grid at the first start, before a line is stretched to the window


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
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        return self._folder("folders/last", Path(pictures))

    @last_folder.setter
    def last_folder(self, value: Path) -> None:
        self._store.setValue("folders/last", str(value))

    @property
    def export_folder(self) -> Path:
        """The folder that is proposed for copies: the last one, else the user's home."""
        return self._folder("folders/export", Path.home())

    @export_folder.setter
    def export_folder(self, value: Path) -> None:
        self._store.setValue("folders/export", str(value))

    @property
    def scheme(self) -> Scheme:
        """The colours: the system's, light or dark."""
        return self._one_of("look/scheme", get_args(Scheme), "system")

    @scheme.setter
    def scheme(self, value: Scheme) -> None:
        self._store.setValue("look/scheme", value)

    @property
    def thumbnail(self) -> int:
        """The width of the photos in the grid, in pixels."""
        return self._number("look/thumbnail", CELL_WIDTH)

    @thumbnail.setter
    def thumbnail(self, value: int) -> None:
        self._store.setValue("look/thumbnail", value)

    @property
    def order(self) -> Order:
        """The order of the library's photos."""
        return self._one_of("look/order", get_args(Order), "newest")

    @order.setter
    def order(self, value: Order) -> None:
        self._store.setValue("look/order", value)

    @property
    def library_panel(self) -> bool:
        """Whether the library panel is open."""
        return str(self._store.value("window/library")).lower() != "false"

    @library_panel.setter
    def library_panel(self, value: bool) -> None:
        self._store.setValue("window/library", "true" if value else "false")

    @property
    def library_width(self) -> int:
        """The width of the library panel, in pixels."""
        return self._number("window/library_width", LIBRARY_WIDTH)

    @library_width.setter
    def library_width(self, value: int) -> None:
        self._store.setValue("window/library_width", value)

    @property
    def strictness(self) -> Strictness:
        """How sure a match must be."""
        return self._one_of("search/strictness", get_args(Strictness), "good")

    @strictness.setter
    def strictness(self, value: Strictness) -> None:
        self._store.setValue("search/strictness", value)

    @property
    def language(self) -> str:
        """The code of the window's language, from the next start; "system" to follow the system."""
        value = str(self._store.value("look/language"))
        return value if re.fullmatch("[a-z]{2,3}(_[A-Z]{2})?", value) else "system"

    @language.setter
    def language(self, value: str) -> None:
        self._store.setValue("look/language", value)

    @property
    def device(self) -> DeviceName:
        """What the networks compute on, from the next start."""
        return self._one_of("speed/device", get_args(DeviceName), "auto")

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
        return self._one_of("speed/gentle", get_args(Gentle), "battery")

    @gentle.setter
    def gentle(self, value: Gentle) -> None:
        self._store.setValue("speed/gentle", value)

    def save(self) -> None:
        """Write the settings to their file now."""
        self._store.sync()

    def _one_of(self, key: str, known: Sequence[T], otherwise: T) -> T:
        """Return what is stored if it is known."""
        value = self._store.value(key)
        return next((one for one in known if one == value), otherwise)

    def _folder(self, key: str, otherwise: Path) -> Path:
        """Return what is stored if it is a folder that is there, and answers."""
        value = self._store.value(key)
        stored = Path(value) if isinstance(value, str) and value else None
        return stored if stored is not None and is_folder_at_once(stored) else otherwise

    def _number(self, key: str, otherwise: int) -> int:
        """Return what is stored if it is a plain number of at most four digits."""
        text = str(self._store.value(key))
        return int(text) if re.fullmatch("[0-9]{1,4}", text) else otherwise

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
