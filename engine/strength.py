"""How strong a match is: one number in 0 to 1 from the coarse and the SGRAF similarity.

With the bundled coarse filter the pack's calibrated fusion decides. With an open_clip
model as coarse filter nothing was calibrated, because its cosines have another scale;
there each similarity is measured by how far it stands out among the candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.types import FloatArray, Results, Strictness

if TYPE_CHECKING:
    from engine.sgraf import Fusion

# Standard deviations by which both similarities together must stand out to be called
# an even chance; the mean of all candidates is then well below it.
STANDS_OUT = 3.0
_CLOSEST = 1e-6
# By how much the odds at the cut-off are multiplied. In 1,000 unseen photos, asked (of sgraffito-6) by 300
# captions of their own, that leaves 0.9, 2.4 and 8.1 photos on average, with the one that was meant
# among them in 28 %, 44 % and 69 % of the cases (tests/benchmarks/bench_answers.py).
_ODDS: dict[Strictness, float] = {"best": 2.0, "good": 1.0, "more": 1 / 3}


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


def matches(results: Results, strictness: Strictness) -> int:
    """Return how many hits of an answer count as matches (they come first).

    Args:
        results: The answer.
        strictness: "good" leaves the cut-off where the pack has it, "best" asks for about
            twice the odds, "more" is content with a third.
    """
    if results.cutoff is None or strictness == "good":
        return results.good
    odds = _ODDS[strictness] * results.cutoff / (1 - results.cutoff)
    cutoff = odds / (1 + odds)
    return sum(hit.score >= cutoff for hit in results.hits)


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
