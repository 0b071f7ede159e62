"""An evaluation from the files to the figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from engine.captioned_photos import CaptionedPhotos, read_captioned_photos
from engine.errors import KnownError
from engine.evaluation.answers import CANDIDATES, Answers
from engine.evaluation.encode import Encoded, ProgressReport, encode
from engine.evaluation.fold import Fold, examine_fold
from engine.evaluation.results import BothDirections, EvaluationReport
from engine.recall import IndexArray, RankArray, RankedQueries, Recall, measure_recall
from engine.wording import counted

if TYPE_CHECKING:
    from engine.models import Models

Direction: TypeAlias = Literal["text_to_image", "image_to_text"]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Everything that was found out, query by query.

    Attributes:
        photos: The captioned photos.
        encoded: The same, encoded.
        folds: What was found in each fold; one fold where all were searched together.
    """

    photos: CaptionedPhotos
    encoded: Encoded
    folds: tuple[Fold, ...]

    def report(self) -> EvaluationReport:
        """Return the figures in short."""
        steps = (fold.text_to_image.steps + fold.image_to_text.steps for fold in self.folds)
        return EvaluationReport(
            images=len(self.photos.paths),
            captions=len(self.photos.captions),
            candidates=max(map(max, steps)),
            folds=len(self.folds),
            coarse=self._both(lambda answers: answers.coarse),
            rerank=self._both(lambda answers: answers.rerank),
            fused=self._both(partial(_fused_ranks, column=-1)),
        )

    def recall_curve(self, direction: Direction) -> list[tuple[int, Recall]]:
        """Return (number of candidates, recall of the fused answer), ascending."""
        first, _ = self._answers(direction)[0]
        return [
            (step, self._recall(direction, partial(_fused_ranks, column=column)))
            for column, step in enumerate(first.steps)
        ]

    def _both(self, ranks: Callable[[Answers], RankArray]) -> BothDirections:
        return BothDirections(self._recall("text_to_image", ranks), self._recall("image_to_text", ranks))

    def _recall(self, direction: Direction, ranks: Callable[[Answers], RankArray]) -> Recall:
        """Return the mean over the folds."""
        return measure_recall(
            [RankedQueries(ranks(answers), photos) for answers, photos in self._answers(direction)]
        )

    def _answers(self, direction: Direction) -> list[tuple[Answers, IndexArray]]:
        """Return each fold's answers with the photo of each query."""
        if direction == "text_to_image":
            return [(fold.text_to_image, fold.owners) for fold in self.folds]
        return [(fold.image_to_text, np.arange(len(fold.image_to_text.coarse))) for fold in self.folds]


def evaluate(
    models: Models,
    images: Path,
    captions: Path,
    *,
    split: Path | None = None,
    candidates: int | None = CANDIDATES,
    folds: int = 1,
    progress: ProgressReport = lambda stage, done, total: None,
) -> EvaluationReport:
    """Measure recall in both directions on a folder of captioned photos.

    Args:
        models: The models.
        images: Folder of the photos.
        captions: CSV file with the header `image,caption`, any number of rows a photo.
        split: Text file with one file name a line; only these photos count.
        candidates: How many answers of the coarse filter SGRAF looks at; None for all.
        folds: Equal parts of the photos, in their order, that are searched apart; the
            figures are means over them.
        progress: Told the stage, the steps done and their number, now and then.

    Raises:
        KnownError: A file is missing or malformed, photos or captions are missing, or
            the photos can't be split evenly.
        ImageError: A photo can't be read.
    """
    return examine(
        models, images, captions, split=split, candidates=candidates, folds=folds, progress=progress
    ).report()


def examine(
    models: Models,
    images: Path,
    captions: Path,
    *,
    split: Path | None = None,
    candidates: int | None = CANDIDATES,
    folds: int = 1,
    progress: ProgressReport = lambda stage, done, total: None,
) -> Evaluation:
    """Do what `evaluate` does, and return what every query found."""
    photos = read_captioned_photos(images, captions, split)
    galleries = _split(photos, folds, captions if split is None else split)
    encoded = encode(models, photos, progress)
    most_photos, most_captions = (max(map(_length, parts)) for parts in zip(*galleries, strict=True))
    at_most = (min(candidates or most_photos, most_photos), min(candidates or most_captions, most_captions))
    return Evaluation(
        photos,
        encoded,
        tuple(
            examine_fold(models, photos, encoded, *fold, candidates=at_most, progress=progress)
            for fold in galleries
        ),
    )


def _fused_ranks(answers: Answers, column: int) -> RankArray:
    return answers.fused[:, column]


def _split(photos: CaptionedPhotos, folds: int, path: Path) -> list[tuple[slice, slice]]:
    """Return the photos and the captions of each fold."""
    count = len(photos.paths)
    if count % folds:
        raise KnownError(
            f"{counted(count, 'photo')} can't be split into {folds} equal folds.",
            path=path,
            hint="Choose a number of folds that divides the number of photos, or other photos.",
        )
    size = count // folds
    starts = range(0, count, size)
    first = np.searchsorted(photos.photo_of_caption, [*starts, count]).tolist()
    return [
        (slice(start, start + size), slice(*own)) for start, own in zip(starts, pairwise(first), strict=True)
    ]


def _length(part: slice) -> int:
    length: int = part.stop - part.start
    return length
