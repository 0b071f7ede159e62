"""The heads of the coarse filter over frozen backbones, by a contrastive loss over whole batches.

What the towers' fine-tuning is compared with, in minutes instead of an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from engine.models.heads import ImageHeads, TextHeads
from engine.training.batches import FeatureStore, shuffled, word_mask
from engine.training.loop import Journal, Loop, Losses, backward, steps_of
from engine.training.optimise import Scale, adamw, soft_targets, symmetric_softmax


@dataclass(frozen=True, slots=True)
class CoarseRecipe:
    """Settings of the heads' training."""

    epochs: int = 10
    batch: int = 384
    rate: float = 6e-4
    decay: float = 0.3
    softness: float = 0.4
    temperature: float = 0.05
    seed: int = 1


def train_coarse(
    store: FeatureStore,
    photos: Sequence[int],
    image: ImageHeads,
    text: TextHeads,
    recipe: CoarseRecipe,
    journal: Journal,
) -> None:
    """Train `image.coarse` and `text.coarse` in place on `photos`."""
    torch.manual_seed(recipe.seed)
    scale = Scale(recipe.temperature)
    trained = nn.ModuleList([image.coarse, text.coarse, scale])

    def step(chosen: list[int], random: np.random.Generator) -> Losses:
        batch = store.draw(chosen, random)
        with torch.autocast(batch.cells.device.type, dtype=torch.bfloat16):
            embeddings = image.coarse(image.combine(batch.cells[:, 0], batch.concepts[:, 0]))
            captions = text.coarse(batch.words, batch.mask)
        logits = embeddings.float() @ captions.float().T * scale()
        return backward({"match": symmetric_softmax(logits, soft_targets(batch.sentences, recipe.softness))})

    loop = Loop(
        trained.to(store.device),
        adamw([trained], rate=recipe.rate, decay=recipe.decay),
        recipe,
        steps=steps_of(photos, recipe.batch),
        journal=journal,
    )
    loop.run(lambda random: shuffled(photos, recipe.batch, random), step)


@torch.inference_mode()
def embed_photos(store: FeatureStore, photos: Sequence[int], image: ImageHeads) -> Tensor:
    """Return coarse embeddings (N, E) of photos, as the product makes them."""
    rows = []
    for start in range(0, len(photos), 128):
        part = photos[start : start + 128]
        looks = [image.combine(*store.photo_features(part, look)) for look in range(store.features.looks)]
        rows.append(image.embed(*(image.coarse(look[:, 0]) for look in looks), *store.second(part)))
    return torch.cat(rows)


@torch.inference_mode()
def embed_captions(store: FeatureStore, captions: Sequence[int], text: TextHeads) -> Tensor:
    """Return coarse embeddings (N, E) of captions."""
    rows = []
    for start in range(0, len(captions), 256):
        words, lengths = store.caption_features(captions[start : start + 256])
        rows.append(text.embed(words, word_mask(words, lengths)))
    return torch.cat(rows)
