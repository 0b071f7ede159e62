"""Batches of cached features: which photo, in which view, with which caption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import normalize

from engine.training.features import Features

WORD_DROP = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B photos, each with one caption.

    Attributes:
        cells: (B, T, R, cell_dim) float32.
        concepts: (B, T, R, concept_dim) float32.
        words: (B, L, text_dim) float32, padded with zeros.
        lengths: (B,) words per caption.
        sentences: (B, text_dim) float32, what the captions mean.
        captions: Numbers of the captions.
    """

    cells: Tensor
    concepts: Tensor
    words: Tensor
    lengths: Tensor
    sentences: Tensor
    captions: Sequence[int]

    @property
    def mask(self) -> Tensor:
        """(B, L), True where there is a word."""
        return word_mask(self.words, self.lengths)


class FeatureStore:
    """Draws batches from cached features.

    Attributes:
        features: The cache.
        device: Where batches are put.
    """

    def __init__(self, features: Features, device: torch.device) -> None:
        self.features = features
        self.device = device
        self._captions: dict[int, list[int]] = {}
        for caption, photo in enumerate(features.photo_of.tolist()):
            self._captions.setdefault(photo, []).append(caption)

    def captions_of(self, photo: int) -> list[int]:
        """Return the caption numbers of a photo."""
        return self._captions[photo]

    def draw(self, photos: Sequence[int], random: np.random.Generator) -> Batch:
        """Return a training batch: a random view and caption of each photo, some words dropped.

        A mirrored view never meets a caption that says left or right.
        """
        views = random.integers(self.features.looks, self.features.cells.shape[1], size=len(photos))
        captions = []
        for row, photo in enumerate(photos):
            choices = self._captions[photo]
            if self.features.mirrored[photo, views[row]]:
                plain = [c for c in choices if not self.features.sided[c]]
                if not plain:
                    views[row] = self.features.looks
                choices = plain or choices
            captions.append(int(random.choice(choices)))
        cells, concepts = self._photos(list(photos), views.tolist())
        words, lengths = self._pad([_drop(self._words(caption), random) for caption in captions])
        return Batch(cells, concepts, words, lengths, self.sentences(captions), captions)

    def photo_features(self, photos: Sequence[int], look: int = 0) -> tuple[Tensor, Tensor]:
        """Return cells (N, T, R, cell_dim) and concepts of photos as the product sees them at a look."""
        return self._photos(list(photos), [look] * len(photos))

    def second(self, photos: Sequence[int]) -> list[Tensor]:
        """Return what the second tower's look at photos gives, (N, embed_dim - 1); nothing without one."""
        stored = self.features.second
        if stored is None:
            return []
        return [torch.from_numpy(stored[list(photos)]).to(self.device).float()]

    def caption_features(self, captions: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Return padded words (N, L, text_dim) and lengths (N,) of captions."""
        return self._pad([self._words(c) for c in captions])

    def sentences(self, captions: Sequence[int]) -> Tensor:
        """Return sentence embeddings (N, text_dim) of captions, each of length 1."""
        means = torch.from_numpy(self.features.sentences[list(captions)])
        return normalize(means.to(self.device).float(), dim=-1)

    def _words(self, caption: int) -> NDArray[np.float16]:
        start, end = self.features.starts[caption : caption + 2]
        return self.features.words[start:end]

    def _photos(self, photos: list[int], views: list[int]) -> tuple[Tensor, Tensor]:
        cells = torch.from_numpy(self.features.cells[photos, views])
        concepts = torch.from_numpy(self.features.concepts[photos, views])
        return cells.to(self.device).float(), concepts.to(self.device).float()

    def _pad(self, rows: Sequence[NDArray[np.float16]]) -> tuple[Tensor, Tensor]:
        lengths = [len(row) for row in rows]
        words = np.zeros((len(rows), max(lengths, default=0), self.features.words.shape[1]), dtype=np.float16)
        for index, row in enumerate(rows):
            words[index, : len(row)] = row
        return torch.from_numpy(words).to(self.device).float(), torch.tensor(lengths, device=self.device)


def word_mask(words: Tensor, lengths: Tensor) -> Tensor:
    """Return (N, L), True where padded words (N, L, D) of these lengths are real."""
    return torch.arange(words.shape[1], device=words.device) < lengths[:, None]


def shuffled(photos: Sequence[int], size: int, random: np.random.Generator) -> Iterator[list[int]]:
    """Yield batches of `size` photos in random order, each photo once; a short rest is left out."""
    order = random.permutation(np.asarray(photos))
    for start in range(0, len(order) - size + 1, size):
        yield order[start : start + size].tolist()


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhoods:
    """Photos to learn from, and which of them the coarse filter confuses.

    A caption is asked to pick its photo among those that the coarse filter confuses
    it with, since that is what a reranker is for.

    Attributes:
        photos: N photos.
        nearest: (N, K) positions in `photos` of those most like each, nearest first.
    """

    photos: Sequence[int]
    nearest: NDArray[np.int64]

    def steps(self, groups: int, size: int) -> int:
        """Return how many batches `batches` yields."""
        return len(self.photos) // size // groups

    def batches(self, groups: int, size: int, random: np.random.Generator) -> Iterator[list[int]]:
        """Yield batches made of `groups` seeds and `size - 1` of the nearest of each.

        Each photo is a seed once in `size` rounds.
        """
        order = random.permutation(len(self.photos))
        for step in range(self.steps(groups, size)):
            chosen: dict[int, None] = {}
            for seed in order[step * groups : (step + 1) * groups]:
                near = random.choice(self.nearest[seed], size=size - 1, replace=False)
                chosen.update(dict.fromkeys([int(seed), *near.tolist()]))
            yield [self.photos[i] for i in chosen]


def _drop(words: NDArray[np.float16], random: np.random.Generator) -> NDArray[np.float16]:
    """Leave out a tenth of the words, but never all."""
    keep = random.random(len(words)) >= WORD_DROP
    return words[keep] if keep.any() else words
