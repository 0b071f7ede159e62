"""A folder of photos with a CSV file of captions, as evaluation reads it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import KnownError, printable
from engine.query import plain_caption
from engine.wording import counted

HEADER = ["image", "caption"]
_SHOWN = 5


@dataclass(frozen=True, slots=True, eq=False)
class CaptionedPhotos:
    """Photos and their captions.

    Attributes:
        paths: I photo files.
        captions: C captions, those of one photo side by side.
        photo_of_caption: (C,) row of each caption's photo.
    """

    paths: tuple[Path, ...]
    captions: tuple[str, ...]
    photo_of_caption: NDArray[np.int64]


def read_captioned_photos(images: Path, captions: Path, split: Path | None = None) -> CaptionedPhotos:
    """Read captions, and check that every photo is there.

    Args:
        images: Folder of the photos.
        captions: CSV file with the header `image,caption`, one row per caption.
        split: Text file with one file name a line; only these photos count.

    Raises:
        KnownError: A file is missing or malformed, or photos or captions are missing.
    """
    by_name = _read_rows(captions)
    names = list(by_name) if split is None else _read_names(split)
    _require([name for name in names if name not in by_name], "has no captions", "have no captions", captions)
    paths = [images / name for name in names]
    _require([path.name for path in paths if not path.is_file()], "is missing", "are missing", images)
    counts = [len(by_name[name]) for name in names]
    return CaptionedPhotos(
        tuple(paths),
        tuple(caption for name in names for caption in by_name[name]),
        np.repeat(np.arange(len(names)), counts),
    )


def _read_rows(path: Path) -> dict[str, list[str]]:
    """Return image name to captions, in the order of the file."""
    rows: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.reader(file, strict=True)
            if next(reader, None) != HEADER:
                raise KnownError("the first line must be “image,caption”.", path=path, hint=_FORM)
            for row in reader:
                if not row:
                    continue
                if len(row) != 2:
                    raise KnownError(
                        f"line {reader.line_num} has {counted(len(row), 'field')}, not 2.",
                        path=path,
                        hint=_FORM,
                    )
                rows.setdefault(row[0], []).append(_caption(row[1], path, reader.line_num))
    except OSError as error:
        raise KnownError(f"can't be read ({error.strerror or error}).", path=path) from error
    except csv.Error as error:
        raise KnownError(f"line {reader.line_num} is malformed ({error}).", path=path, hint=_FORM) from error
    if not rows:
        raise KnownError("holds no captions.", path=path, hint=_FORM)
    return rows


_FORM = "Write one “file name,caption” a line; put captions with commas in double quotes."


def _caption(text: str, path: Path, line: int) -> str:
    try:
        return plain_caption(text)
    except KnownError as error:
        raise KnownError(f"line {line} holds no English caption: {error.what}", path=path) from error


def _read_names(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="surrogateescape").splitlines()
    except OSError as error:
        raise KnownError(f"can't be read ({error.strerror or error}).", path=path) from error
    names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not names:
        raise KnownError("names no photos.", path=path, hint="Write one file name a line.")
    return names


def _require(absent: list[str], of_one: str, of_many: str, where: Path) -> None:
    if absent:
        shown = ", ".join(printable(name) for name in absent[:_SHOWN])
        more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
        what = of_one if len(absent) == 1 else of_many
        raise KnownError(f"{counted(len(absent), 'photo')} {what}: {shown}{more}.", path=where)
