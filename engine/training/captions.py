"""Captioned photos to train on, and who is kept out of training.

A source is a folder with `images/` and `captions.csv` (`image,caption`). Which photos
are held out is decided by lists (Flickr8k's own) and by a hash of the file name (a
fixed tenth of every other source), so that it never changes by accident.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

Split = Literal["train", "dev", "dev2", "tune"]

HALVES = (0, 1)
SEQUENTIAL = ("ade20k",)
SENTENCES = "captions_text_only.txt.gz"
SOURCES = ("flickr8k", "coco", "nsd", "flickr30k", "ade20k", "ade20k_narratives")
_SIDES = re.compile(r"\b(left|right)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CaptionedPhoto:
    """A photo with its human captions.

    Attributes:
        path: The image file.
        captions: At least one caption.
        split: "train"; "dev" (Flickr8k's dev list); "dev2" (the held-out tenth of the
            other sources); "tune" (fits fusion and calibration, never figures).
    """

    path: Path
    captions: tuple[str, ...]
    split: Split


def read_sources(data: Path, sources: Sequence[str] = SOURCES) -> list[CaptionedPhoto]:
    """Read all captioned photos below `data`, in a fixed order.

    Raises:
        FileNotFoundError: A source is missing.
    """
    return [photo for name in sources for photo in _read_source(data / name)]


def half_of(photo: CaptionedPhoto) -> int:
    """Return which half of the photos this one belongs to, by its stem; versions of a photo keep together."""
    return _hash(photo.path.name)[1] % len(HALVES)


def is_within(photo: CaptionedPhoto, share: float) -> bool:
    """Return whether a photo is in a share (0 to 1) of all photos; larger shares hold the smaller."""
    return _hash(photo.path.name)[2] < 256 * share


def mentions_side(caption: str) -> bool:
    """Return whether the caption says left or right, so that its photo can't be mirrored."""
    return bool(_SIDES.search(caption))


def read_sentences(data: Path) -> list[str]:
    """Read the captions that have no photo, in the order of their file.

    Raises:
        FileNotFoundError: The file is missing.
    """
    with gzip.open(data / SENTENCES, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if _key(line)]


def without_held_out(
    groups: Iterable[Sequence[str]], photos: Sequence[CaptionedPhoto]
) -> list[Sequence[str]]:
    """Leave out groups of captions of one photo if a held-out photo has one of them, too."""
    held_out = {_key(c) for photo in photos if photo.split != "train" for c in photo.captions}
    return [group for group in groups if not any(_key(caption) in held_out for caption in group)]


def _key(caption: str) -> str:
    """Return what of a caption decides whether two are the same: letters and digits."""
    return "".join(c for c in caption.lower() if c.isalnum())


def _read_source(folder: Path) -> Iterator[CaptionedPhoto]:
    rows: dict[str, list[str]] = {}
    with (folder / "captions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["image"], []).append(row["caption"].strip())
    dev = _names(folder / "dev.txt")
    train = _names(folder / "train.txt")
    for name in sorted(rows):
        path = folder / "images" / name
        if not path.is_file():
            raise FileNotFoundError(path)
        captions = _joined(rows[name]) if folder.name in SEQUENTIAL else rows[name]
        yield CaptionedPhoto(path, tuple(c for c in captions if c), _split(name, dev, train))


def _names(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()


def _joined(sentences: Sequence[str]) -> list[str]:
    """Pair sentences that describe a photo in sequence: alone, one may say too little."""
    if len(sentences) < 2:
        return list(sentences)
    return [f"{a} {b}" for a, b in pairwise(sentences)]


def _split(name: str, dev: frozenset[str], train: frozenset[str]) -> Split:
    """Flickr8k follows its lists; elsewhere the hash of the file's stem decides.

    NSD's photos are crops of COCO's under the same numbers, so one rule by stem keeps
    both versions of a photo on the same side.
    """
    if name in dev:
        return "dev"
    bucket = _hash(name)[0]
    if dev:
        return "train" if name in train and bucket >= 8 else "tune"
    return "dev2" if bucket < 26 else "tune" if bucket < 34 else "train"


def _hash(name: str) -> bytes:
    return hashlib.sha256(Path(name).stem.encode()).digest()
