"""SGRAF's similarity encoder: from region and word vectors to one similarity per pair.

After Diao, Zhang, Ma and Lu, "Similarity Reasoning and Filtration for Image-Text
Matching", AAAI 2021. A photo is R region vectors, a caption is L word vectors, all
of length 1 in one joint space of D dimensions; similarity vectors have S dimensions.
The paper's SGRAF is the mean of two encoders, one with each module.

All results are equal whatever else is in the batch (in eval mode), and padded
positions influence nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from engine.sgraf.alignment import Packing, differences_all, differences_pairs, l1norm, l2norm
from engine.sgraf.products import linear
from engine.sgraf.reasoning import AttentionFiltration, GraphReasoning
from engine.sgraf.self_attention import TextSelfAttention, VisualSelfAttention

__all__ = [
    "AttentionFiltration",
    "GraphReasoning",
    "SimilarityConfig",
    "SimilarityEncoder",
    "TextSelfAttention",
    "VisualSelfAttention",
    "l1norm",
    "l2norm",
]


@dataclass(frozen=True)
class SimilarityConfig:
    """Sizes of a similarity encoder.

    Attributes:
        embed_size: D, dimensions of the joint space (official 1024).
        sim_dim: S, dimensions of a similarity vector (official 256).
        regions: R, regions of a photo (official 36).
        module: "SGR" (graph reasoning) or "SAF" (attention filtration).
        graph_steps: Steps of graph reasoning.
        dropout: Share dropped in the self-attentions while training.
    """

    embed_size: int
    sim_dim: int
    regions: int
    module: Literal["SGR", "SAF"]
    graph_steps: int = 3
    dropout: float = 0.4


class SimilarityEncoder(nn.Module):
    """Scores photos against captions.

    Attributes:
        config: The sizes.
    """

    def __init__(self, config: SimilarityConfig) -> None:
        super().__init__()
        self.config = config
        embed, sim = config.embed_size, config.sim_dim
        self.region_attention = VisualSelfAttention(embed, config.regions, config.dropout)
        self.word_attention = TextSelfAttention(embed, config.dropout)
        self.local = nn.Linear(embed, sim)
        self.whole = nn.Linear(embed, sim)
        self.reasoning: GraphReasoning | AttentionFiltration = (
            GraphReasoning(sim, config.graph_steps) if config.module == "SGR" else AttentionFiltration(sim)
        )
        self.score = nn.Linear(sim, 1)
        self.apply(_initialise)

    def region_globals(self, regions: Tensor) -> Tensor:
        """Return the global vectors (P, D) of photos (P, R, D); worth keeping, they cost most."""
        globals_: Tensor = self.region_attention(regions)
        return globals_

    def word_globals(self, words: Tensor, lengths: Tensor) -> Tensor:
        """Return the global vectors (C, D) of captions: padded words (C, L, D) and lengths (C,)."""
        packing = Packing.of(lengths, words.shape[1])
        globals_: Tensor = self.word_attention(packing.pack(words), packing)
        return globals_

    def forward(
        self,
        regions: Tensor,
        words: Tensor,
        lengths: Tensor,
        *,
        region_globals: Tensor | None = None,
        word_globals: Tensor | None = None,
    ) -> Tensor:
        """Return the similarity of every photo with every caption.

        Memory grows with P x (words of all captions) x D; the caller chunks.

        Args:
            regions: (P, R, D) unit rows.
            words: (C, L, D) unit rows, anything beyond each caption's length.
            lengths: (C,) int64, words per caption.
            region_globals: (P, D) from `region_globals`, computed here if None.
            word_globals: (C, D) from `word_globals`, computed here if None.

        Returns:
            (P, C) similarities in 0 to 1.
        """
        packing = Packing.of(lengths, words.shape[1])
        packed = packing.pack(words)
        if region_globals is None:
            region_globals = self.region_attention(regions)
        if word_globals is None:
            word_globals = self.word_attention(packed, packing)
        differences = differences_all(regions, packed, packing)
        return self.score_differences(differences, region_globals.unsqueeze(1), word_globals, packing)

    def score_pairs(
        self,
        regions: Tensor,
        words: Tensor,
        lengths: Tensor,
        *,
        region_globals: Tensor | None = None,
        word_globals: Tensor | None = None,
    ) -> Tensor:
        """Return the similarity of each photo with its own caption.

        Args:
            regions: (N, R, D) unit rows.
            words: (N, L, D) unit rows, anything beyond each caption's length.
            lengths: (N,) int64, words per caption.
            region_globals: (N, D), computed here if None.
            word_globals: (N, D), computed here if None.

        Returns:
            (N,) similarities in 0 to 1.
        """
        packing = Packing.of(lengths, words.shape[1])
        if region_globals is None:
            region_globals = self.region_attention(regions)
        if word_globals is None:
            word_globals = self.word_attention(packing.pack(words), packing)
        differences = differences_pairs(regions, words, packing)
        return self.score_differences(differences, region_globals, word_globals, packing)

    def score_differences(
        self, differences: Tensor, region_globals: Tensor, word_globals: Tensor, packing: Packing
    ) -> Tensor:
        """Return similarities from the words' squared differences to their attended regions.

        Args:
            differences: (..., T, D) from `engine.sgraf.alignment`; encoders that share the
                joint space can share them.
            region_globals: Broadcastable to (..., C, D).
            word_globals: (C, D).
            packing: The captions of the T words.

        Returns:
            (..., C) similarities in 0 to 1.
        """
        nodes = self.similarity_nodes(differences, region_globals, word_globals, packing)
        mask = packing.node_mask()
        if mask is not None:
            mask = mask.expand(nodes.shape[:-1]).reshape(-1, nodes.shape[-2])
        answer = self.reasoning(nodes.reshape(-1, *nodes.shape[-2:]), mask).float()
        # not a matrix product: half precision would round near scores into ties
        logits = (answer * self.score.weight.float()).sum(dim=-1) + self.score.bias.float()
        return torch.sigmoid(logits).view(nodes.shape[:-2])

    def similarity_nodes(
        self, differences: Tensor, region_globals: Tensor, word_globals: Tensor, packing: Packing
    ) -> Tensor:
        """Return the similarity vectors (..., C, L+1, S), the global one first; as `score_differences`."""
        local = l2norm(linear(differences, self.local.weight, self.local.bias))
        whole = (region_globals - word_globals).square()
        whole = l2norm(linear(whole, self.whole.weight, self.whole.bias))
        return packing.nodes(whole, local)


def _initialise(module: nn.Module) -> None:
    """Start linear layers as the authors do: Glorot's uniform weights, no bias."""
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)
