"""A text tower that learns along while an image tower learns for its captions.

What the photos show draws the captions' space, too: of what people write, a photo answers
only a part. Two captions of a photo are drawn for each batch, as people might type them,
and are to lie near each other as well, so that the text tower doesn't forget what it has
learnt from captions alone. Word embeddings stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.models.text_backbone import WordReader
from engine.training.augment import mirror_words, roughen
from engine.training.caption_vectors import Drawn
from engine.training.captions import CaptionedPhoto
from engine.training.image_tower import ImageRecipe
from engine.training.optimise import Scale, parameter_groups, soft_targets, symmetric_softmax
from engine.training.reading import read_padded
from engine.training.text_tower import CHUNK, TextTower


@dataclass(frozen=True, slots=True)
class TogetherRecipe(ImageRecipe):
    """Settings of both towers' training; `words` weighs that captions of one photo are alike."""

    text_rate: float = 3e-5
    head_rate: float = 1.5e-4
    words: float = 0.3


class LearningCaptions:
    """The captions of N photos in the space of a text tower that learns along.

    Args:
        photos: Whose captions.
        meanings: (N, D) unit vectors, what the untouched text tower reads in a photo's captions.
        tower: The text tower.
        reader: Reads through it.
        recipe: The settings.
    """

    def __init__(
        self,
        photos: Sequence[CaptionedPhoto],
        meanings: Tensor,
        tower: TextTower,
        reader: WordReader,
        recipe: TogetherRecipe,
    ) -> None:
        self.meanings = meanings
        self._photos, self._tower, self._reader, self._recipe = photos, tower, reader, recipe
        self._starts = np.cumsum([0, *(len(photo.captions) for photo in photos)]).tolist()
        self._device = tower.backbone.word.weight.device
        self._scale = Scale(recipe.temperature).to(self._device)
        tower.backbone.requires_grad_(False)
        tower.backbone.encoder.requires_grad_(True)
        self.trained = nn.ModuleList([tower.heads.coarse, self._scale, tower.backbone.encoder])

    def groups(self) -> list[dict[str, object]]:
        """Return the optimiser's parameter groups of what learns along."""
        recipe = self._recipe
        head = nn.ModuleList([self._tower.heads.coarse, self._scale])
        return [
            *parameter_groups(head, recipe.head_rate, recipe.decay),
            *parameter_groups(self._tower.backbone.encoder, recipe.text_rate, 0.01),
        ]

    def draw(self, photos: Sequence[int], mirrored: NDArray[np.bool_], random: np.random.Generator) -> Drawn:
        """Return two captions of each photo, or its only one, some words left out or misspelt."""
        numbers = [self._two(photo, random) for photo in photos]
        captions = [
            roughen(self._caption(photo, number, mirrored=bool(m)), random)
            for photo, some, m in zip(photos, numbers, mirrored, strict=True)
            for number in some
        ]
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            embedded = self._tower.heads.coarse(*read_padded(self._reader, captions, CHUNK)).float()
        owner = torch.tensor([i for i, some in enumerate(numbers) for _ in some], device=self._device)
        flat = [self._starts[photo] + n for photo, some in zip(photos, numbers, strict=True) for n in some]
        words = self._recipe.words * self._apart(photos, embedded, owner)
        return Drawn(embedded, owner, flat, {"words": words})

    def of_photo(self, photo: int) -> Tensor:
        """Return the embeddings (n, E) of a photo's captions."""
        return self._tower.embed(self._reader, self._photos[photo].captions).cpu()

    def _apart(self, photos: Sequence[int], embedded: Tensor, owner: Tensor) -> Tensor:
        """Return the contrastive loss of the first and second captions of photos that have two."""
        second = torch.nonzero(owner[1:] == owner[:-1])[:, 0] + 1
        meanings = self.meanings[[photos[i] for i in owner[second].tolist()]].to(self._device)
        logits = embedded[second - 1] @ embedded[second].T * self._scale()
        return symmetric_softmax(logits, soft_targets(meanings, self._recipe.softness))

    def _two(self, photo: int, random: np.random.Generator) -> list[int]:
        count = len(self._photos[photo].captions)
        drawn: list[int] = random.choice(count, min(2, count), replace=False).tolist()
        return drawn

    def _caption(self, photo: int, number: int, *, mirrored: bool) -> str:
        caption = self._photos[photo].captions[number]
        return mirror_words(caption) if mirrored else caption
