"""One photo as it is shown large: its pixels, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

import engine
from app import absence
from app.picture_image import image_of
from engine import KnownError, Photo, Picture

if TYPE_CHECKING:
    from engine import Library

SMALLEST = 256  # pixels a side, below which no smaller copy is made


@dataclass(frozen=True, slots=True, eq=False)
class LoadedPhoto:
    """A photo that was read.

    Attributes:
        photo: What the library says of it, or None where it is not there any more.
        levels: Its pixels, each image half as large as the one before; empty where it
            could not be read.
        full: The size of the whole photo, upright.
        trouble: Why it could not be read, in a sentence for the user; else "".
        stamp: The file's modification time, None where there is no file.
    """

    photo: Photo | None
    levels: tuple[QImage, ...] = ()
    full: QSize = field(default_factory=QSize)
    trouble: str = ""
    stamp: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the largest image has every pixel of the photo."""
        return bool(self.levels) and self.levels[0].width() >= self.full.width()

    def level(self, width: float) -> QImage:
        """Return the smallest image with at least `width` pixels in a row, else the largest."""
        return next((image for image in reversed(self.levels) if image.width() >= width), self.levels[0])


def load(library: Library, photo_id: int, box: QSize | None) -> LoadedPhoto:
    """Read a photo (on a worker).

    Args:
        library: Knows where it is.
        photo_id: The photo.
        box: What it has to fit in, in pixels of the screen; None for all its pixels.
    """
    photo: Photo | None = None
    stamp: int | None = None
    try:
        photo = library.photo(photo_id)
        stamp = absence.stamp_of(photo)
        if photo is None or stamp is None:
            return LoadedPhoto(photo, trouble=absence.sentence(photo))
        picture = engine.read_picture(photo.path, None if box is None else (box.width(), box.height()))
    except KnownError as error:
        return LoadedPhoto(photo, trouble=error.sentences, stamp=stamp)
    full = QSize(picture.full_width, picture.full_height)
    return LoadedPhoto(photo, _levels(picture), full, stamp=stamp)


def _levels(picture: Picture) -> tuple[QImage, ...]:
    # A copy of its own, in the screen's format.
    levels = [image_of(picture).convertToFormat(QImage.Format.Format_RGB32)]
    while max(levels[-1].width(), levels[-1].height()) >= 2 * SMALLEST:
        half = (levels[-1].size() / 2).expandedTo(QSize(1, 1))
        levels.append(
            levels[-1].scaled(
                half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )
    return tuple(levels)
