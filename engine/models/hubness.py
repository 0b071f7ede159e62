"""Hold back photos that are near to every caption.

In any space of many dimensions a few photos, "hubs", are close to most captions and come
up for queries that they have nothing to do with. A bank of typical captions tells how
much of a hub a photo is, and its similarity to all captions is lowered by so much, as
in the query-bank normalisation of Bogolin et al., "Cross Modal Retrieval with
Querybank Normalisation", CVPR 2022; here ahead of all queries.

The correction is one more dimension of the coarse embeddings: minus the photo's hubness
on the side of photos, a constant on the side of captions. So the coarse filter stays
one product of unit vectors, and between two photos the dimension hardly counts.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, pad

TEMPERATURE = 0.05
CAPTION_SHARE = 0.3


class HubnessCorrection(nn.Module):
    """Photos `(N, E)` of length 1 → `(N, E + 1)` of length 1; without effect until fitted.

    Attributes:
        captions: (B, E) embeddings of typical captions.
        mean: () mean hubness of photos.
        weight: () how much of it is taken off.
    """

    captions: Tensor
    mean: Tensor
    weight: Tensor

    def __init__(self, bank: int, dim: int) -> None:
        super().__init__()
        self.register_buffer("captions", torch.zeros(bank, dim))
        self.register_buffer("mean", torch.zeros(()))
        self.register_buffer("weight", torch.zeros(()))

    def hubness(self, photos: Tensor) -> Tensor:
        """Return (N,) the softened greatest cosine of each photo with the bank's captions."""
        near = photos @ self.captions.T / TEMPERATURE
        return TEMPERATURE * (near.logsumexp(dim=1) - math.log(len(self.captions)))

    def forward(self, photos: Tensor) -> Tensor:
        """Return photos with the correcting dimension."""
        excess = self.weight * (self.hubness(photos) - self.mean) / CAPTION_SHARE
        return normalize(torch.cat([photos, -excess[:, None]], dim=1), dim=-1)

    @torch.no_grad()
    def fit(self, captions: Tensor, photos: Tensor, weight: float) -> None:
        """Take a bank of captions (B, E), and photos (N, E) whose mean hubness stays as it is."""
        self.captions.copy_(captions)
        self.mean.copy_(self.hubness(photos).mean())
        self.weight.fill_(weight)


def with_caption_share(captions: Tensor) -> Tensor:
    """Return captions `(N, E)` of length 1 with the dimension that meets a photo's correction."""
    return normalize(pad(captions, (0, 1), value=CAPTION_SHARE), dim=-1)
