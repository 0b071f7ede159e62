"""Run the backbones once over all photos and captions, and keep what they give.

Cells go to a memory-mapped float16 file, several views of each photo. The first views are
the product's looks at it: the whole photo and a closer look, through the finished tower.
The others are what training sees: the whole photo again and random crops, mirrored or
not, through towers that were not trained on this photo, where there are such.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.heads import AttentionPool, ImageHeads
from engine.models.image_backbone import ImageBackbone
from engine.models.looks import at_size, closer_look
from engine.models.packs import PackConfig
from engine.models.text_backbone import WordReader
from engine.models.weights import digest
from engine.training.augment import Views, random_views, show, whole_views
from engine.training.captions import CaptionedPhoto, mentions_side
from engine.training.reading import mean_words
from engine.types import ByteArray

Report = Callable[[int, int], None]
BATCH = 8
CAPTION_BATCH = 64
PROGRESS = "progress.json"
CELLS = "cells.npy"
CONCEPTS = "concepts.npy"
SECOND = "second.npy"
_SAVE_EVERY = 256  # batches


@dataclass(frozen=True, slots=True, eq=False)
class Showing:
    """One pass of photos through a tower.

    Attributes:
        view: The view that it fills.
        photos: (n,) positions of the photos.
        how: Whether the photos are shown as they are, closer, or in random views.
        backbones: The towers.
    """

    view: int
    photos: NDArray[np.int64]
    how: Literal["whole", "closer", "random"]
    backbones: tuple[ImageBackbone, ...]


@dataclass(frozen=True, eq=False)
class Features:
    """Cached features of N photos in V views by T towers, and of their M captions.

    Attributes:
        cells: (N, V, T, R, cell_dim) float16, memory-mapped.
        concepts: (N, V, T, R, concept_dim) float16, memory-mapped.
        mirrored: (N, V) bool.
        words: (total words, text_dim) float16, the captions one after the other.
        starts: (M + 1,) where each caption begins in `words`.
        sentences: (M, text_dim) float16 embeddings of the captions by the text backbone
            as it was before any training: what they mean, whatever the photos taught.
        photo_of: (M,) the photo of each caption.
        sided: (M,) bool, whether a caption says left or right.
        second: (N, embed_dim - 1) float16, the second tower's coarse embeddings, where there is one.
        looks: How many of the views are the product's; training draws from the others.
    """

    cells: NDArray[np.float16]
    concepts: NDArray[np.float16]
    mirrored: NDArray[np.bool_]
    words: NDArray[np.float16]
    starts: NDArray[np.int64]
    sentences: NDArray[np.float16]
    photo_of: NDArray[np.int64]
    sided: NDArray[np.bool_]
    second: NDArray[np.float16] | None = None
    looks: int = 1


def extract_photos(
    pixels: ByteArray,
    showings: Sequence[Showing],
    config: PackConfig,
    folder: Path,
    *,
    seed: int,
    device: torch.device,
    report: Report = lambda done, total: None,
) -> None:
    """Write `cells.npy`, `concepts.npy` and `mirrored.npy` of all photos to `folder`.

    A run that was killed goes on where it was, if the photos, what is shown of them and the towers'
    weights are still the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sides = (config.image_size, config.second_size)[: config.towers]
    shape = (len(pixels), 1 + max(showing.view for showing in showings), len(sides), config.regions)
    weights = [[digest(tower.state_dict()) for tower in showing.backbones] for showing in showings]
    shown = [[showing.view, showing.how, _digest(showing.photos)] for showing in showings]
    promise = {
        "photos": _digest(pixels),
        "shown": shown,
        "weights": weights,
        "shape": list(shape),
        "seed": seed,
    }
    done = _done(folder, promise)
    cells = _open(folder / CELLS, (*shape, config.cell_dim), again=done > 0)
    concepts = _open(folder / CONCEPTS, (*shape, config.text_dim), again=done > 0)
    mirrored = np.zeros(shape[:2], np.bool_)
    for towers in {showing.backbones for showing in showings}:
        for tower, side in zip(towers, sides, strict=True):
            tower.accelerate(device, side)
    jobs = list(_jobs(showings, seed))
    for number, (showing, rows, plan) in enumerate(jobs):
        mirrored[rows, showing.view] = plan.mirrored
        if number < done:
            continue
        photos = show(pixels[rows], plan, device).permute(0, 2, 3, 1)
        if showing.how == "closer":
            photos = closer_look(photos)
        for place, (tower, side) in enumerate(zip(showing.backbones, sides, strict=True)):
            with torch.inference_mode():
                outputs = tower(at_size(photos, side))
            for target, output in zip((cells, concepts), outputs, strict=True):
                target[rows, showing.view, place] = output.half().cpu().numpy()
        if (number + 1) % _SAVE_EVERY == 0 or number + 1 == len(jobs):
            cells.flush()
            concepts.flush()
            (folder / PROGRESS).write_text(json.dumps({**promise, "done": number + 1}))
            report(number + 1, len(jobs))
    np.save(folder / "mirrored.npy", mirrored)


def pool_second(coarse: AttentionPool, folder: Path, *, device: torch.device) -> None:
    """Write the second tower's coarse embeddings of all photos as they are, from its cells in `folder`."""
    cells, concepts = (np.load(folder / name, mmap_mode="r") for name in (CELLS, CONCEPTS))
    coarse.to(device)
    rows = []
    with torch.inference_mode():
        for start in range(0, len(cells), CAPTION_BATCH):
            seen = [
                torch.from_numpy(np.array(x[start : start + CAPTION_BATCH, 0, 1])) for x in (cells, concepts)
            ]
            combined = ImageHeads.combine(*(x.to(device).float() for x in seen))
            rows.append(coarse(combined).half().cpu().numpy())
    np.save(folder / SECOND, np.concatenate(rows))


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
        sentences[part] = mean_words(known.vectors, known.mask).half().cpu().numpy()
        report(start + len(part), len(order))
    rows = [by_caption[index] for index in range(len(captions))]
    np.save(folder / "words.npy", np.concatenate(rows))
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, rows)], dtype=np.int64))
    np.save(folder / "sentences.npy", sentences)


def load_features(photos: Sequence[CaptionedPhoto], folder: Path, looks: int) -> Features:
    """Open what `extract_photos` and `extract_captions` wrote for the same photos."""
    return Features(
        cells=np.load(folder / CELLS, mmap_mode="r"),
        concepts=np.load(folder / CONCEPTS, mmap_mode="r"),
        mirrored=np.load(folder / "mirrored.npy"),
        words=np.load(folder / "words.npy"),
        starts=np.load(folder / "starts.npy"),
        sentences=np.load(folder / "sentences.npy"),
        photo_of=np.array([i for i, p in enumerate(photos) for _ in p.captions], dtype=np.int64),
        sided=np.array([mentions_side(c) for p in photos for c in p.captions], dtype=np.bool_),
        second=np.load(folder / SECOND) if (folder / SECOND).is_file() else None,
        looks=looks,
    )


def _jobs(showings: Sequence[Showing], seed: int) -> Iterator[tuple[Showing, NDArray[np.int64], Views]]:
    """Yield batches of photos and how they are shown; random views don't depend on the batches before."""
    for showing in showings:
        for start in range(0, len(showing.photos), BATCH):
            rows = showing.photos[start : start + BATCH]
            random = np.random.default_rng([seed, showing.view, int(rows[0])])
            plan = random_views(len(rows), random) if showing.how == "random" else whole_views(len(rows))
            yield showing, rows, plan


def _digest(array: NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()


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
