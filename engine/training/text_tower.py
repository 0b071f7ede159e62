"""First stage: the text tower and its coarse head, fine-tuned on captions alone.

Captions of one photo, written by different people, say what in it caught the eye. Those
of 80,000 photos teach more of that than the photos at hand could: a contrastive loss
brings two captions of a photo together. Word embeddings stay as they are, so that words
which no caption has keep their meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from engine.models.heads import TextHeads
from engine.models.text_backbone import TextBackbone, WordReader
from engine.recall import own_ranks, recall_metrics
from engine.training.augment import roughen
from engine.training.batches import shuffled
from engine.training.loop import Journal, Loop, Losses, backward, steps_of
from engine.training.optimise import Scale, parameter_groups, symmetric_softmax
from engine.training.reading import pooled, read_padded

CHUNK = 48


@dataclass(frozen=True, slots=True)
class TextRecipe:
    """Settings of the text tower's training; a batch is so many photos, two captions of each."""

    epochs: int = 2
    batch: int = 320
    rate: float = 6e-4
    text_rate: float = 1e-4
    decay: float = 0.3
    temperature: float = 0.05
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class TextTower:
    """The text tower with its heads."""

    backbone: TextBackbone
    heads: TextHeads

    @property
    def modules(self) -> dict[str, nn.Module]:
        """Both modules under the prefixes of their weights."""
        return {"text_backbone.": self.backbone, "text.": self.heads}

    def embed(self, reader: WordReader, captions: Sequence[str]) -> Tensor:
        """Return coarse embeddings (N, E) of captions as training compares them, unit vectors."""
        with torch.autocast(self.backbone.word.weight.device.type, dtype=torch.bfloat16):
            return pooled(reader, captions, self.heads.coarse)


def train_text_tower(
    tower: TextTower,
    reader: WordReader,
    groups: Sequence[Sequence[str]],
    watched: Sequence[Sequence[str]],
    recipe: TextRecipe,
    journal: Journal,
) -> None:
    """Train `tower` in place.

    Args:
        tower: The tower.
        reader: Reads through the tower's backbone.
        groups: At least two captions of each photo to learn from.
        watched: Captions of the photos to watch progress with.
        recipe: The settings.
        journal: Where figures and the checkpoint go.
    """
    device = tower.backbone.word.weight.device
    scale = Scale(recipe.temperature).to(device)
    tower.backbone.encoder.requires_grad_(True)
    trained = nn.ModuleList([tower.heads.coarse, scale, tower.backbone.encoder])

    def step(chosen: list[int], random: np.random.Generator) -> Losses:
        pairs = [random.choice(len(groups[i]), 2, replace=False) for i in chosen]
        captions = [
            roughen(groups[i][pair[side]], random)
            for side in (0, 1)
            for i, pair in zip(chosen, pairs, strict=True)
        ]
        with torch.autocast(device.type, dtype=torch.bfloat16):
            embedded = tower.heads.coarse(*read_padded(reader, captions, CHUNK)).float()
        one, other = embedded.split(len(chosen))
        own = torch.eye(len(chosen), device=device)
        return backward({"match": symmetric_softmax(one @ other.T * scale(), own)})

    loop = Loop(
        trained,
        torch.optim.AdamW(
            [
                *parameter_groups(nn.ModuleList([tower.heads.coarse, scale]), recipe.rate, recipe.decay),
                *parameter_groups(tower.backbone.encoder, recipe.text_rate, 0.01),
            ],
            betas=(0.9, 0.98),
        ),
        recipe,
        steps=steps_of(groups, recipe.batch),
        journal=journal,
    )

    def batches(random: np.random.Generator) -> Iterator[list[int]]:
        return shuffled(range(len(groups)), recipe.batch, random)

    loop.run(batches, step, lambda: _figures(tower, reader, watched))
    tower.backbone.requires_grad_(False)


def _figures(tower: TextTower, reader: WordReader, watched: Sequence[Sequence[str]]) -> Losses:
    """Return how often a caption is nearest to the mean of the other captions of its photo."""
    captions = [caption for group in watched for caption in group]
    owner = torch.tensor([i for i, group in enumerate(watched) for _ in group])
    embedded = tower.embed(reader, captions).cpu()
    sums = torch.zeros(len(watched), embedded.shape[1]).index_add_(0, owner, embedded)
    own = (embedded * normalize(sums[owner] - embedded, dim=-1)).sum(1)
    similarity = embedded @ normalize(sums, dim=-1).T
    similarity[torch.arange(len(captions)), owner] = own
    recall = recall_metrics(own_ranks(similarity.numpy(), owner.numpy()))
    return {"tune_r1": recall.r1, "tune_r5": recall.r5, "tune_r10": recall.r10}
