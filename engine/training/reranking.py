"""Second stage: SGRAF over regions and words, taught by what the coarse filter confuses.

Batches are neighbourhoods of the coarse filter, and the loss is a softmax over each
batch in both directions, for SGR and SAF alike; the two share one joint space, so the
word-to-region attention is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.models.heads import ImageHeads, TextHeads
from engine.sgraf import SimilarityEncoder
from engine.sgraf.alignment import Packing, differences_all
from engine.training.batches import Batch, FeatureStore, neighbourhoods
from engine.training.coarse import Log, embed_captions, embed_photos
from engine.training.optimise import Averaged, adamw, cosine, soft_targets, symmetric_softmax


@dataclass(frozen=True, slots=True)
class RerankRecipe:
    """Settings of the second stage.

    A round sees as many photos as there are, in batches of `groups` neighbourhoods of
    `size` photos drawn from the `neighbours` nearest.
    """

    rounds: int = 7
    groups: int = 6
    size: int = 8
    neighbours: int = 40
    rate: float = 8e-4
    decay: float = 0.02
    softness: float = 0.2
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
    photos: Sequence[int],
    network: RerankNetwork,
    recipe: RerankRecipe,
    log: Log = lambda line: None,
) -> None:
    """Train `network` in place on `photos`; its coarse heads must be trained already."""
    torch.manual_seed(recipe.seed)
    random = np.random.default_rng(recipe.seed)
    neighbours = coarse_neighbours(store, photos, network, recipe.neighbours)
    trained = network.trained
    scales = nn.Parameter(torch.zeros(2, device=network.image.region.weight.device))
    optimiser = adamw([trained], rate=recipe.rate, decay=recipe.decay)
    optimiser.add_param_group({"params": [scales], "weight_decay": 0.0})
    per_round = len(photos) // recipe.size // recipe.groups
    schedule = cosine(optimiser, recipe.rounds * per_round)
    average = Averaged(trained)
    for number in range(recipe.rounds):
        trained.train()
        losses = []
        for chosen in neighbourhoods(
            photos, neighbours, groups=recipe.groups, size=recipe.size, random=random
        ):
            batch = store.draw(chosen, random)
            with torch.autocast(batch.cells.device.type, dtype=torch.bfloat16):
                logits = network.logits(batch)
            targets = soft_targets(batch.words, batch.lengths, recipe.softness)
            loss = torch.stack(
                [
                    symmetric_softmax(part * scale.exp(), targets)
                    for part, scale in zip(logits, scales, strict=True)
                ]
            ).sum()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(trained.parameters(), recipe.clip)
            optimiser.step()
            schedule.step()
            average.update()
            losses.append(loss.item() / 2)
        log(f"rerank round {number + 1}/{recipe.rounds}: loss {np.mean(losses):.3f}")
    average.apply()
    trained.eval()


def coarse_neighbours(
    store: FeatureStore, photos: Sequence[int], network: RerankNetwork, count: int
) -> NDArray[np.int64]:
    """Return the `count` photos that the coarse filter finds most like each photo, (N, count).

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
    return torch.cat(nearest).cpu().numpy().astype(np.int64)
