"""BMP files whose colours lie in unusual bit fields, which Pillow refuses.

Photo programs hardly write them, but other viewers show them.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_BITFIELDS, _ALPHA_BITFIELDS = 3, 6
_HEADER = struct.Struct("<2sIHHIIiiHHI")  # file header, then the start of the picture's header


def read_bitfields(content: bytes, most_pixels: int) -> Image.Image | None:
    """Return an uncompressed 16- or 32-bit BMP with bit fields, or None where it is none.

    Args:
        content: The whole file.
        most_pixels: More than so many are left to the caller to refuse.
    """
    if len(content) < 70 or not content.startswith(b"BM"):
        return None
    _, _, _, _, start, header, width, height, _, depth, kind = _HEADER.unpack_from(content)
    rows = abs(height)
    if depth not in (16, 32) or kind not in (_BITFIELDS, _ALPHA_BITFIELDS) or header < 40:
        return None
    if width <= 0 or rows == 0 or width * rows > most_pixels:
        return None
    stride = (width * depth // 8 + 3) & ~3
    if start + stride * rows > len(content):
        return None
    has_alpha = header >= 56 or kind == _ALPHA_BITFIELDS
    masks = struct.unpack_from("<4I" if has_alpha else "<3I", content, 54)
    lines = np.frombuffer(content, np.uint8, stride * rows, start).reshape(rows, stride)
    values = np.ascontiguousarray(lines[:, : width * depth // 8]).view(f"<u{depth // 8}")
    channels = [_channel(values, mask) for mask in masks if mask]
    if len(channels) < 3:
        return None
    image = Image.fromarray(np.stack(channels, axis=-1))  # (rows, width, 3 or 4)
    return image if height < 0 else image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def _channel(values: NDArray[np.unsignedinteger], mask: int) -> NDArray[np.uint8]:
    """Return the field of each value that `mask` covers, scaled to 0 to 255."""
    shift = (mask & -mask).bit_length() - 1
    field = (values.astype(np.uint32) & np.uint32(mask)) >> np.uint32(shift)
    return (field * (255.0 / (mask >> shift)) + 0.5).astype(np.uint8)
