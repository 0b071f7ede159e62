"""The engine's pictures as Qt's images."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from engine import Picture

P = TypeVar("P", QImage, QPixmap)


def image_of(picture: Picture) -> QImage:
    """Return a picture as an image that borrows its pixels: copy or convert it before the picture goes."""
    row, kind = 3 * picture.width, QImage.Format.Format_RGB888
    return QImage(picture.pixels, picture.width, picture.height, row, kind)


def fitted(image: P, box: QSize, ratio: float) -> P:
    """Return an image that fills a box as far as its shape allows, for a screen of this pixel ratio."""
    scaled = image.scaled(
        box * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    scaled.setDevicePixelRatio(ratio)
    return scaled
