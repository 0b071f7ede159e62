"""A photo's picture for the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

import engine
from app import absence, desktop, phrases
from app.picture_image import image_of
from engine import ImageError, KnownError, Photo

if TYPE_CHECKING:
    from engine import Library


def read(library: Library, photo_id: int) -> tuple[Photo, QImage]:
    """Read a photo upright (on a worker).

    Raises:
        KnownError: It is gone, or can't be read; says why.
    """
    photo = library.photo(photo_id)
    trouble = absence.of_file(photo)
    if photo is None or trouble:
        raise KnownError(trouble)
    try:
        picture = engine.read_picture(photo.path)
    except ImageError as error:
        raise phrases.about_file(error) from error
    return photo, image_of(picture).copy()  # the pixels are Python's, and go with it


def mime_of(photo: Photo, image: QImage) -> QMimeData:
    """Return what the clipboard holds of it: the picture, and the file."""
    mime = QMimeData()
    mime.setImageData(image)
    mime.setUrls([desktop.url_of(photo.path)])
    return mime
