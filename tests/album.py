"""An album of drawn photos, and a library that holds it: fixtures and what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from engine.library import Library
    from engine.models import Models

DESCRIBED = "two dogs are running on a beach"
IMAGE_DESCRIPTION = 0x010E


def draw(path: Path, seed: int, *, description: str | None = None) -> Path:
    """Write a JPEG of coloured blocks; equal seeds give equal pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    image = Image.fromarray(blocks).resize((96, 64), Image.Resampling.NEAREST)
    exif = Image.Exif()
    if description:
        exif[IMAGE_DESCRIPTION] = description
    image.save(path, quality=90, exif=exif)
    return path


def draw_album(folder: Path) -> Path:
    """Write 14 photos: ten plain, a copy, three in a subfolder of which two are described."""
    for seed in range(10):
        draw(folder / f"plain{seed}.jpg", seed)
    (folder / "copy of plain3.jpg").write_bytes((folder / "plain3.jpg").read_bytes())
    draw(folder / "winter" / "described.jpg", 20, description=DESCRIBED)
    draw(folder / "winter" / "camera words.jpg", 21, description="SONY DSC")
    draw(folder / "winter" / "last.jpg", 22)
    return folder


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 14 drawn photos; tests must not change it."""
    return draw_album(tmp_path_factory.mktemp("photos") / "album")


@pytest.fixture(scope="session")
def indexed_file(tmp_path_factory: pytest.TempPathFactory, album: Path, tiny_models: Models) -> Path:
    """A library file that holds the album, read with the tiny pack; tests must not change it."""
    from engine.indexer import Indexer
    from engine.library import Library

    path = tmp_path_factory.mktemp("library") / "library.db"
    with Library.open(path) as library:
        Indexer(library, tiny_models, workers=1).run([album])
    return path


@pytest.fixture
def indexed(tmp_path: Path, indexed_file: Path) -> Iterator[Library]:
    """A copy of the library of the album, open; tests may change it."""
    from engine.library import Library

    copy = tmp_path / "indexed.db"
    copy.write_bytes(indexed_file.read_bytes())
    with Library.open(copy) as library:
        yield library
