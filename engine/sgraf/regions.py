"""Regions: the official projection into the joint space, and the code a library keeps per photo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import LibraryError
from engine.sgraf.alignment import l2norm
from engine.sgraf.products import linear

_STEPS = 127
_NOTHING = 1e-30


class RegionProjection(nn.Module):
    """The official image encoder: one linear layer and L2 norm over precomputed region features.

    Attributes:
        normalise: Whether region vectors get length 1 (as in all released models).
    """

    def __init__(self, img_dim: int, embed_size: int, *, normalise: bool = True) -> None:
        super().__init__()
        self.linear = nn.Linear(img_dim, embed_size)
        self.normalise = normalise

    def forward(self, features: Tensor) -> Tensor:
        """Return region vectors (P, R, D) of features (P, R, img_dim)."""
        projected = linear(features, self.linear.weight, self.linear.bias)
        return l2norm(projected) if self.normalise else projected


class RegionCodec:
    """Packs the vectors of one photo into a few kilobytes.

    A region is one signed byte per dimension and a float16 scale that gives it back
    its exact length; global vectors stay float16. 64 regions of 224 dimensions and
    two global vectors take 15,360 bytes.

    Attributes:
        regions: R, regions of a photo.
        dim: D, dimensions of a vector.
        globals_: G, global vectors of a photo.
    """

    def __init__(self, regions: int, dim: int, globals_: int) -> None:
        self.regions = regions
        self.dim = dim
        self.globals_ = globals_

    @property
    def nbytes(self) -> int:
        """Bytes of one photo's code."""
        return self.regions * self.dim + 2 * self.regions + 2 * self.globals_ * self.dim

    def encode(self, regions: Tensor, globals_: Tensor) -> list[bytes]:
        """Return one code per photo.

        Args:
            regions: (N, R, D), finite.
            globals_: (N, G, D), finite.
        """
        values = regions.detach().float().cpu().numpy()
        peaks = np.abs(values).max(axis=-1, keepdims=True)
        levels = np.rint(values * (_STEPS / np.maximum(peaks, _NOTHING))).astype(np.int8)
        lengths = np.linalg.norm(levels.astype(np.float32), axis=-1)
        scales = np.linalg.norm(values, axis=-1) / np.maximum(lengths, 1.0)
        rest = globals_.detach().float().cpu().numpy()
        return [
            level.tobytes() + scale.tobytes() + extra.tobytes()
            for level, scale, extra in zip(levels, scales.astype("<f2"), rest.astype("<f2"), strict=True)
        ]

    def decode(self, codes: Sequence[bytes]) -> tuple[Tensor, Tensor]:
        """Return regions (N, R, D) and global vectors (N, G, D), float32.

        Raises:
            LibraryError: A code doesn't have the length of this codec's codes.
        """
        if any(len(code) != self.nbytes for code in codes):
            raise LibraryError(
                "the stored features of a photo are damaged.", hint="Index its folder again to renew them."
            )
        rows = np.frombuffer(b"".join(codes), dtype=np.uint8).reshape(len(codes), self.nbytes)
        body = self.regions * self.dim
        levels = rows[:, :body].view(np.int8).reshape(len(codes), self.regions, self.dim)
        scales = self._halves(rows[:, body : body + 2 * self.regions])
        rest = self._halves(rows[:, body + 2 * self.regions :])
        regions = torch.from_numpy(levels.astype(np.float32)).mul_(scales.unsqueeze(-1))
        return regions, rest.view(len(codes), self.globals_, self.dim)

    @staticmethod
    def _halves(rows: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(rows).view("<f2").astype(np.float32))
