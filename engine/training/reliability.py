"""Whether strengths mean what they say: of all photos shown at 0.8, are four in five relevant?

Judged on photos that nothing was fitted on, against what their captions say. Captions
don't mention everything, so a photo that would have pleased may count as not relevant:
the shares are rather too low than too high.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

DoubleArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
Interval: TypeAlias = tuple[float, float]

EDGES: DoubleArray = np.arange(11) / 10
STRONG = 0.8
_Z95 = 1.959964
_CLOSEST = 1e-12


@dataclass(frozen=True, slots=True)
class Bin:
    """The matches whose strengths lie from `low` to below `high` (the last bin includes 1).

    Attributes:
        low: Least strength.
        high: End of the strengths.
        count: How many matches, at least one.
        strength: Their mean strength.
        relevant: Share of them that is relevant.
        interval: Where that share lies with 95 % confidence (Wilson), if matches were
            independent; several captions of one photo are not, so it is rather too narrow.
    """

    low: float
    high: float
    count: int
    strength: float
    relevant: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Strong:
    """The matches of at least `threshold`.

    Attributes:
        threshold: Least strength.
        count: How many matches.
        relevant: Share of them that is relevant; None without any.
        interval: Where that share lies with 95 % confidence (Wilson).
        queries: Share of queries with such a match.
    """

    threshold: float
    count: int
    relevant: float | None
    interval: Interval
    queries: float


@dataclass(frozen=True, slots=True)
class Good:
    """What a search calls good matches.

    Attributes:
        cutoff: Strength from which a match is good.
        precision: Share of a query's good matches that is relevant, on average over the
            queries that have any; None without any.
        recall: Share of a query's relevant candidates that is good, on average over the
            queries that have any; None without any.
        kept: Share of all queries whose own photo is a good match.
        size: Good matches per query, on average.
        none: Share of queries without a good match.
        error: Expected calibration error of the good matches alone; None without any.
    """

    cutoff: float
    precision: float | None
    recall: float | None
    kept: float
    size: float
    none: float
    error: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well strengths hold, and what the cut-off does.

    Attributes:
        queries: How many queries were asked.
        bins: The reliability table, weakest first; bins without a match are left out.
        error: Expected calibration error: how far strength and share are apart in a bin,
            on average over all candidates. Nearly all of them are weak, so it is small
            for every model that isn't absurd; `good.error` is the one to watch.
        offset: What to add to the log-odds of every strength so that they are right on
            average: below 0 where strengths promise too much.
        strong: The matches above 0.8.
        good: The matches above the cut-off.
    """

    queries: int
    bins: tuple[Bin, ...]
    error: float
    offset: float
    strong: Strong
    good: Good

    def to_json(self) -> dict[str, object]:
        """Return the figures as a JSON object."""
        return asdict(self)


def reliability(strength: DoubleArray, relevant: BoolArray, own: BoolArray, cutoff: float) -> Reliability:
    """Return how well strengths hold.

    Args:
        strength: (M, K) strengths of K candidates of each of M queries.
        relevant: (M, K) whether the candidate is relevant.
        own: (M, K) whether the candidate is the photo that the query was written for.
        cutoff: Strength from which a match is called good.

    Raises:
        ValueError: There are no candidates, or a strength isn't within 0 to 1.
    """
    if strength.size == 0 or not np.all((strength >= 0) & (strength <= 1)):
        raise ValueError("reliability needs strengths within 0 to 1")
    bins = reliability_table(strength, relevant)
    return Reliability(
        queries=len(strength),
        bins=bins,
        error=calibration_error(bins),
        offset=_offset(strength, relevant),
        strong=_strong(strength, relevant),
        good=_good(strength, relevant, own, cutoff),
    )


def reliability_table(strength: DoubleArray, relevant: BoolArray) -> tuple[Bin, ...]:
    """Return the bins that hold at least one of these matches (any shape), weakest first."""
    places = np.clip(np.searchsorted(EDGES, strength, side="right") - 1, 0, len(EDGES) - 2)
    bins = []
    for place in np.unique(places):
        inside = places == place
        count, hits = int(inside.sum()), int(relevant[inside].sum())
        low, high = float(EDGES[place]), float(EDGES[place + 1])
        mean = float(strength[inside].mean(dtype=np.float64))
        bins.append(Bin(low, high, count, mean, hits / count, wilson(hits, count)))
    return tuple(bins)


def calibration_error(bins: tuple[Bin, ...]) -> float:
    """Return the mean distance of strength and share over all matches of `bins`."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.strength - b.relevant) for b in bins) / total


def wilson(hits: int, count: int) -> Interval:
    """Return the 95 % interval of a share of which `hits` of `count` were seen."""
    if count == 0:
        return 0.0, 1.0
    share, spread = hits / count, _Z95**2 / count
    middle = (share + spread / 2) / (1 + spread)
    reach = float(np.sqrt(spread * (share * (1 - share) + spread / 4))) / (1 + spread)
    # At no hits or all hits the formula's ends are 0 and 1 but for rounding.
    return (0.0 if hits == 0 else middle - reach), (1.0 if hits == count else middle + reach)


def mean_share(part: BoolArray, whole: BoolArray) -> float | None:
    """Return which share of each query's `whole` (M, K) is `part`, averaged over queries with any."""
    sizes = whole.sum(axis=1)
    asked = sizes > 0
    if not asked.any():
        return None
    return float(((part & whole).sum(axis=1)[asked] / sizes[asked]).mean())


def _strong(strength: DoubleArray, relevant: BoolArray) -> Strong:
    strong = strength >= STRONG
    count, hits = int(strong.sum()), int(relevant[strong].sum())
    share = hits / count if count else None
    return Strong(STRONG, count, share, wilson(hits, count), float(strong.any(axis=1).mean()))


def _good(strength: DoubleArray, relevant: BoolArray, own: BoolArray, cutoff: float) -> Good:
    good = strength >= cutoff
    return Good(
        cutoff=cutoff,
        precision=mean_share(relevant, good),
        recall=mean_share(good, relevant),
        kept=float((good & own).any(axis=1).mean()),
        size=float(good.sum(axis=1).mean()),
        none=float((~good.any(axis=1)).mean()),
        error=calibration_error(reliability_table(strength[good], relevant[good])) if good.any() else None,
    )


def _offset(strength: DoubleArray, relevant: BoolArray) -> float:
    """Return the shift of all log-odds under which the mean strength is the share that is relevant."""
    inside = np.clip(strength.astype(np.float64), _CLOSEST, 1 - _CLOSEST)
    odds = np.log(inside) - np.log1p(-inside)
    low, high = -30.0, 30.0
    for _ in range(50):
        middle = (low + high) / 2
        if np.mean(0.5 * (1 + np.tanh((odds + middle) / 2))) < relevant.mean():
            low = middle
        else:
            high = middle
    return (low + high) / 2
