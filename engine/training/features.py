"""Run the frozen backbones once over all photos and captions, and keep what they give.

Cells go to a memory-mapped float16 file, several views of each photo: as it is, and
random crops, mirrored or not. Training then reads features instead of pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.models.image_backbone import ImageBackbone
from engine.models.packs import PackConfig
from engine.models.text_backbone import WordReader
from engine.training.captions import CaptionedPhoto, mentions_side
from engine.types import ByteArray

Report = Callable[[int, int], None]
BATCH = 8
MIN_AREA = 0.55


@dataclass(frozen=True, slots=True)
class View:
    """How a photo is shown: a crop (fractions of the sides) and whether it is mirrored."""

    left: float
    top: float
    right: float
    bottom: float
    mirrored: bool


WHOLE = View(0.0, 0.0, 1.0, 1.0, mirrored=False)


@dataclass(frozen=True, eq=False)
class Features:
    """Cached features of N photos in V views, and of their M captions.

    Attributes:
        cells: (N, V, R, cell_dim) float16, memory-mapped.
        concepts: (N, V, R, concept_dim) float16, memory-mapped.
        mirrored: (N, V) bool.
        words: (total words, text_dim) float16, the captions one after the other.
        starts: (M + 1,) where each caption begins in `words`.
        photo_of: (M,) the photo of each caption.
        sided: (M,) bool, whether a caption says left or right.
    """

    cells: NDArray[np.float16]
    concepts: NDArray[np.float16]
    mirrored: NDArray[np.bool_]
    words: NDArray[np.float16]
    starts: NDArray[np.int64]
    photo_of: NDArray[np.int64]
    sided: NDArray[np.bool_]


def views_of(index: int, count: int, seed: int) -> list[View]:
    """Return the views of photo number `index`: the whole one, then random ones."""
    random = np.random.default_rng([seed, index])
    views = [WHOLE]
    for _ in range(count - 1):
        width, height = np.sqrt(random.uniform(MIN_AREA, 1.0, size=2))
        left, top = random.uniform(0, 1 - width), random.uniform(0, 1 - height)
        views.append(View(left, top, left + width, top + height, mirrored=bool(random.random() < 0.5)))
    return views[:count]


def load_view(path: Path, view: View, side: int) -> ByteArray:
    """Return `(side, side, 3)` uint8 of one view of a photo."""
    with Image.open(path) as file:
        image = file.convert("RGB")
    width, height = image.size
    box = (view.left * width, view.top * height, view.right * width, view.bottom * height)
    image = image.resize((side, side), Image.Resampling.BICUBIC, box=box, reducing_gap=2.0)
    if view.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(image, dtype=np.uint8)


def extract_photos(
    photos: Sequence[CaptionedPhoto],
    backbone: ImageBackbone,
    config: PackConfig,
    folder: Path,
    *,
    views: int,
    seed: int,
    device: torch.device,
    report: Report = lambda done, total: None,
) -> None:
    """Write `cells.npy`, `concepts.npy` and `mirrored.npy` of all photos to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = (len(photos), views, config.regions)
    cells = _create(folder / "cells.npy", (*shape, config.cell_dim))
    concepts = _create(folder / "concepts.npy", (*shape, config.text_dim))
    plan = [views_of(i, views, seed) for i in range(len(photos))]
    jobs = [(i, v) for i in range(len(photos)) for v in range(views)]
    side = config.image_size
    backbone.accelerate(device, side)
    batch = BATCH if device.type == "cpu" else 256
    with ThreadPoolExecutor(4) as pool:
        for start in range(0, len(jobs), batch):
            part = jobs[start : start + batch]
            pixels = list(
                pool.map(lambda job: load_view(photos[job[0]].path, plan[job[0]][job[1]], side), part)
            )
            with torch.inference_mode():
                outputs = backbone(torch.from_numpy(np.stack(pixels)).to(device))
            rows, columns = zip(*part, strict=True)
            for target, output in zip((cells, concepts), outputs, strict=True):
                target[list(rows), list(columns)] = output.half().cpu().numpy()
            report(start + len(part), len(jobs))
    np.save(folder / "mirrored.npy", np.array([[v.mirrored for v in row] for row in plan]))


def extract_captions(
    photos: Sequence[CaptionedPhoto],
    reader: WordReader,
    folder: Path,
    report: Report = lambda done, total: None,
) -> None:
    """Write the word vectors of all captions to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    captions = [caption for photo in photos for caption in photo.captions]
    order = sorted(range(len(captions)), key=lambda i: len(captions[i]))
    by_caption: dict[int, NDArray[np.float16]] = {}
    for start in range(0, len(order), 64):
        part = order[start : start + 64]
        states = reader.read([captions[i] for i in part])
        vectors = states.vectors.half().cpu().numpy()
        for row, index in enumerate(part):
            by_caption[index] = vectors[row, : len(states.texts[row])].copy()
        report(start + len(part), len(order))
    rows = [by_caption[index] for index in range(len(captions))]
    np.save(folder / "words.npy", np.concatenate(rows))
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, rows)], dtype=np.int64))


def load_features(photos: Sequence[CaptionedPhoto], folder: Path) -> Features:
    """Open what `extract_photos` and `extract_captions` wrote for the same photos."""
    return Features(
        cells=np.load(folder / "cells.npy", mmap_mode="r"),
        concepts=np.load(folder / "concepts.npy", mmap_mode="r"),
        mirrored=np.load(folder / "mirrored.npy"),
        words=np.load(folder / "words.npy"),
        starts=np.load(folder / "starts.npy"),
        photo_of=np.array([i for i, p in enumerate(photos) for _ in p.captions], dtype=np.int64),
        sided=np.array([mentions_side(c) for p in photos for c in p.captions], dtype=np.bool_),
    )


def _create(path: Path, shape: tuple[int, ...]) -> NDArray[np.float16]:
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
