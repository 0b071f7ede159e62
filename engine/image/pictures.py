"""A photo's pixels for a screen: no larger than asked for, and never without bound."""

from __future__ import annotations

from math import ceil, sqrt
from pathlib import Path

from PIL import Image

from engine.image.decoding import LARGE_PIXELS, FileBytes, decode, read_file
from engine.types import Picture

EXAMPLE_BOX = (1024, 1024)  # more than the encoders look at


def read_picture(path: Path, box: tuple[int, int] | None = None) -> Picture:
    """Read a photo upright.

    Args:
        path: The file.
        box: Width and height that the picture must fit in (it is never enlarged); None for
            all of its pixels, up to `LARGE_PIXELS`.

    Raises:
        ImageError: It can't be read as a photo; says why and what to do.
    """
    return _decoded(read_file(path), box)


def read_example(source: Path | bytes) -> Picture:
    """Read a picture that others are to be found by: a file, or the bytes of one.

    Raises:
        ImageError: It can't be read as a photo; says why and what to do.
    """
    file = FileBytes(Path("picture"), source, b"") if isinstance(source, bytes) else read_file(source)
    return _decoded(file, EXAMPLE_BOX)


def image_of(picture: Picture) -> Image.Image:
    """Return a picture's pixels as an RGB image."""
    return Image.frombytes("RGB", (picture.width, picture.height), picture.pixels)


def _decoded(file: FileBytes, box: tuple[int, int] | None) -> Picture:
    def reduction(size: tuple[int, int]) -> int:
        width, height = size
        if box is None:
            return max(1, ceil(sqrt(width * height / LARGE_PIXELS)))
        longer, shorter = max(box), min(box)  # a photo may still have to be turned
        return max(1, max(width, height) // longer, min(width, height) // shorter)

    decoded = decode(file, reduction)
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
