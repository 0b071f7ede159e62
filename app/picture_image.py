"""The engine's pictures as Qt's images."""

from __future__ import annotations

from PySide6.QtGui import QImage

from engine import Picture


def image_of(picture: Picture) -> QImage:
    """Return a picture as an image that borrows its pixels: copy or convert it before the picture goes."""
    row, kind = 3 * picture.width, QImage.Format.Format_RGB888
    return QImage(picture.pixels, picture.width, picture.height, row, kind)
