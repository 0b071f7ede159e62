"""How long the closer look takes on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.evaluation.encode import Encoded

if TYPE_CHECKING:
    from engine.models import Models

_CAPTIONS = 7


def rerank_milliseconds(models: Models, encoded: Encoded, steps: Sequence[int]) -> list[tuple[int, float]]:
    """Return (number of candidates, median milliseconds of reranking so many).

    A few captions, spread over all, are reranked as a search does it. Which photos
    they are reranked on makes no difference to the time.

    Args:
        models: For SGRAF.
        encoded: Photos and captions; at least as many photos as candidates.
        steps: Numbers of candidates to time.
    """
    spread = np.linspace(0, len(encoded.words) - 1, _CAPTIONS).astype(int).tolist()
    captions = [encoded.words[caption] for caption in spread]

    def milliseconds(caption: int, candidates: int) -> float:
        start = perf_counter()
        models.reranker.score(captions[caption], encoded.codes[:candidates])
        return 1000 * (perf_counter() - start)

    # The first call pays for what later calls find ready.
    milliseconds(0, steps[-1])
    return [(step, median(milliseconds(caption, step) for caption in range(_CAPTIONS))) for step in steps]
