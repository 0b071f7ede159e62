"""What SGRAF has found out, given back to the coarse filter.

SGRAF learns from the coarse filter's confusions; here the coarse filter's head of the
image tower learns from SGRAF's verdicts on the same neighbourhoods. The teacher is the
fused strength, as the product orders its answers; the words' side stays as it is, for the
second image tower shares it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import kl_div, log_softmax

from engine.sgraf import Fusion
from engine.training.batches import Batch, FeatureStore, neighbourhoods
from engine.training.loop import Journal, Loop, Losses, backward, steps_of
from engine.training.optimise import adamw
from engine.training.reranking import RerankNetwork


@dataclass(frozen=True, slots=True)
class DistilRecipe:
    """Settings of the distillation; batches are made as those of the second stage."""

    epochs: int = 3
    groups: int = 6
    size: int = 8
    neighbours: int = 40
    rate: float = 1e-4
    decay: float = 0.3
    seed: int = 3


def learn_verdicts(
    store: FeatureStore,
    photos: Sequence[int],
    neighbours: NDArray[np.int64],
    network: RerankNetwork,
    fusion: Fusion,
    recipe: DistilRecipe,
    journal: Journal,
) -> None:
    """Train `network.image.coarse` in place on `photos`, `neighbours` being those of `coarse_neighbours`."""
    torch.manual_seed(recipe.seed)
    student, teacher = network.image.coarse, copy.deepcopy(network.image.coarse).eval()

    def batches(random: np.random.Generator) -> Iterator[list[int]]:
        return neighbourhoods(photos, neighbours, groups=recipe.groups, size=recipe.size, random=random)

    def step(chosen: list[int], random: np.random.Generator) -> Losses:
        batch = store.draw(chosen, random)
        seen = network.image.combine(batch.cells, batch.concepts)
        with torch.no_grad(), torch.autocast(seen.device.type, dtype=torch.bfloat16):
            captions = network.text.coarse(batch.words, batch.mask).float()
            known = _verdict(network, batch, teacher(seen).float() @ captions.T, fusion)
        with torch.autocast(seen.device.type, dtype=torch.bfloat16):
            pictures = student(seen)
        own = fusion.coarse_only * pictures.float() @ captions.T
        return backward({"verdict": _apart(own, known) + _apart(own.T, known.T)})

    loop = Loop(
        nn.ModuleList([student]),
        adamw([student], rate=recipe.rate, decay=recipe.decay),
        recipe,
        steps=steps_of(photos, recipe.size) // recipe.groups,
        journal=journal,
    )
    loop.run(batches, step)


def _verdict(network: RerankNetwork, batch: Batch, cosines: Tensor, fusion: Fusion) -> Tensor:
    """Return the fused evidence (B, B) for all photos with all captions."""
    similarity = torch.stack([torch.sigmoid(part) for part in network.logits(batch)]).mean(0)
    return fusion.coarse * cosines + fusion.rerank * torch.logit(similarity, eps=1e-6)


def _apart(student: Tensor, teacher: Tensor) -> Tensor:
    """Return how far the rows of two matrices of logits are from each other as distributions."""
    found, wanted = log_softmax(student, dim=1), log_softmax(teacher, dim=1)
    return kl_div(found, wanted, reduction="batchmean", log_target=True)
