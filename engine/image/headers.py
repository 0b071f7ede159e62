"""What a photo's own headers say: EXIF, XMP and IPTC, all of which may be nonsense.

Nothing here raises: a header that can't be understood counts as absent, because a
photo is worth finding whatever its headers look like.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from engine.image.captions import find_description
from engine.types import PhotoMetadata

ORIENTATION = int(ExifTags.Base.Orientation)
_MOMENT = re.compile(r"\s*(\d{4})\D(\d{1,2})\D(\d{1,2})[\sT]+(\d{1,2})\D(\d{1,2})\D(\d{1,2})")
_FIRST_YEAR = 1826  # of the oldest photo there is


def read_headers(image: Image.Image, size: tuple[int, int], orientation: int) -> PhotoMetadata:
    """Return the metadata of a loaded image.

    Args:
        image: As Pillow opened it.
        size: Width and height of the whole photo, upright.
        orientation: As the file says, 1 to 8.
    """
    exif = read_exif(image)
    details = directory(exif, ExifTags.IFD.Exif)
    position = read_position(directory(exif, ExifTags.IFD.GPSInfo))
    camera = read_camera(exif.get(ExifTags.Base.Make), exif.get(ExifTags.Base.Model))
    latitude, longitude = position if position is not None else (None, None)
    return PhotoMetadata(
        width=size[0],
        height=size[1],
        orientation=orientation,
        taken=_taken(exif, details),
        camera=camera,
        latitude=latitude,
        longitude=longitude,
        description=find_description(exif, image.info),
    )


def read_exif(image: Image.Image) -> Image.Exif:
    """Return the main EXIF directory of an image, an empty one where it is damaged."""
    try:
        return image.getexif()
    except Exception:
        return Image.Exif()


def read_moment(text: Any) -> datetime | None:
    """Return an EXIF date ("2019:12:24 18:03:22"), or None where it is absent or impossible."""
    match = _MOMENT.match(text) if isinstance(text, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second) if year >= _FIRST_YEAR else None
    except ValueError:
        return None


def read_camera(make: Any, model: Any) -> str | None:
    """Return maker and model as one name, without saying the maker twice."""
    maker, name = plain(make), plain(model)
    if not name:
        return maker or None
    brand = maker.split()[0] if maker else ""
    if brand.casefold() == "eastman":
        brand = "Kodak"
    if not brand or brand.casefold() in name.casefold():
        return name
    return f"{brand} {name}"


def read_position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Return (latitude, longitude) in degrees, or None where absent or impossible."""
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    if latitude == 0 and longitude == 0:  # what receivers write that have found nothing yet
        return None
    return latitude, longitude


def directory(exif: Image.Exif, tag: int) -> Mapping[int, Any]:
    """Return one of the directories inside EXIF, an empty one where it is absent or damaged."""
    try:
        return exif.get_ifd(tag)
    except Exception:
        return {}


def plain(text: Any) -> str:
    """Return EXIF text without what fills it up; "" where it is no text."""
    return " ".join(text.split("\0")[0].split()) if isinstance(text, str) else ""


def _taken(exif: Image.Exif, details: Mapping[int, Any]) -> datetime | None:
    tags = (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized, ExifTags.Base.DateTime)
    moments = (read_moment(details.get(tag) or exif.get(tag)) for tag in tags)
    return next((moment for moment in moments if moment is not None), None)


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    try:
        values = [float(part) for part in parts]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not 1 <= len(values) <= 3 or not all(math.isfinite(value) for value in values):
        return None
    degrees = math.fsum(value / 60.0**power for power, value in enumerate(values))
    return -degrees if isinstance(side, str) and side.strip("\0 ").upper() == negative else degrees
