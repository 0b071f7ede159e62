"""Second stage: SGRAF over regions and words, taught by what the coarse filter confuses.

Batches are neighbourhoods of the coarse filter, and the loss is a softmax over each
batch in both directions (or, for comparison, the paper's hardest-negative triplet), for
SGR and SAF alike; the two share one joint space, so the word-to-region attention is
computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from engine.models.heads import ImageHeads, TextHeads
from engine.sgraf import SimilarityEncoder
from engine.sgraf.alignment import Packing, differences_all
from engine.training.batches import Batch, FeatureStore, Neighbourhoods
from engine.training.coarse import embed_captions, embed_photos
from engine.training.loop import Journal, Loop, Losses, backward
from engine.training.losses import hardest_triplet
from engine.training.optimise import Scale, adamw, soft_targets, symmetric_softmax
from engine.training.teacher import Teacher

MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class RerankRecipe:
    """Settings of the second stage.

    An epoch sees as many photos as there are, in batches of `groups` neighbourhoods of
    `size` photos drawn from the `neighbours` nearest.
    """

    epochs: int = 10
    loss: Literal["softmax", "triplet"] = "softmax"
    groups: int = 6
    size: int = 8
    neighbours: int = 40
    rate: float = 8e-4
    decay: float = 0.02
    softness: float = 0.2
    trust: float = 0.0
    clip: float = 2.0
    seed: int = 2


@dataclass(frozen=True, slots=True, eq=False)
class RerankNetwork:
    """All that the second stage trains, and the heads around it."""

    image: ImageHeads
    text: TextHeads
    sgr: SimilarityEncoder
    saf: SimilarityEncoder

    @property
    def modules(self) -> dict[str, nn.Module]:
        """All modules under the prefixes of their weights."""
        return {"image.": self.image, "text.": self.text, "sgr.": self.sgr, "saf.": self.saf}

    @property
    def filter_modules(self) -> dict[str, nn.Module]:
        """What of them is the coarse filter."""
        return {"image.coarse.": self.image.coarse, "text.coarse.": self.text.coarse}

    @property
    def trained(self) -> nn.ModuleList:
        """The modules whose weights this stage changes."""
        position = nn.ParameterList([self.image.region_position])
        return nn.ModuleList([self.image.region, position, self.text.word, self.sgr, self.saf])

    def logits(self, batch: Batch) -> list[Tensor]:
        """Return each module's score before the sigmoid, of all photos with all captions: (B, B)."""
        regions = self.image.regions(self.image.combine(batch.cells, batch.concepts))
        words = self.text.words(batch.words)
        packing = Packing.of(batch.lengths, words.shape[1])
        packed = packing.pack(words)
        differences = differences_all(regions, packed, packing)
        return [
            torch.logit(
                encoder.score_differences(
                    differences,
                    encoder.region_globals(regions).unsqueeze(1),
                    encoder.word_globals(words, batch.lengths),
                    packing,
                ).float(),
                eps=1e-6,
            )
            for encoder in (self.sgr, self.saf)
        ]


def train_reranker(
    store: FeatureStore,
    neighbourhoods: Neighbourhoods,
    network: RerankNetwork,
    recipe: RerankRecipe,
    journal: Journal,
    teacher: Teacher | None = None,
) -> None:
    """Train `network` in place.

    Args:
        store: The cached features.
        neighbourhoods: Those of `coarse_neighbours`.
        network: What is trained.
        recipe: The settings.
        journal: Where figures and the checkpoint go.
        teacher: The coarse filter's opinion, trusted as far as the recipe says; None without.
    """
    torch.manual_seed(recipe.seed)
    scales = nn.ModuleList([Scale(1.0), Scale(1.0)]).to(store.device)
    trained = nn.ModuleList([network.trained, scales])

    def step(chosen: list[int], random: np.random.Generator) -> Losses:
        batch = store.draw(chosen, random)
        with torch.autocast(batch.cells.device.type, dtype=torch.bfloat16):
            logits = network.logits(batch)
        targets = soft_targets(batch.sentences, recipe.softness)
        taught = None if teacher is None else teacher.opinion(chosen, batch.captions).to(store.device)
        losses = {}
        for name, part, scale in zip(("sgr", "saf"), logits, scales, strict=True):
            if recipe.loss == "triplet":
                losses[name] = hardest_triplet(torch.sigmoid(part), MARGIN)
            else:
                losses[name] = symmetric_softmax(part * scale(), targets, taught, recipe.trust)
        return backward(losses)

    loop = Loop(
        trained,
        adamw([trained], rate=recipe.rate, decay=recipe.decay),
        recipe,
        steps=neighbourhoods.steps(recipe.groups, recipe.size),
        journal=journal,
        clip=recipe.clip,
    )
    loop.run(lambda random: neighbourhoods.batches(recipe.groups, recipe.size, random), step)


def coarse_neighbours(
    store: FeatureStore, photos: Sequence[int], network: RerankNetwork, count: int
) -> Neighbourhoods:
    """Find for each photo the `count` others that the coarse filter finds most like it.

    Alike means in picture and in words: the sum of the cosines of the photos' embeddings
    and of their mean captions' embeddings.
    """
    pictures = embed_photos(store, photos, network.image)
    sentences = []
    for photo in photos:
        sentences.append(embed_captions(store, store.captions_of(photo), network.text).mean(0))
    words = nn.functional.normalize(torch.stack(sentences), dim=-1)
    nearest = []
    for start in range(0, len(photos), 512):
        stop = start + 512
        alike = pictures[start:stop] @ pictures.T + words[start:stop] @ words.T
        rows = torch.arange(len(alike), device=alike.device)
        alike[rows, rows + start] = float("-inf")
        nearest.append(alike.topk(min(count, len(photos) - 1), dim=1).indices)
    return Neighbourhoods(photos, torch.cat(nearest).cpu().numpy().astype(np.int64))
