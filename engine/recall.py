"""Recall at K in both directions, counted as the SGRAF authors count it.

A rank is the place of the best-placed right answer, 0 for the first. Gallery
entries of equal similarity are placed by their position, so the figures don't
depend on the sorting algorithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.types import FloatArray

RankArray: TypeAlias = NDArray[np.int64]
IndexArray: TypeAlias = NDArray[np.int64]
Interval: TypeAlias = tuple[float, float]

RESAMPLES = 1000
_BOUNDS = (2.5, 97.5)
_KS = (1, 5, 10)
_FIGURES = ("r1", "r5", "r10", "median_rank", "mean_rank")


@dataclass(frozen=True, slots=True)
class RecallIntervals:
    """95 % confidence intervals of recalls, in percent: (lower bound, upper bound).

    Attributes:
        r1: Of R@1.
        r5: Of R@5.
        r10: Of R@10.
    """

    r1: Interval
    r5: Interval
    r10: Interval

    def to_json(self) -> dict[str, list[float]]:
        """Return the bounds as a JSON object."""
        return {name: list(bounds) for name, bounds in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Recall:
    """How often, and how early, a right answer came.

    Attributes:
        r1: Percent of queries with a right answer in first place.
        r5: Percent within the first 5.
        r10: Percent within the first 10.
        median_rank: Median place of the right answer, 1 for the first, rounded down.
        mean_rank: Mean place of the right answer, 1 for the first.
        intervals: How sure the recalls are, where that was worked out.
    """

    r1: float
    r5: float
    r10: float
    median_rank: float
    mean_rank: float
    intervals: RecallIntervals | None = field(default=None, compare=False)

    @property
    def total(self) -> float:
        """R@1 + R@5 + R@10."""
        return self.r1 + self.r5 + self.r10

    def to_json(self) -> dict[str, object]:
        """Return the figures as a JSON object."""
        figures: dict[str, object] = {name: getattr(self, name) for name in _FIGURES}
        return figures if self.intervals is None else figures | {"intervals": self.intervals.to_json()}


@dataclass(frozen=True, slots=True, eq=False)
class RankedQueries:
    """Queries that were answered from one gallery.

    Attributes:
        ranks: (Q,) rank of each query's right answer.
        photos: (Q,) number of the photo that each query belongs to.
    """

    ranks: RankArray
    photos: IndexArray


def recall_metrics(ranks: RankArray) -> Recall:
    """Return recalls and ranks of queries whose right answers have these `ranks` (0 for the first).

    Raises:
        ValueError: There are no ranks.
    """
    if len(ranks) == 0:
        raise ValueError("recall needs at least one query")
    r1, r5, r10 = (100.0 * float(np.mean(ranks < k)) for k in _KS)
    return Recall(r1, r5, r10, float(np.floor(np.median(ranks))) + 1.0, float(np.mean(ranks)) + 1.0)


def measure_recall(galleries: Sequence[RankedQueries]) -> Recall:
    """Return the mean recall over galleries, such as folds, with its intervals.

    Median and mean ranks are averaged too, as the SGRAF authors average folds.

    Args:
        galleries: The queries of each gallery, at least one.
    """
    recalls = [recall_metrics(queries.ranks) for queries in galleries]

    def mean(figure: str) -> float:
        return float(np.mean([getattr(recall, figure) for recall in recalls]))

    r1, r5, r10, median_rank, mean_rank = map(mean, _FIGURES)
    return Recall(r1, r5, r10, median_rank, mean_rank, recall_intervals(galleries))


def recall_intervals(
    galleries: Sequence[RankedQueries], *, samples: int = RESAMPLES, seed: int = 0
) -> RecallIntervals:
    """Return bootstrap intervals (percentiles) of the mean recall over galleries of one size or another.

    Photos are drawn with their captions, because captions of one photo succeed and fail
    together: drawn apart, they would make the intervals too narrow. Within each gallery
    as many photos are drawn as it holds. The galleries themselves stay as they are.

    Args:
        galleries: The queries of each gallery, at least one.
        samples: How often photos are drawn.
        seed: Equal seeds draw equal photos.
    """
    rng = np.random.default_rng(seed)
    recalls = np.mean([_resampled_recalls(queries, samples, rng) for queries in galleries], axis=0)
    low, high = np.percentile(recalls, _BOUNDS, axis=0).tolist()
    return RecallIntervals(*zip(low, high, strict=True))


def _resampled_recalls(queries: RankedQueries, samples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return recalls (samples, 3) in percent, each over photos drawn with replacement."""
    _, photo = np.unique(queries.photos, return_inverse=True)
    count = int(photo.max()) + 1
    hits = np.stack([np.bincount(photo, queries.ranks < k, count) for k in _KS], axis=1)  # (I, 3)
    table = np.column_stack([hits, np.bincount(photo)])
    # One draw at a time: all at once would take gigabytes for a large gallery.
    draws = (np.bincount(rng.integers(count, size=count), minlength=count) for _ in range(samples))
    sums = np.array([times @ table for times in draws])
    recalls: NDArray[np.float64] = 100.0 * sums[:, :-1] / sums[:, -1:]
    return recalls


def text_to_image_ranks(similarity: FloatArray, image_of_caption: IndexArray | None = None) -> RankArray:
    """Return the rank (C,) of each caption's own image.

    Args:
        similarity: (I, C).
        image_of_caption: (C,) row of each caption's image; None means C / I captions per image, in order.

    Raises:
        ValueError: The captions can't be shared evenly by the images.
    """
    return own_ranks(similarity.T, _owners(similarity, image_of_caption))


def image_to_text_ranks(similarity: FloatArray, image_of_caption: IndexArray | None = None) -> RankArray:
    """Return the rank (I,) of the best-placed caption of each image.

    Args:
        similarity: (I, C).
        image_of_caption: As for `text_to_image_ranks`; every image has at least one caption.

    Raises:
        ValueError: The captions can't be shared evenly by the images, or an image has none.
    """
    owners = _owners(similarity, image_of_caption)
    own = [np.flatnonzero(owners == image) for image in range(similarity.shape[0])]
    if not all(map(len, own)):
        raise ValueError("every image needs a caption of its own")
    return np.fromiter(map(best_rank, similarity, own), dtype=np.int64)


def own_ranks(similarity: FloatArray, truth: IndexArray) -> RankArray:
    """Return the rank (Q,) of each query's own entry of the gallery (see `best_rank`).

    Args:
        similarity: (Q, N).
        truth: (Q,) position of each query's own entry.
    """
    return np.fromiter(map(best_rank, similarity, truth[:, None]), dtype=np.int64)


def best_rank(scores: FloatArray, right: IndexArray) -> int:
    """Return how many of `scores` come before the best of the `right` ones.

    A score that isn't a number counts as ahead: a broken model must not look perfect.
    """
    best = right[np.argmax(scores[right])]
    value = scores[best]
    return int(np.count_nonzero(~(scores <= value)) + np.count_nonzero(scores[:best] == value))


def _owners(similarity: FloatArray, image_of_caption: IndexArray | None) -> IndexArray:
    images, captions = similarity.shape
    if image_of_caption is not None:
        return image_of_caption
    if images == 0 or captions % images:
        raise ValueError(f"{captions} captions can't be shared evenly by {images} images")
    owners: IndexArray = np.arange(captions) // (captions // images)
    return owners
