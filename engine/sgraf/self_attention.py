"""Global vectors of a photo and of a caption by self-attention (the paper's section 3.1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.sgraf.alignment import Packing, l2norm
from engine.sgraf.products import linear


class VisualSelfAttention(nn.Module):
    """Weighs the regions of a photo into its global vector.

    Batch norm runs over the region axis on the local branch and over the joint
    space on the global branch, as the authors have it.
    """

    def __init__(self, embed_size: int, regions: int, dropout: float) -> None:
        super().__init__()
        self.local = nn.Linear(embed_size, embed_size)
        self.local_norm = nn.BatchNorm1d(regions)
        self.average = nn.Linear(embed_size, embed_size)
        self.average_norm = nn.BatchNorm1d(embed_size)
        self.weigh = nn.Linear(embed_size, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, regions: Tensor) -> Tensor:
        """Return the global vectors (P, D) of regions (P, R, D)."""
        local = self.dropout(torch.tanh(self.local_norm(linear(regions, self.local.weight, self.local.bias))))
        average = self.dropout(torch.tanh(self.average_norm(self.average(regions.mean(dim=1)))))
        weights = self.weigh(local * average.unsqueeze(1)).softmax(dim=1)  # (P, R, 1)
        return l2norm((weights.to(regions.dtype) * regions).sum(dim=1))


class TextSelfAttention(nn.Module):
    """Weighs the words of a caption into its global vector."""

    def __init__(self, embed_size: int, dropout: float) -> None:
        super().__init__()
        self.local = nn.Linear(embed_size, embed_size)
        self.average = nn.Linear(embed_size, embed_size)
        self.weigh = nn.Linear(embed_size, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, words: Tensor, packing: Packing) -> Tensor:
        """Return the global vectors (C, D) of packed words (T, D)."""
        zeros = words.new_zeros(packing.captions, words.shape[-1])
        totals = zeros.index_add(0, packing.caption, words)
        counts = packing.lengths.clamp_min(1).unsqueeze(1).to(words.dtype)
        average = self.dropout(torch.tanh(self.average(totals / counts)))
        local = self.dropout(torch.tanh(linear(words, self.local.weight, self.local.bias)))
        scores = self.weigh(local * average.index_select(0, packing.caption)).squeeze(1).float()
        weights = _softmax_by_caption(scores, packing).to(words.dtype)
        return l2norm(zeros.index_add(0, packing.caption, weights.unsqueeze(1) * words))


def _softmax_by_caption(scores: Tensor, packing: Packing) -> Tensor:
    """Return softmax of packed scores (T,) among the words of each caption."""
    highest = scores.new_full((packing.captions,), -torch.inf)
    highest = highest.scatter_reduce(0, packing.caption, scores.detach(), "amax")
    powers = (scores - highest[packing.caption]).exp()
    sums = powers.new_zeros(packing.captions).index_add(0, packing.caption, powers)
    return powers / sums[packing.caption]
