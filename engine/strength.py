"""How strong a match is: one number in 0 to 1 from the coarse and the SGRAF similarity.

With the bundled coarse filter the pack's calibrated fusion decides. With an open_clip
model as coarse filter nothing was calibrated, because its cosines have another scale;
there each similarity is measured by how far it stands out among the candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.sgraf import Fusion

# Standard deviations by which both similarities together must stand out to be called
# an even chance; the mean of all candidates is then well below it.
STANDS_OUT = 3.0
_CLOSEST = 1e-6


def match_strength(
    fusion: Fusion, coarse: FloatArray, rerank: FloatArray | None, *, calibrated: bool
) -> FloatArray:
    """Return match strengths (N,) in 0 to 1.

    Args:
        fusion: The pack's calibration.
        coarse: (N,) cosines of the coarse filter.
        rerank: (N,) SGRAF similarities, NaN where a photo has no region code: such a
            photo keeps the strength of its coarse similarity. None before reranking.
        calibrated: Whether the fusion was fitted to this coarse filter.
    """
    judge = fusion.strength if calibrated else _relative_strength
    strength = judge(coarse, None)
    if rerank is None:
        return strength
    scored = ~np.isnan(rerank)
    strength[scored] = judge(coarse[scored], rerank[scored])
    return strength


def _relative_strength(coarse: FloatArray, rerank: FloatArray | None) -> FloatArray:
    """Return strengths (N,) from how far similarities stand out among the N candidates.

    The sum of the standardised cosine and the standardised logit of the SGRAF similarity,
    squashed by a sigmoid. Before reranking the cosine counts twice.
    """
    evidence = _standardised(coarse.astype(np.float64))
    if rerank is None:
        evidence = 2 * evidence
    else:
        similarity = np.clip(rerank.astype(np.float64), _CLOSEST, 1 - _CLOSEST)
        evidence = evidence + _standardised(np.log(similarity) - np.log1p(-similarity))
    strengths: FloatArray = (0.5 * (1 + np.tanh((evidence - STANDS_OUT) / 2))).astype(np.float32)
    return strengths


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with mean 0 and deviation 1; all 0 where they don't differ."""
    if not len(values):
        return values
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation > 0 else np.zeros_like(values)
