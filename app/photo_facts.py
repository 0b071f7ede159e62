"""What is known of a photo, as a list that a person reads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale

from app import phrases
from app.phrases import tr
from engine import Photo, PhotoMetadata, Results, printable


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, and what is known."""

    label: str
    value: str


def facts_of(photo: Photo, results: Results | None = None) -> tuple[Fact, ...]:
    """Return what is known of a photo; what is not known is left out.

    Args:
        photo: The photo.
        results: The answer to a description, if it is shown.
    """
    metadata = photo.metadata
    facts = (
        Fact(tr("Name"), printable(photo.path.name)),
        Fact(tr("Folder"), printable(photo.path.parent)),
        Fact(tr("Match"), "" if results is None else match(photo.id, results)),
        Fact(tr("Taken"), _taken(metadata)),
        Fact(tr("Dimensions"), _dimensions(metadata)),
        Fact(tr("Size"), QLocale().formattedDataSize(photo.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)),
        Fact(tr("Camera"), metadata.camera or ""),
        Fact(tr("Place"), _place(metadata)),
        Fact(tr("Description in the file"), metadata.description or ""),
    )
    return tuple(fact for fact in facts if fact.value)


def match(photo_id: int, results: Results) -> str:
    """Return how well a photo fits the description: in words; "" where it is not among the answer."""
    rank = next((hit.rank for hit in results.hits if hit.photo.id == photo_id), 0)
    if not rank:
        return ""
    return tr("good match") if rank <= results.good else tr("weaker match")


def _taken(metadata: PhotoMetadata) -> str:
    taken = metadata.taken
    return "" if taken is None else taken.strftime("%Y-%m-%d %H:%M")


def _dimensions(metadata: PhotoMetadata) -> str:
    size = f"{phrases.number(metadata.width)} × {phrases.number(metadata.height)}"
    million = metadata.width * metadata.height / 1_000_000
    if million < 1:
        return size
    return tr("{size} ({n} megapixels)").format(size=size, n=phrases.number(round(million)))


def _place(metadata: PhotoMetadata) -> str:
    latitude, longitude = metadata.latitude, metadata.longitude
    if latitude is None or longitude is None:
        return ""
    north = tr("{n}° N") if latitude >= 0 else tr("{n}° S")
    east = tr("{n}° E") if longitude >= 0 else tr("{n}° W")
    parts = (QLocale().toString(abs(value), "f", 5) for value in (latitude, longitude))
    return ", ".join(form.format(n=part) for form, part in zip((north, east), parts, strict=True))
