"""Photos to browse through: their orders, their months, their folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.types import Photo

Order = Literal["newest", "oldest", "name"]

# Archives and cameras whose clock was never set leave the first day of 1970 or of 1980 on files.
FIRST_FILE_DATE = int(datetime(1980, 1, 2, 12, tzinfo=UTC).timestamp())
NS = 1_000_000_000
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Month:
    """How many photos were taken in one month.

    Attributes:
        first: Its first day; None for photos without a date.
        photos: Number of photos.
    """

    first: date | None
    photos: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Photos to browse through.

    Attributes:
        ids: The photos, in order.
        months: The months that they fall into, in the same order; empty where the order
            is not one of dates.
    """

    ids: tuple[int, ...]
    months: tuple[Month, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderCount:
    """How many photos lie in one folder, those in folders below it not among them.

    Attributes:
        root: The folder of the library that it belongs to.
        parts: The names of the folders that lead from there to it; empty for the root.
        photos: Number of photos.
        top: What a folder filter calls the root: followed by "/" and each of the parts with
            a "/", it finds this folder, what is below it, and nothing else.
    """

    root: Path
    parts: tuple[str, ...]
    photos: int
    top: str


def date_of(photo: Photo) -> datetime | None:
    """Return when a photo was taken: by its headers, else by its file's date, unless that says nothing."""
    seconds = photo.mtime_ns // NS
    if photo.metadata.taken is not None or seconds < FIRST_FILE_DATE:
        return photo.metadata.taken
    return datetime.fromtimestamp(seconds)  # local time, as a camera has it


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return what sorts names as people do: IMG_2 before IMG_10, whatever the case."""
    return _DIGITS.sub(lambda digits: digits[0].lstrip("0").rjust(12, "0"), name.casefold())


def in_order(photos: Sequence[Photo], order: Order) -> list[Photo]:
    """Return photos in an order; those without a date come last, equal ones keep their places."""
    if order == "name":
        return sorted(photos, key=lambda photo: name_key(photo.path.name))
    dates = [(date_of(photo), photo) for photo in photos]
    dated = [(found, photo) for found, photo in dates if found is not None]
    dated.sort(key=lambda pair: pair[0], reverse=order == "newest")
    return [*(photo for _, photo in dated), *(photo for found, photo in dates if found is None)]
