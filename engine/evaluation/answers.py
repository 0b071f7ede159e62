"""Queries answered in two stages, with the place of the right answer after each.

One scored set of candidates tells the answer for every smaller number of candidates
too: the first K in the order of the coarse filter are what the product would rerank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.recall import IndexArray, RankArray, best_rank
from engine.types import FloatArray
from engine.vectors import top_k

CANDIDATES = 200
SHOWN = 5
_LADDER = (1, 10, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)

Scorer: TypeAlias = Callable[[int, NDArray[np.intp]], FloatArray]
Strength: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What Q queries got from their gallery. Ranks are those of the best-placed right answer.

    Attributes:
        steps: S numbers of candidates, ascending; the last is the one asked for.
        coarse: (Q,) ranks by the coarse filter alone.
        rerank: (Q,) ranks by SGRAF alone on all candidates.
        fused: (Q, S) ranks by the fused strength, for each number of candidates.
        best: (Q, 5) places in the gallery of the best answers on all candidates; -1 where
            there are fewer.
    """

    steps: tuple[int, ...]
    coarse: RankArray
    rerank: RankArray
    fused: RankArray
    best: IndexArray


def candidate_steps(candidates: int) -> tuple[int, ...]:
    """Return numbers of candidates to compare, ascending up to `candidates`."""
    return (*(step for step in _LADDER if step < candidates), candidates)


def answer_queries(
    cosines: FloatArray,
    right: Sequence[IndexArray],
    steps: tuple[int, ...],
    score: Scorer,
    strength: Strength,
    told: Callable[[int], None],
) -> Answers:
    """Answer every query by the coarse filter, then by SGRAF on its candidates.

    Args:
        cosines: (Q, G) similarities of the coarse filter.
        right: Places in the gallery of each query's right answers.
        steps: Numbers of candidates to compare; SGRAF looks at the last.
        score: SGRAF similarities of one query with chosen answers.
        strength: Fused strengths from cosines and SGRAF similarities.
        told: Called with the number of queries answered so far.
    """
    queries, places = len(cosines), np.arange(cosines.shape[1])
    coarse = np.fromiter(map(best_rank, cosines, right), dtype=np.int64, count=queries)
    rerank = coarse.copy()
    fused = np.repeat(coarse[:, None], len(steps), axis=1)
    best = np.full((queries, SHOWN), -1, dtype=np.int64)
    for query, row in enumerate(cosines):
        chosen = top_k(row, places, steps[-1])
        is_right = np.isin(chosen, right[query])
        scores = score(query, chosen)
        rerank[query] = _rank_among(chosen, is_right, scores, coarse[query])
        for column, step in enumerate(steps):
            strengths = strength(row[chosen[:step]], scores[:step])
            fused[query, column] = _rank_among(chosen[:step], is_right[:step], strengths, coarse[query])
        first = chosen[top_k(strengths, chosen, SHOWN)]
        best[query, : len(first)] = first
        told(query + 1)
    return Answers(steps, coarse, rerank, fused, best)


def _rank_among(
    chosen: NDArray[np.intp], is_right: NDArray[np.bool_], scores: FloatArray, otherwise: int
) -> int:
    """Return the rank of the best right answer by `scores`; `otherwise` where none was chosen."""
    if not is_right.any():
        return otherwise
    # In the order of the gallery, so that equal scores are placed as everywhere else.
    order = np.argsort(chosen)
    return best_rank(scores[order], np.flatnonzero(is_right[order]))
