"""Pass what SGRAF knows on to the coarse filter: distillation the other way.

SGRAF and the coarse filter together order the photos of a neighbourhood better than the
coarse filter alone. Their opinion, over features of towers that never saw the photos, is
what the first image tower's coarse head learns from here; everything else stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from engine.sgraf import Fusion
from engine.training.batches import FeatureStore, Neighbourhoods
from engine.training.loop import Journal, Loop, Losses, backward
from engine.training.optimise import Scale, adamw, soft_targets, symmetric_softmax
from engine.training.reranking import RerankNetwork
from engine.training.teacher import Teacher


@dataclass(frozen=True, slots=True)
class DistilRecipe:
    """Settings; batches are made as those of SGRAF (see `RerankRecipe`)."""

    epochs: int = 3
    groups: int = 6
    size: int = 8
    rate: float = 1e-4
    decay: float = 0.3
    softness: float = 0.4
    temperature: float = 0.05
    trust: float = 0.5
    seed: int = 4


def pass_on(
    store: FeatureStore,
    neighbourhoods: Neighbourhoods,
    network: RerankNetwork,
    fusion: Fusion,
    teacher: Teacher,
    recipe: DistilRecipe,
    journal: Journal,
) -> None:
    """Train `network.image.coarse` in place.

    Args:
        store: The cached features.
        neighbourhoods: Those of `coarse_neighbours`.
        network: SGRAF and the coarse filter, trained.
        fusion: How the two are put together.
        teacher: What the coarse filter thinks of photos that its towers never saw.
        recipe: The settings.
        journal: Where figures and the checkpoint go.
    """
    torch.manual_seed(recipe.seed)
    image, text, scale = network.image, network.text, Scale(recipe.temperature).to(store.device)
    trained = nn.ModuleList([image.coarse, scale])

    def step(chosen: list[int], random: np.random.Generator) -> Losses:
        batch = store.draw(chosen, random)
        with torch.autocast(batch.cells.device.type, dtype=torch.bfloat16):
            with torch.no_grad():
                captions = text.coarse(batch.words, batch.mask).float()
                looked = torch.stack(network.logits(batch)).mean(0)
            embeddings = image.coarse(image.combine(batch.cells[:, 0], batch.concepts[:, 0])).float()
        cosines = teacher.cosines(chosen, batch.captions).to(looked)
        opinion = fusion.coarse * cosines + fusion.rerank * looked
        logits = embeddings @ captions.T * scale()
        targets = soft_targets(batch.sentences, recipe.softness)
        return backward({"match": symmetric_softmax(logits, targets, opinion, recipe.trust)})

    loop = Loop(
        trained,
        adamw([trained], rate=recipe.rate, decay=recipe.decay),
        recipe,
        steps=neighbourhoods.steps(recipe.groups, recipe.size),
        journal=journal,
    )
    loop.run(lambda random: neighbourhoods.batches(recipe.groups, recipe.size, random), step)
