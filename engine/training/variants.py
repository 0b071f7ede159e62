"""Other ways to make regions and words, to be compared with what the pack does.

A variant changes what SGRAF gets to see; the coarse filter stays as it is, so that all
variants are asked to put the same candidates in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, normalize
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.models.encoder import image_heads, text_heads
from engine.models.heads import joined
from engine.models.models import similarity_encoder
from engine.models.packs import PackConfig
from engine.training.batches import FeatureStore
from engine.training.reranking import RerankNetwork

GROUPS = 36
_ROUNDS = 5
Grouping = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do it.

    Attributes:
        name: What it is, for the table.
        group: Makes (n, R, C) regions of (n, cells, C) features, in both channels alike;
            None leaves the cells.
        towers: How many of the image towers make regions; None for as many as in the pack.
        concepts: Whether regions have the concept channel.
        places: Whether regions have a learned vector of their place.
        recurrent: Whether words are word embeddings read by a bidirectional GRU (section
            3.1 of the paper) and not contextual vectors.
        loss: What SGRAF is trained with.
    """

    name: str
    group: Grouping | None = None
    towers: int | None = None
    concepts: bool = True
    places: bool = True
    recurrent: bool = False
    loss: Literal["softmax", "triplet"] = "softmax"

    def regions(self, cells: int) -> int:
        """Return how many regions it makes of so many cells."""
        return cells if self.group is None else self.group(torch.zeros(1, cells, 1)).shape[1]


def pooled(side: int) -> Grouping:
    """Return a grouping into a coarser grid of `side` by `side` regions."""

    def group(features: Tensor) -> Tensor:
        count, cells, channels = features.shape
        grid = int(cells**0.5)
        plane = features.transpose(1, 2).reshape(count, channels, grid, grid)
        return adaptive_avg_pool2d(plane, side).flatten(2).transpose(1, 2)

    return group


def scales(features: Tensor) -> Tensor:
    """Return the cells, a grid of half as many a side, and the whole photo, one after the other."""
    half = int(features.shape[1] ** 0.5) // 2
    return torch.cat([features, pooled(half)(features), pooled(1)(features)], dim=1)


def clusters(features: Tensor) -> Tensor:
    """Return 36 regions, each the mean of cells that look alike (k-means, begun on a coarser grid)."""
    centres = pooled(int(GROUPS**0.5))(features)
    for _ in range(_ROUNDS):
        nearest = (normalize(features, dim=-1) @ normalize(centres, dim=-1).transpose(1, 2)).argmax(-1)
        member = nn.functional.one_hot(nearest, GROUPS).to(features)
        sizes = member.sum(1)[..., None]
        means = (member.transpose(1, 2) @ features) / sizes.clamp(min=1)
        centres = torch.where(sizes > 0, means, centres)
    return centres


VARIANTS = (
    Variant("as in the pack: 64 cells"),
    Variant("hardest-negative triplet in place of the softmax loss", loss="triplet"),
    Variant("regions of the first image tower alone", towers=1),
    Variant("no concept channel", concepts=False),
    Variant("no place vectors", places=False),
    Variant("16 regions (4 × 4 grid)", group=pooled(4)),
    Variant("36 regions (cells that look alike)", group=clusters, places=False),
    Variant("81 regions (three scales)", group=scales),
    Variant("word embeddings and a bidirectional GRU", recurrent=True),
)


class VariantStore(FeatureStore):
    """Cached features as a variant sees them."""

    def __init__(self, store: FeatureStore, variant: Variant) -> None:
        super().__init__(store.features, store.device)
        self._variant = variant

    def _photos(self, photos: list[int], views: list[int]) -> tuple[Tensor, Tensor]:
        cells, concepts = super()._photos(photos, views)
        if self._variant.group is not None:
            # Both channels of all towers fall into the same groups.
            both = torch.cat([cells, concepts], dim=-1)
            grouped = self._variant.group(joined(both))
            apart = torch.stack(grouped.chunk(both.shape[1], dim=-1), dim=1)
            cells, concepts = torch.tensor_split(apart, [cells.shape[-1]], dim=-1)
        return cells, concepts if self._variant.concepts else torch.zeros_like(concepts)


def variant_network(config: PackConfig, variant: Variant) -> RerankNetwork:
    """Return an untrained network for a variant; its coarse heads are not used."""
    config = replace(config, region_towers=variant.towers or config.region_towers)
    image, text, regions = image_heads(config), text_heads(config), variant.regions(config.regions)
    image.region_position = nn.Parameter(torch.zeros(regions, config.joint_dim), requires_grad=variant.places)
    if variant.recurrent:
        text.word = RecurrentWords(config.text_dim, config.joint_dim)
    return RerankNetwork(
        image=image,
        text=text,
        sgr=similarity_encoder(config, "SGR", regions=regions),
        saf=similarity_encoder(config, "SAF", regions=regions),
    )


class RecurrentWords(nn.Module):
    """A bidirectional GRU over words `(N, L, dim)`, zero where a caption is shorter → `(N, L, out)`."""

    def __init__(self, dim: int, out: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.4)
        self.gru = nn.GRU(dim, out, batch_first=True, bidirectional=True)

    def forward(self, words: Tensor) -> Tensor:
        """Return the mean of both directions."""
        lengths = (words != 0).any(-1).sum(1).clamp(min=1).cpu()
        packed = pack_padded_sequence(self.dropout(words), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=words.shape[1])
        forward, backward = states.chunk(2, dim=-1)
        return (forward + backward) / 2


class BareWords(nn.Module):
    """In the place of a text backbone's layers: every word piece stays what it is alone."""

    def forward(self, embedded: Tensor, src_key_padding_mask: Tensor) -> Tensor:
        """Return what comes in."""
        del src_key_padding_mask
        return embedded
