"""The features folder of the authors ("SCAN features"): captions and precomputed regions of a split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import FolderError, KnownError
from engine.wording import counted

CAPTIONS_PER_IMAGE = 5
_DEV_CAPTIONS = 5000  # the authors validate on so many, as COCO's development set is large


@dataclass(frozen=True, eq=False)
class PrecompSplit:
    """One split: five captions per image, in the order of the images.

    Attributes:
        captions: The C captions as written.
        regions: (C / 5, R, img_dim), on disk until a row is read.
        path: The file of the regions.
    """

    captions: list[str]
    regions: NDArray[np.floating]
    path: Path


def read_split(folder: Path, split: str) -> PrecompSplit:
    """Read `{split}_caps.txt` and `{split}_ims.npy` of a features folder.

    The regions may hold every image once, or five times in a row.

    Raises:
        FolderError: The folder or one of its two files is missing.
        KnownError: A file isn't what its name says, or the two don't belong together.
    """
    if not folder.is_dir():
        raise FolderError("there is no such folder of features.", path=folder)
    lines_path, regions_path = folder / f"{split}_caps.txt", folder / f"{split}_ims.npy"
    for path in (lines_path, regions_path):
        if not path.is_file():
            raise FolderError(
                f"the split “{split}” needs this file, which is missing.",
                path=path,
                hint="Choose the folder f30k_precomp or coco_precomp, and a split that it holds.",
            )
    captions = _read_captions(lines_path)
    regions = _once(_read_regions(regions_path), captions, regions_path, lines_path)
    if split == "dev":
        captions = captions[:_DEV_CAPTIONS]
        regions = regions[: len(captions) // CAPTIONS_PER_IMAGE]
    return PrecompSplit(captions, regions, regions_path)


def _read_captions(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KnownError(f"the captions can't be read ({error.strerror}).", path=path) from error
    lines = content.removesuffix(b"\n").split(b"\n") if content else []
    if not lines or len(lines) % CAPTIONS_PER_IMAGE:
        raise KnownError(
            f"{len(lines)} captions, but there must be five lines per image.",
            path=path,
            hint="The file may be incomplete; copy it again.",
        )
    return [line.decode("utf-8", "replace").strip() for line in lines]


def _read_regions(path: Path) -> NDArray[np.floating]:
    try:
        regions = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise KnownError(
            "this is not a NumPy file of region features, or it is incomplete.",
            path=path,
            hint="Copy it again.",
        ) from error
    if not isinstance(regions, np.ndarray) or regions.ndim != 3 or regions.dtype.kind != "f":
        raise KnownError(
            "region features must be decimal numbers in three axes: images, regions, dimensions.", path=path
        )
    return regions


def _once(
    regions: NDArray[np.floating], captions: list[str], path: Path, lines_path: Path
) -> NDArray[np.floating]:
    """Return every image once."""
    if len(regions) == len(captions):
        return regions[::CAPTIONS_PER_IMAGE]
    if len(regions) * CAPTIONS_PER_IMAGE == len(captions):
        return regions
    raise KnownError(
        f"{counted(len(regions), 'image')} don't go with {len(captions)} captions in {lines_path.name}.",
        path=path,
        hint="There must be five captions per image; the two files may be of different data sets.",
    )
