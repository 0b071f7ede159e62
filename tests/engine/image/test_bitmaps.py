"""BMP files with unusual bit fields, written here by hand."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.image import FileBytes, decode
from engine.image.bitmaps import read_bitfields

PIXELS = 1000


def bmp(
    values: np.ndarray, masks: tuple[int, ...], *, top_down: bool = False, header: int = 40, kind: int = 3
) -> bytes:
    """Return a BMP whose pixels are `values` (rows, columns) with fields at `masks`."""
    rows, columns = values.shape
    depth = values.dtype.itemsize * 8
    stride = (columns * depth // 8 + 3) & ~3
    lines = b"".join(row.tobytes().ljust(stride, b"\0") for row in (values if top_down else values[::-1]))
    fields = struct.pack(f"<{len(masks)}I", *masks).ljust(max(header - 40, 4 * len(masks)), b"\0")
    start = 54 + len(fields)
    info = struct.pack(
        "<IiiHHIIiiII", header, columns, -rows if top_down else rows, 1, depth, kind, len(lines), 0, 0, 0, 0
    )
    return struct.pack("<2sIHHI", b"BM", start + len(lines), 0, 0, start) + info + fields + lines


def pixels(content: bytes) -> np.ndarray:
    image = read_bitfields(content, PIXELS)
    assert image is not None
    return np.asarray(image)


@pytest.mark.parametrize("top_down", [True, False])
def test_fields_are_scaled_to_eight_bits(top_down: bool) -> None:
    values = np.array([[0b11, 0b11100], [0b11111_00000, 0b11_111_11111]], np.uint16)
    decoded = pixels(bmp(values, (0b11, 0b11100, 0b11111_00000), top_down=top_down))
    assert decoded.tolist() == [[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]]


def test_thirty_two_bits_with_alpha() -> None:
    values = np.array([[0x80FF0000]], np.uint32)
    masks = (0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    assert pixels(bmp(values, masks, kind=6)).tolist() == [[[0, 0, 255, 128]]]
    decoded = decode(FileBytes(Path("a.bmp"), bmp(values, masks, kind=6), b""))
    assert decoded.image.getpixel((0, 0)) == (127, 127, 255)


def test_rows_are_padded() -> None:
    values = np.arange(9, dtype=np.uint16).reshape(3, 3)
    assert pixels(bmp(values, (0xF, 0xF0, 0xF00)))[:, :, 0].reshape(-1).tolist() == [17 * n for n in range(9)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BM" + b"\0" * 100,
        bmp(np.zeros((2, 2), np.uint16), (1, 2, 4))[:-1],
        bmp(np.zeros((2, 2), np.uint16), (1, 2, 4), kind=0),
        bmp(np.zeros((2, 2), np.uint16), (1, 0, 0)),
        bmp(np.zeros((40, 40), np.uint16), (1, 2, 4)),
        b"XX" + bmp(np.zeros((2, 2), np.uint16), (1, 2, 4))[2:],
    ],
)
def test_anything_else_is_left_to_others(content: bytes) -> None:
    assert read_bitfields(content, PIXELS) is None


@given(st.binary(min_size=60, max_size=200))
def test_random_headers_never_raise(tail: bytes) -> None:
    start = bmp(np.zeros((2, 2), np.uint16), (1, 2, 4))[:34]
    read_bitfields(start + tail, PIXELS)
    read_bitfields(b"BM" + tail, PIXELS)
