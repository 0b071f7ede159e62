"""What is known of a photo, as a list that a person reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale

from app import phrases
from app.phrases import tr
from engine import Exposure, Photo, PhotoMetadata, printable

NOT_TOLD = Exposure()
LONG = 0.3  # seconds from which on cameras show no fraction


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, and what is known."""

    label: str
    value: str


def facts_of(
    photo: Photo, match: str = "", words: Sequence[str] = (), exposure: Exposure = NOT_TOLD
) -> tuple[Fact, ...]:
    """Return what is known of a photo; what is not known is left out.

    Args:
        photo: The photo.
        match: How well it fits the description that was searched for, in words.
        words: The words of that description that it was found by.
        exposure: How it was taken.
    """
    metadata = photo.metadata
    facts = (
        Fact(tr("Name"), printable(photo.path.name)),
        Fact(tr("Folder"), printable(photo.path.parent)),
        Fact(tr("Match"), match),
        Fact(tr("Found mostly by"), ", ".join(words)),
        Fact(tr("Taken"), _taken(metadata)),
        Fact(tr("Dimensions"), _dimensions(metadata)),
        Fact(tr("Size"), QLocale().formattedDataSize(photo.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)),
        Fact(tr("Camera"), metadata.camera or ""),
        Fact(tr("Lens"), exposure.lens or ""),
        Fact(tr("Exposure"), exposed(exposure)),
        Fact(tr("Place"), _place(metadata)),
        Fact(tr("Description in the file"), metadata.description or ""),
    )
    return tuple(fact for fact in facts if fact.value)


def exposed(exposure: Exposure) -> str:
    """Return how a photo was taken: "1/250 s · f/2.8 · ISO 400 · 50 mm"."""
    parts = (
        _shutter(exposure.seconds),
        _unless_unknown(tr("f/{value}", "the aperture of a lens"), exposure.aperture),
        "" if exposure.iso is None else tr("ISO {n}").format(n=exposure.iso),
        _unless_unknown(tr("{value} mm", "the focal length of a lens"), exposure.focal_length),
    )
    return " · ".join(filter(None, parts))


def _shutter(seconds: float | None) -> str:
    """Return an exposure time as cameras show it: a fraction where it is short."""
    if seconds is None or seconds >= LONG:
        return _unless_unknown(tr("{value} s", "seconds that a shutter was open"), seconds)
    return tr("1/{n} s", "seconds that a shutter was open").format(n=round(1 / seconds))


def _unless_unknown(form: str, value: float | None) -> str:
    """Return a value with one decimal place, or none where that says nothing more."""
    if value is None:
        return ""
    rounded = round(value, 1)
    return form.format(value=QLocale().toString(rounded, "f", 0 if rounded.is_integer() else 1))


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
