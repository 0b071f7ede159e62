"""What narrows a search besides its words: days, folders, cameras and the like."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

Orientation = Literal["portrait", "landscape", "square"]

_TYPOGRAPHIC = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-", "…": "...", "ʼ": "'"}
)
_BLANK = ("Cc", "Cs", "Zs", "Zl", "Zp")

# Canonical name → the suffixes of files of that type.
FILE_TYPES = {
    "jpg": ("jpg", "jpeg", "jpe", "jfif", "mpo"),
    "png": ("png", "apng"),
    "heic": ("heic", "heif", "hif"),
    "avif": ("avif",),
    "webp": ("webp",),
    "tiff": ("tiff", "tif"),
    "gif": ("gif",),
    "bmp": ("bmp", "dib"),
}


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from `first` to `last`, both included; None leaves a side open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which photos may be found at all.

    Several values of one kind widen (a photo needs one of them); different kinds narrow
    (it needs all of them). False where nothing is asked for.

    Attributes:
        dates: When it was taken; where its headers don't say, the date of the file.
        folders: Pieces of a folder's path, such as "Trips" or "Trips/Rome".
        cameras: Parts of a camera's name.
        types: Names of `FILE_TYPES`.
        orientations: Shapes of the upright photo.
        favourite: Only favourites.
        located: Only photos that know where they were taken.
    """

    dates: tuple[DateSpan, ...] = ()
    folders: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    orientations: tuple[Orientation, ...] = ()
    favourite: bool = False
    located: bool = False

    def __bool__(self) -> bool:
        return self != NO_FILTERS


NO_FILTERS = Filters()


def plain_spelling(text: str) -> str:
    """Return a text in the one spelling in which what is typed and what is stored are compared.

    Unicode is in its compatibility form (NFKC), quotes and dashes are plain ones, and
    control characters and stray surrogates are spaces.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHIC)
    return "".join(" " if unicodedata.category(letter) in _BLANK else letter for letter in plain)
