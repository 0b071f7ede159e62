"""Readings as the indexer would hand them in."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from engine.library import Features, FileStamp, Library, NewContent, Reading
from engine.types import PhotoMetadata, Root

PACK = "pack-1"


def embedding(seed: int, width: int = 8) -> np.ndarray:
    """Return a unit vector."""
    vector = np.random.default_rng(seed).standard_normal(width).astype(np.float32)
    return vector / np.linalg.norm(vector)


def stamp(root: Root, name: str | bytes, *, size: int = 10, mtime_ns: int = 5) -> FileStamp:
    """Return the stamp of a file of a root."""
    return FileStamp(root.id, os.fsencode(name), size, mtime_ns)


def content(seed: int, *packs: str, metadata: PhotoMetadata | None = None) -> NewContent:
    """Return a content with features of some packs."""
    features = {pack: Features(embedding(seed), b"region %d" % seed) for pack in packs or (PACK,)}
    return NewContent(metadata or PhotoMetadata(40, 30), b"jpeg %d" % seed, features)


def digest(seed: int) -> bytes:
    """Return the hash of the content that `content(seed)` stands for."""
    return hashlib.sha256(b"%d" % seed).digest()[:20]


def reading(
    root: Root, name: str | bytes, seed: int, *packs: str, metadata: PhotoMetadata | None = None
) -> Reading:
    """Return a newly decoded file."""
    return Reading(stamp(root, name), digest(seed), content(seed, *packs, metadata=metadata))


def add_photos(library: Library, folder: Path, names: dict[str, int], *packs: str) -> Root:
    """Add a folder with empty files of these names, and contents of these seeds."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    root = library.add_root(folder)
    library.record([reading(root, name, seed, *packs) for name, seed in names.items()])
    return root
