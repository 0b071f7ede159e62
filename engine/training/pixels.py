"""All photos of a run in one memory-mapped file, as the product shows them to the tower."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.training.captions import CaptionedPhoto
from engine.types import ByteArray

Report = Callable[[int, int], None]


def open_pixels(
    photos: Sequence[CaptionedPhoto], side: int, folder: Path, report: Report = lambda done, total: None
) -> NDArray[np.uint8]:
    """Return `(N, side, side, 3)` of all photos, read from disk once and kept in `folder`."""
    names = "\n".join(str(photo.path) for photo in photos)
    path = folder / f"pixels-{side}-{hashlib.sha256(names.encode()).hexdigest()[:12]}.npy"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _write(photos, side, path, report)
    stored: NDArray[np.uint8] = np.load(path, mmap_mode="r")
    return stored


def load_pixels(path: Path, side: int) -> ByteArray:
    """Return `(side, side, 3)` of one photo, its aspect ratio given up."""
    with Image.open(path) as file:
        image = file.convert("RGB").resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(image, dtype=np.uint8)


def _write(photos: Sequence[CaptionedPhoto], side: int, path: Path, report: Report) -> None:
    draft = path.with_suffix(".part")
    pixels = np.lib.format.open_memmap(draft, mode="w+", dtype=np.uint8, shape=(len(photos), side, side, 3))
    with ThreadPoolExecutor() as pool:
        for index, photo in enumerate(pool.map(lambda photo: load_pixels(photo.path, side), photos)):
            pixels[index] = photo
            report(index + 1, len(photos))
    pixels.flush()
    draft.replace(path)
