"""Recall at K in both directions, counted as the SGRAF authors count it.

A rank is the place of the best-placed right answer, 0 for the first. Gallery
entries of equal similarity are placed by their position, so the figures don't
depend on the sorting algorithm.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.types import FloatArray

RankArray: TypeAlias = NDArray[np.int64]
IndexArray: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recall:
    """How often, and how early, a right answer came.

    Attributes:
        r1: Percent of queries with a right answer in first place.
        r5: Percent within the first 5.
        r10: Percent within the first 10.
        median_rank: Median place of the right answer, 1 for the first, rounded down.
        mean_rank: Mean place of the right answer, 1 for the first.
    """

    r1: float
    r5: float
    r10: float
    median_rank: float
    mean_rank: float

    @property
    def total(self) -> float:
        """R@1 + R@5 + R@10."""
        return self.r1 + self.r5 + self.r10

    def to_json(self) -> dict[str, float]:
        """Return the figures as a JSON object."""
        return asdict(self)


def recall_metrics(ranks: RankArray) -> Recall:
    """Return recalls and ranks of queries whose right answers have these `ranks` (0 for the first).

    Raises:
        ValueError: There are no ranks.
    """
    if len(ranks) == 0:
        raise ValueError("recall needs at least one query")
    r1, r5, r10 = (100.0 * float(np.mean(ranks < k)) for k in (1, 5, 10))
    return Recall(r1, r5, r10, float(np.floor(np.median(ranks))) + 1.0, float(np.mean(ranks)) + 1.0)


def text_to_image_ranks(similarity: FloatArray, image_of_caption: IndexArray | None = None) -> RankArray:
    """Return the rank (C,) of each caption's own image.

    Args:
        similarity: (I, C).
        image_of_caption: (C,) row of each caption's image; None means C / I captions per image, in order.

    Raises:
        ValueError: The captions can't be shared evenly by the images.
    """
    owners = _owners(similarity, image_of_caption)
    ranks = (_rank(similarity[:, c], owners[[c]]) for c in range(similarity.shape[1]))
    return np.fromiter(ranks, dtype=np.int64)


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
    return np.fromiter(map(_rank, similarity, own), dtype=np.int64)


def _rank(scores: FloatArray, right: IndexArray) -> int:
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
