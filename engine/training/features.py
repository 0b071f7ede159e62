"""Run the backbones once over all photos and captions, and keep what they give.

Cells go to a memory-mapped float16 file, several views of each photo: as it is, and
random crops, mirrored or not. The later stages then read features instead of pixels.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.image_backbone import ImageBackbone
from engine.models.packs import PackConfig
from engine.models.text_backbone import WordReader
from engine.training.augment import Views, random_views, show, whole_views
from engine.training.captions import CaptionedPhoto, mentions_side
from engine.types import ByteArray

Report = Callable[[int, int], None]
BATCH = 32
CAPTION_BATCH = 64
PROGRESS = "progress.json"
_SAVE_EVERY = 64  # batches


@dataclass(frozen=True, eq=False)
class Features:
    """Cached features of N photos in V views, and of their M captions.

    Attributes:
        cells: (N, V, R, cell_dim) float16, memory-mapped.
        concepts: (N, V, R, concept_dim) float16, memory-mapped.
        mirrored: (N, V) bool.
        words: (total words, text_dim) float16, the captions one after the other.
        starts: (M + 1,) where each caption begins in `words`.
        sentences: (M, text_dim) float16 embeddings of the captions by the text backbone
            as it was before any training: what they mean, whatever the photos taught.
        photo_of: (M,) the photo of each caption.
        sided: (M,) bool, whether a caption says left or right.
    """

    cells: NDArray[np.float16]
    concepts: NDArray[np.float16]
    mirrored: NDArray[np.bool_]
    words: NDArray[np.float16]
    starts: NDArray[np.int64]
    sentences: NDArray[np.float16]
    photo_of: NDArray[np.int64]
    sided: NDArray[np.bool_]


def extract_photos(
    pixels: ByteArray,
    backbone: ImageBackbone,
    config: PackConfig,
    folder: Path,
    *,
    views: int,
    seed: int,
    device: torch.device,
    weights: str,
    report: Report = lambda done, total: None,
) -> None:
    """Write `cells.npy`, `concepts.npy` and `mirrored.npy` of all photos to `folder`.

    A run that was killed goes on where it was, if `weights`, a digest of the backbone's,
    is still the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shape = (len(pixels), views, config.regions)
    promise = {"weights": weights, "shape": list(shape), "seed": seed}
    done = _done(folder, promise)
    cells = _open(folder / "cells.npy", (*shape, config.cell_dim), again=done > 0)
    concepts = _open(folder / "concepts.npy", (*shape, config.text_dim), again=done > 0)
    mirrored = np.zeros(shape[:2], np.bool_)
    backbone.accelerate(device, config.image_size)
    jobs = list(_jobs(len(pixels), views, seed))
    for number, (view, rows, plan) in enumerate(jobs):
        mirrored[rows, view] = plan.mirrored
        if number < done:
            continue
        photos = show(pixels[rows], plan, device).permute(0, 2, 3, 1)
        with torch.inference_mode():
            outputs = backbone(photos)
        for target, output in zip((cells, concepts), outputs, strict=True):
            target[rows, view] = output.half().cpu().numpy()
        if (number + 1) % _SAVE_EVERY == 0 or number + 1 == len(jobs):
            cells.flush()
            concepts.flush()
            (folder / PROGRESS).write_text(json.dumps({**promise, "done": number + 1}))
            report(number + 1, len(jobs))
    np.save(folder / "mirrored.npy", mirrored)


def extract_captions(
    photos: Sequence[CaptionedPhoto],
    reader: WordReader,
    meaning: WordReader,
    folder: Path,
    report: Report = lambda done, total: None,
) -> None:
    """Write the word vectors of all captions to `folder`.

    Args:
        photos: Whose captions.
        reader: Reads the words.
        meaning: Gives the sentence embeddings (see `Features.sentences`).
        folder: Where to.
        report: Told the captions done and their number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    captions = [caption for photo in photos for caption in photo.captions]
    order = sorted(range(len(captions)), key=lambda i: len(captions[i]))
    by_caption: dict[int, NDArray[np.float16]] = {}
    sentences = np.empty((len(captions), meaning.dim), np.float16)
    for start in range(0, len(order), CAPTION_BATCH):
        part = order[start : start + CAPTION_BATCH]
        states = reader.read([captions[i] for i in part])
        vectors = states.vectors.half().cpu().numpy()
        for row, index in enumerate(part):
            by_caption[index] = vectors[row, : len(states.texts[row])].copy()
        known = meaning.read([captions[i] for i in part])
        means = known.vectors.sum(1) / known.mask.sum(1, keepdim=True)
        sentences[part] = means.half().cpu().numpy()
        report(start + len(part), len(order))
    rows = [by_caption[index] for index in range(len(captions))]
    np.save(folder / "words.npy", np.concatenate(rows))
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, rows)], dtype=np.int64))
    np.save(folder / "sentences.npy", sentences)


def load_features(photos: Sequence[CaptionedPhoto], folder: Path) -> Features:
    """Open what `extract_photos` and `extract_captions` wrote for the same photos."""
    return Features(
        cells=np.load(folder / "cells.npy", mmap_mode="r"),
        concepts=np.load(folder / "concepts.npy", mmap_mode="r"),
        mirrored=np.load(folder / "mirrored.npy"),
        words=np.load(folder / "words.npy"),
        starts=np.load(folder / "starts.npy"),
        sentences=np.load(folder / "sentences.npy"),
        photo_of=np.array([i for i, p in enumerate(photos) for _ in p.captions], dtype=np.int64),
        sided=np.array([mentions_side(c) for p in photos for c in p.captions], dtype=np.bool_),
    )


def _jobs(photos: int, views: int, seed: int) -> Iterator[tuple[int, slice, Views]]:
    """Yield (view, rows, how they are shown): every photo as it is, then in random views."""
    for view in range(views):
        for start in range(0, photos, BATCH):
            rows = slice(start, min(start + BATCH, photos))
            count = rows.stop - start
            random = np.random.default_rng([seed, view, start])
            yield view, rows, random_views(count, random) if view else whole_views(count)


def _done(folder: Path, promise: dict[str, object]) -> int:
    """Return how many batches an earlier run with the same promise has written."""
    path = folder / PROGRESS
    if not path.is_file():
        return 0
    saved = json.loads(path.read_text())
    done = int(saved.pop("done"))
    return done if saved == promise else 0


def _open(path: Path, shape: tuple[int, ...], *, again: bool) -> np.memmap[Any, np.dtype[np.float16]]:
    stored: np.memmap[Any, np.dtype[np.float16]] = (
        np.lib.format.open_memmap(path, mode="r+")
        if again
        else np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
    )
    return stored
