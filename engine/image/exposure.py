"""How a photo was taken, read from its headers alone; whatever they hold, nothing here raises."""

from __future__ import annotations

import math
import stat
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from engine.image.decoding import FORMATS, MAX_BYTES
from engine.image.headers import directory, plain
from engine.image.quiet import silence_warnings
from engine.types import Exposure

_LENS_LENGTH = 100
_ISO_TAGS = (ExifTags.Base.ISOSpeedRatings, ExifTags.Base.ISOSpeed, ExifTags.Base.RecommendedExposureIndex)
_ISO_ELSEWHERE = 65535  # what the first tag says where the number is too large for it

# What no camera goes beyond: the shutter's seconds, the aperture, the ISO number, and millimetres.
_SECONDS = (1e-6, 1e6)
_APERTURES = (0.3, 1000.0)
_ISOS = (1.0, 1e8)
_LENGTHS = (0.1, 1e5)


def read_exposure(path: Path) -> Exposure:
    """Return how the photo at `path` was taken; nothing is known of one that can't be read."""
    silence_warnings()
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > MAX_BYTES:
            return Exposure()
        with Image.open(path, formats=FORMATS) as opened:
            return exposure_of(Image.Image.getexif(opened))  # a PNG's own would decode all its pixels
    except Exception:
        return Exposure()


def exposure_of(exif: Image.Exif) -> Exposure:
    """Return what EXIF says of how a photo was taken."""
    details = directory(exif, ExifTags.IFD.Exif)
    sensitivities = (_number(_first(details.get(tag)), _ISOS) for tag in _ISO_TAGS)
    iso = next((value for value in sensitivities if value is not None and value != _ISO_ELSEWHERE), None)
    return Exposure(
        seconds=_number(details.get(ExifTags.Base.ExposureTime), _SECONDS),
        aperture=_number(details.get(ExifTags.Base.FNumber), _APERTURES),
        iso=None if iso is None else round(iso),
        focal_length=_number(details.get(ExifTags.Base.FocalLength), _LENGTHS),
        lens=_lens(details.get(ExifTags.Base.LensModel)),
    )


def _first(value: Any) -> Any:
    """Return the first of several values: some cameras write the ISO number twice."""
    return value[0] if isinstance(value, tuple) and value else value


def _number(value: Any, bounds: tuple[float, float]) -> float | None:
    """Return a number where it is within bounds."""
    if value is None or isinstance(value, (str, bytes, bool)):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) and bounds[0] <= number <= bounds[1] else None


def _lens(text: Any) -> str | None:
    """Return a lens's name; cameras that don't know theirs write dashes or zeros."""
    shown = "".join(character for character in plain(text) if character.isprintable())
    name = " ".join(shown.split())[:_LENS_LENGTH].rstrip()
    told = any(character.isalpha() for character in name) and not name.startswith("0.0 mm")
    return name if told and name.casefold() not in ("unknown", "n/a", "none") else None
