"""The calibrated strength of a match, from the coarse filter's and SGRAF's similarity."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

import numpy as np

from engine.errors import PackError
from engine.types import FloatArray

_CLOSEST = 1e-6
_SMALL, _LARGE = 100, 1_000_000


@dataclass(frozen=True, slots=True)
class Fusion:
    """A logistic model of "this photo matches this caption", fitted on captioned photos.

    Attributes:
        coarse: Weight of the coarse cosine.
        rerank: Weight of the logit of the SGRAF similarity.
        bias: Offset.
        coarse_only: Weight of the coarse cosine where SGRAF hasn't scored.
        coarse_only_bias: Offset where SGRAF hasn't scored.
        cutoff: Strength from which a match is called good.
        gallery: How many photos the library had in which all this was fitted.
        crowding: Log-odds that a match loses in a library e times as large: among more
            photos, more look alike by chance.
        cutoff_crowding: Log-odds that the cut-off falls in a library e times as large.
    """

    coarse: float
    rerank: float
    bias: float
    coarse_only: float
    coarse_only_bias: float
    cutoff: float
    gallery: float = 1.0
    crowding: float = 0.0
    cutoff_crowding: float = 0.0

    def in_gallery(self, photos: int) -> Fusion:
        """Return the fusion for a library of another size (at least a hundred photos, at most a million)."""
        growth = math.log(min(max(photos, _SMALL), _LARGE) / self.gallery)
        cutoff = math.log(self.cutoff / (1 - self.cutoff)) - self.cutoff_crowding * growth
        return replace(
            self,
            bias=self.bias - self.crowding * growth,
            coarse_only_bias=self.coarse_only_bias - self.crowding * growth,
            cutoff=1 / (1 + math.exp(-cutoff)),
            gallery=self.gallery * math.exp(growth),
        )

    def strength(self, coarse: FloatArray, rerank: FloatArray | None = None) -> FloatArray:
        """Return match strengths (N,) in 0 to 1 of cosines (N,) and SGRAF similarities (N,), if any."""
        cosine = np.asarray(coarse, dtype=np.float64)
        if rerank is None:
            evidence = self.coarse_only * cosine + self.coarse_only_bias
        else:
            similarity = np.clip(np.asarray(rerank, dtype=np.float64), _CLOSEST, 1 - _CLOSEST)
            logit = np.log(similarity) - np.log1p(-similarity)
            evidence = self.coarse * cosine + self.rerank * logit + self.bias
        strengths: FloatArray = (0.5 * (1 + np.tanh(evidence / 2))).astype(np.float32)  # sigmoid, no overflow
        return strengths

    def to_json(self) -> dict[str, float]:
        """Return the weights as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, weights: Mapping[str, object]) -> Fusion:
        """Return the fusion of a JSON object.

        Raises:
            PackError: A weight is missing or not a number.
        """
        numbers: dict[str, float] = {}
        for field in fields(cls):
            weight = weights.get(field.name, field.default)
            if not isinstance(weight, int | float) or not np.isfinite(weight):
                raise PackError(f"the model's fusion weight “{field.name}” is missing or not a number.")
            numbers[field.name] = float(weight)
        return cls(**numbers)
