"""Real image files for tests."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image


def picture(seed: int = 0, size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Return a picture with four coloured quarters, different for every seed."""
    colours = np.random.default_rng(seed).integers(0, 256, (2, 2, 3), np.uint8)
    return Image.fromarray(colours).resize(size, Image.Resampling.NEAREST)


def write_picture(path: Path, seed: int = 0, *, size: tuple[int, int] = (48, 32), **options: Any) -> Path:
    """Save a picture in the format that the suffix names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(seed, size).save(path, **options)
    return path


def write_pictures(folder: Path, number: int, *, first: int = 0) -> list[Path]:
    """Save pictures named 000.jpg, 001.jpg, … with different contents."""
    return [write_picture(folder / f"{seed:03}.jpg", seed) for seed in range(first, first + number)]


@contextmanager
def unprivileged() -> Iterator[None]:
    """Run as a user who may not read or write what permissions forbid, even where tests run as root."""
    if sys.platform == "win32":
        pytest.skip("permissions work differently on Windows")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def public_folder() -> Iterator[Path]:
    """Make a folder that any user may enter, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory(prefix="sgraffito-test-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
