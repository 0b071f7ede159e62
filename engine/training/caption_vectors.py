"""What an image tower learns for: the captions of its photos in the coarse filter's space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import normalize

from engine.models.text_backbone import WordReader
from engine.training.augment import mirror_words
from engine.training.captions import CaptionedPhoto, mentions_side
from engine.training.reading import mean_words, pooled
from engine.training.text_tower import TextTower


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Captions of a batch of B photos.

    Attributes:
        embedded: (C, E) coarse embeddings, unit vectors.
        owner: (C,) the photo of each, 0 to B - 1.
        numbers: C numbers of the captions among all of the run.
        losses: What else is to be learnt from them, by name.
    """

    embedded: Tensor
    owner: Tensor
    numbers: Sequence[int]
    losses: Mapping[str, Tensor] = field(default_factory=dict)


class Captions(Protocol):
    """The captions of N photos, as an image tower's training asks for them."""

    @property
    def meanings(self) -> Tensor:
        """(N, D) unit vectors, what the untouched text tower reads in a photo's captions."""
        ...

    @property
    def trained(self) -> nn.ModuleList:
        """What of the text tower learns along."""
        ...

    def groups(self) -> list[dict[str, object]]:
        """Return the optimiser's parameter groups of what learns along."""
        ...

    def draw(self, photos: Sequence[int], mirrored: NDArray[np.bool_], random: np.random.Generator) -> Drawn:
        """Return captions of photos, of which some are shown mirrored."""
        ...

    def of_photo(self, photo: int) -> Tensor:
        """Return the embeddings (n, E) of a photo's captions."""
        ...


def read_meanings(photos: Sequence[CaptionedPhoto], untouched: WordReader) -> Tensor:
    """Return unit vectors (N, D), what a text tower before any training reads in each photo's captions."""
    captions = [caption for photo in photos for caption in photo.captions]
    with torch.autocast(untouched.device.type, dtype=torch.bfloat16):
        means = pooled(untouched, captions, lambda words, mask: mean_words(words.float(), mask))
    parts = torch.split(means, [len(photo.captions) for photo in photos])
    return torch.stack([normalize(part.mean(0), dim=-1) for part in parts])


@dataclass(frozen=True, slots=True, eq=False)
class CaptionVectors:
    """What the text tower makes of the M captions of N photos.

    Attributes:
        embedded: (M, E) coarse embeddings, unit vectors.
        mirrored: (M, E) the same where left and right have changed places in the captions.
        meanings: (N, D) unit vectors, what the untouched text tower reads in a photo's captions.
        starts: (N + 1,) where the captions of each photo begin.
    """

    embedded: Tensor
    mirrored: Tensor
    meanings: Tensor
    starts: Tensor

    @classmethod
    def of(
        cls, photos: Sequence[CaptionedPhoto], tower: TextTower, reader: WordReader, meanings: Tensor
    ) -> CaptionVectors:
        """Read the captions of photos.

        Args:
            photos: Whose captions.
            tower: The finished text tower.
            reader: Reads through it.
            meanings: What `read_meanings` returns for the photos.
        """
        captions = [caption for photo in photos for caption in photo.captions]
        embedded = tower.embed(reader, captions)
        mirrored, sided = embedded.clone(), [i for i, c in enumerate(captions) if mentions_side(c)]
        if sided:
            mirrored[sided] = tower.embed(reader, [mirror_words(captions[i]) for i in sided])
        counts = [len(photo.captions) for photo in photos]
        return cls(embedded, mirrored, meanings, torch.tensor([0, *counts]).cumsum(0))

    @classmethod
    def read(cls, path: Path) -> CaptionVectors:
        """Read what `write` has written."""
        return cls(**load_file(path))

    def write(self, path: Path) -> None:
        """Keep the vectors in a file."""
        save_file({name: getattr(self, name).cpu().contiguous() for name in self.__slots__}, path)

    @property
    def trained(self) -> nn.ModuleList:
        """Nothing: they are read once and for all."""
        return nn.ModuleList()

    def groups(self) -> list[dict[str, object]]:
        """Return no parameters."""
        return []

    def draw(self, photos: Sequence[int], mirrored: NDArray[np.bool_], random: np.random.Generator) -> Drawn:
        """Return all captions of photos."""
        del random
        rows = [self.of_photo(photo, mirrored=bool(m)) for photo, m in zip(photos, mirrored, strict=True)]
        owner = torch.tensor([i for i, row in enumerate(rows) for _ in row])
        numbers = [c for photo in photos for c in range(*self.starts[photo : photo + 2].tolist())]
        return Drawn(torch.cat(rows), owner, numbers)

    def of_photo(self, photo: int, *, mirrored: bool = False) -> Tensor:
        """Return the embeddings (n, E) of a photo's captions."""
        start, end = self.starts[photo : photo + 2].tolist()
        return (self.mirrored if mirrored else self.embedded)[start:end]
