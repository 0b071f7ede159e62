"""First stage: the heads of the coarse filter, by a contrastive loss over whole batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from engine.models.heads import ImageHeads, TextHeads
from engine.training.batches import FeatureStore, shuffled, word_mask
from engine.training.optimise import Averaged, adamw, cosine, soft_targets, symmetric_softmax

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CoarseRecipe:
    """Settings of the first stage."""

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
    log: Log = lambda line: None,
) -> None:
    """Train `image.coarse` and `text.coarse` in place on `photos`."""
    torch.manual_seed(recipe.seed)
    random = np.random.default_rng(recipe.seed)
    trained = nn.ModuleList([image.coarse, text.coarse])
    scale = nn.Parameter(torch.tensor(1 / recipe.temperature).log())
    optimiser = adamw([trained], rate=recipe.rate, decay=recipe.decay)
    optimiser.add_param_group({"params": [scale], "weight_decay": 0.0})
    schedule = cosine(optimiser, recipe.epochs * (len(photos) // recipe.batch))
    average = Averaged(trained)
    for epoch in range(recipe.epochs):
        trained.train()
        losses = []
        for chosen in shuffled(photos, recipe.batch, random):
            batch = store.draw(chosen, random)
            with torch.autocast(batch.cells.device.type, dtype=torch.bfloat16):
                embeddings = image.embed(image.combine(batch.cells, batch.concepts))
                captions = text.embed(batch.words, batch.mask)
            logits = embeddings.float() @ captions.float().T * scale.exp().clamp(max=100)
            loss = symmetric_softmax(logits, soft_targets(batch.words, batch.lengths, recipe.softness))
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            average.update()
            losses.append(loss.item())
        log(f"coarse epoch {epoch + 1}/{recipe.epochs}: loss {np.mean(losses):.3f}")
    average.apply()
    trained.eval()


@torch.inference_mode()
def embed_photos(store: FeatureStore, photos: Sequence[int], image: ImageHeads) -> Tensor:
    """Return coarse embeddings (N, E) of whole photos."""
    rows = []
    for start in range(0, len(photos), 128):
        cells, concepts = store.photo_features(photos[start : start + 128])
        rows.append(image.embed(image.combine(cells, concepts)))
    return torch.cat(rows)


@torch.inference_mode()
def embed_captions(store: FeatureStore, captions: Sequence[int], text: TextHeads) -> Tensor:
    """Return coarse embeddings (N, E) of captions."""
    rows = []
    for start in range(0, len(captions), 256):
        words, lengths = store.caption_features(captions[start : start + 256])
        rows.append(text.embed(words, word_mask(words, lengths)))
    return torch.cat(rows)
