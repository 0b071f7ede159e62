"""What is known of a photo, as a list that a person reads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale

from app import phrases
from app.phrases import tr
from engine import Photo, PhotoMetadata, printable


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, and what is known."""

    label: str
    value: str


def facts_of(photo: Photo, match: str = "") -> tuple[Fact, ...]:
    """Return what is known of a photo; what is not known is left out.

    Args:
        photo: The photo.
        match: How well it fits the description that was searched for, in words.
    """
    metadata = photo.metadata
    facts = (
        Fact(tr("Name"), printable(photo.path.name)),
        Fact(tr("Folder"), printable(photo.path.parent)),
        Fact(tr("Match"), match),
        Fact(tr("Taken"), _taken(metadata)),
        Fact(tr("Dimensions"), _dimensions(metadata)),
        Fact(tr("Size"), QLocale().formattedDataSize(photo.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)),
        Fact(tr("Camera"), metadata.camera or ""),
        Fact(tr("Place"), _place(metadata)),
        Fact(tr("Description in the file"), metadata.description or ""),
    )
    return tuple(fact for fact in facts if fact.value)


def _taken(metadata: PhotoMetadata) -> str:
    taken = metadata.taken
    return "" if taken is None else taken.strftime("%Y-%m-%d %H:%M")


def _dimensions(metadata: PhotoMetadata) -> str:
    size = f"{phrases.number(metadata.width)} × {phrases.number(metadata.height)}"
    million = metadata.width * metadata.height / 1_000_000
    if million < 1:
        return size
    count = round(million)
    text = tr("{size} (1 megapixel)") if count == 1 else tr("{size} ({n} megapixels)", "", count)
    return text.format(size=size, n=phrases.number(count))


def _place(metadata: PhotoMetadata) -> str:
    latitude, longitude = metadata.latitude, metadata.longitude
    if latitude is None or longitude is None:
        return ""
    north = tr("{n}° N") if latitude >= 0 else tr("{n}° S")
    east = tr("{n}° E") if longitude >= 0 else tr("{n}° W")
    parts = (QLocale().toString(abs(value), "f", 5) for value in (latitude, longitude))
    return ", ".join(form.format(n=part) for form, part in zip((north, east), parts, strict=True))
