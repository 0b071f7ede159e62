"""A photo's pixels for a screen: no larger than asked for, and never without bound."""

from __future__ import annotations

from math import ceil, sqrt
from pathlib import Path

from PIL import Image

from engine.image.decoding import LARGE_PIXELS, decode, read_file
from engine.types import Picture


def read_picture(path: Path, box: tuple[int, int] | None = None) -> Picture:
    """Read a photo upright.

    Args:
        path: The file.
        box: Width and height that the picture must fit in (it is never enlarged); None for
            all of its pixels, up to `LARGE_PIXELS`.

    Raises:
        ImageError: It can't be read as a photo; says why and what to do.
    """

    def reduction(size: tuple[int, int]) -> int:
        width, height = size
        if box is None:
            return max(1, ceil(sqrt(width * height / LARGE_PIXELS)))
        longer, shorter = max(box), min(box)  # a photo may still have to be turned
        return max(1, max(width, height) // longer, min(width, height) // shorter)

    decoded = decode(read_file(path), reduction)
    image, metadata = decoded.image, decoded.metadata
    factor = reduction(image.size)  # the kinds that can't be made smaller while they are decoded
    if factor > 1:
        image = image.reduce(factor)
    if box is not None:
        image = _fitted(image, box)
    return Picture(image.tobytes(), image.width, image.height, metadata.width, metadata.height)


def _fitted(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    scale = min(box[0] / image.width, box[1] / image.height)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
