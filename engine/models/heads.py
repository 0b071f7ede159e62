"""The trained heads over frozen backbones: coarse embeddings, region and word vectors.

Coarse embeddings pool cells (or words) by learned attention queries; region and word
vectors are one linear layer and L2 normalisation, as in SGRAF (section 3.1 of the
paper), with a learned vector per cell position added to the regions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm, normalize

from engine.models.hubness import HubnessCorrection, with_caption_share

if TYPE_CHECKING:
    from engine.models.image_backbone import ImageBackbone


class AttentionPool(nn.Module):
    """Pool a set of vectors into one by Q learned attention queries.

    Input `(N, K, dim)` and an optional mask `(N, K)` (True = real) → `(N, out)` of length 1.
    With `places`, each of the K positions has a learned vector of its own. The last
    `out` dimensions of the input's mean are passed on beside the pooled vector: sentence
    embeddings and concept names are at home in one space before anything is learnt.
    """

    def __init__(self, dim: int, hidden: int, queries: int, out: int, *, places: int = 0) -> None:
        super().__init__()
        self.embed = nn.Linear(dim, hidden)
        self.place = nn.Parameter(torch.zeros(places, hidden)) if places else None
        self.attend = nn.Linear(hidden, queries)
        self.norm = nn.LayerNorm(hidden * (queries + 1))
        self.dropout = nn.Dropout(0.3)
        self.project = nn.Linear(hidden * (queries + 1), out)
        self.mean = nn.Linear(dim, out, bias=False)
        nn.init.zeros_(self.mean.weight)
        shared = min(dim, out)
        with torch.no_grad():
            self.mean.weight[:shared, dim - shared :] = torch.eye(shared)
        self.input_dropout = nn.Dropout(0.1)

    def forward(self, vectors: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return unit vectors `(N, out)`."""
        vectors = self.input_dropout(vectors)
        embedded = self.embed(vectors)  # (N, K, H)
        hidden = gelu(embedded if self.place is None else embedded + self.place)
        scores = self.attend(hidden)  # (N, K, Q)
        even = torch.ones_like(scores[..., :1])
        if mask is not None:
            scores = scores.masked_fill(~mask[..., None], float("-inf"))
            even = even * mask[..., None]
        even = even / even.sum(dim=1, keepdim=True)
        weights = torch.cat([scores.softmax(dim=1), even], dim=2)
        pooled = (weights.transpose(1, 2) @ hidden).flatten(1)  # (N, (Q + 1) H)
        mean = normalize(self.mean((even * vectors).sum(dim=1)), dim=-1)
        return normalize(self.project(self.dropout(self.norm(pooled))) + mean, dim=-1)


class ImageHeads(nn.Module):
    """Region features `(…, R, cell_dim)` and concepts `(…, R, text_dim)` → coarse and regions.

    The coarse embedding pools the cells of the first tower; a region is made of what the
    first `towers` see in a cell.
    """

    def __init__(
        self,
        *,
        cell_dim: int,
        concept_dim: int,
        regions: int,
        towers: int,
        head_dim: int,
        queries: int,
        embed_dim: int,
        joint_dim: int,
        query_bank: int,
    ) -> None:
        super().__init__()
        self.coarse = AttentionPool(cell_dim + concept_dim, head_dim, queries, embed_dim - 1, places=regions)
        self.hubness = HubnessCorrection(query_bank, embed_dim - 1)
        self.towers = towers
        self.region = nn.Linear(towers * (cell_dim + concept_dim), joint_dim)
        self.region_position = nn.Parameter(torch.zeros(regions, joint_dim))

    @staticmethod
    def combine(cells: Tensor, concepts: Tensor) -> Tensor:
        """Return the two channels side by side, each brought to unit variance: `(…, R, C)`."""
        return torch.cat([layer_norm(x, x.shape[-1:]) for x in (cells, concepts)], dim=-1)

    def embed(self, *looks: Tensor) -> Tensor:
        """Return coarse embeddings `(N, embed_dim)` of length 1 from those of each look, unit vectors."""
        mean = normalize(torch.stack(looks).mean(0), dim=-1)
        embeddings: Tensor = self.hubness(mean)
        return embeddings

    def regions(self, combined: Tensor) -> Tensor:
        """Return region vectors `(N, R, joint_dim)` of length 1 from what all towers give `(N, T, R, C)`."""
        regions = self.region(joined(combined[:, : self.towers])) + self.region_position
        return normalize(regions, dim=-1)


def joined(combined: Tensor) -> Tensor:
    """Return what T towers give of each cell, `(N, T, R, C)`, side by side: `(N, R, T · C)`."""
    return combined.transpose(1, 2).flatten(2)


class CoarseTower(nn.Module):
    """An image tower with the head that pools its cells for the coarse filter.

    Attributes:
        backbone: Photos `(N, S, S, 3)` uint8 → cells and concepts.
        coarse: Pools them.
    """

    def __init__(self, backbone: ImageBackbone, coarse: AttentionPool) -> None:
        super().__init__()
        self.backbone = backbone
        self.coarse = coarse

    def forward(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit vectors `(N, embed_dim - 1)`, and the combined cells `(N, R, C)`."""
        combined = ImageHeads.combine(*self.backbone(photos))
        return self.coarse(combined), combined


class TextHeads(nn.Module):
    """Contextual word vectors `(N, L, text_dim)` → coarse embeddings and joint-space words."""

    def __init__(self, *, text_dim: int, head_dim: int, queries: int, embed_dim: int, joint_dim: int) -> None:
        super().__init__()
        self.coarse = AttentionPool(text_dim, head_dim, queries, embed_dim - 1)
        self.word: nn.Module = nn.Linear(text_dim, joint_dim)

    def embed(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return coarse embeddings `(N, embed_dim)` of length 1."""
        return with_caption_share(self.coarse(words, mask))

    def words(self, words: Tensor) -> Tensor:
        """Return word vectors `(N, L, joint_dim)` of length 1."""
        return normalize(self.word(words), dim=-1)
