"""Which captions found their photos, and which didn't."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine.evaluation.examine import Evaluation
from engine.recall import RankArray, recall_metrics

EXTREMES = 10
_LENGTHS = ((1, 4), (5, 7), (8, 10), (11, 13), (14, 17), (18, 24), (25, None))
# Recall over fewer captions than this says little about a word.
_FEWEST = 5
_SHARE = 250
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Group:
    """Captions that have something in common, and the recall of their fused answers.

    Attributes:
        name: What they have in common.
        captions: How many they are.
        r1: Percent with their photo in first place.
        r10: Percent with their photo within the first 10.
    """

    name: str
    captions: int
    r1: float
    r10: float

    def to_json(self) -> dict[str, object]:
        """Return the figures as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class AnsweredCaption:
    """One caption and its answer.

    Attributes:
        caption: The caption.
        photo: Its own photo.
        coarse_place: Place of its own photo by the coarse filter, 1 for the first.
        fused_place: Place of its own photo by the fused strength.
        best: The first few photos of the fused answer.
    """

    caption: str
    photo: Path
    coarse_place: int
    fused_place: int
    best: tuple[Path, ...]

    def to_json(self) -> dict[str, object]:
        """Return the answer as a JSON object."""
        return {
            "caption": self.caption,
            "photo": os.fspath(self.photo),
            "coarse_place": self.coarse_place,
            "fused_place": self.fused_place,
            "best": [os.fspath(path) for path in self.best],
        }


@dataclass(frozen=True, slots=True)
class Study:
    """The captions of an evaluation, looked at one by one.

    Attributes:
        lengths: Captions by their number of words, short ones first.
        words: Captions by the words in them, words that are hard to find first.
        fewest: Words in fewer captions are left out.
        best: Captions whose photo came first, those that the coarse filter had placed
            last before the others.
        worst: Captions whose photo came last.
    """

    lengths: tuple[Group, ...]
    words: tuple[Group, ...]
    fewest: int
    best: tuple[AnsweredCaption, ...]
    worst: tuple[AnsweredCaption, ...]


def study_captions(evaluation: Evaluation) -> Study:
    """Look at the captions of an evaluation one by one."""
    captions = evaluation.photos.captions
    answers = [fold.text_to_image for fold in evaluation.folds]
    coarse = np.concatenate([found.coarse for found in answers])
    fused = np.concatenate([found.fused[:, -1] for found in answers])
    fewest = max(_FEWEST, len(captions) // _SHARE)
    order = np.lexsort((-coarse, fused))
    return Study(
        lengths=tuple(_by_length(captions, fused)),
        words=tuple(_by_word(captions, fused, fewest)),
        fewest=fewest,
        best=tuple(_answered(evaluation, caption) for caption in order[:EXTREMES].tolist()),
        worst=tuple(_answered(evaluation, caption) for caption in order[: -EXTREMES - 1 : -1].tolist()),
    )


def words_of(caption: str) -> list[str]:
    """Return the words of a caption, lower-cased."""
    return _WORD.findall(caption.lower())


def _by_length(captions: Sequence[str], ranks: RankArray) -> Iterable[Group]:
    counts = np.array([len(words_of(caption)) for caption in captions])
    for least, most in _LENGTHS:
        chosen = (counts >= least) & (counts <= (most or counts.max(initial=0)))
        if chosen.any():
            yield _group(f"{least} or more" if most is None else f"{least} to {most}", ranks[chosen])


def _by_word(captions: Sequence[str], ranks: RankArray, fewest: int) -> list[Group]:
    where: defaultdict[str, list[int]] = defaultdict(list)
    for number, caption in enumerate(captions):
        for word in set(words_of(caption)):
            where[word].append(number)
    groups = [_group(word, ranks[numbers]) for word, numbers in where.items() if len(numbers) >= fewest]
    return sorted(groups, key=lambda group: (group.r10, group.r1, group.captions, group.name))


def _group(name: str, ranks: RankArray) -> Group:
    recall = recall_metrics(ranks)
    return Group(name, len(ranks), recall.r1, recall.r10)


def _answered(evaluation: Evaluation, caption: int) -> AnsweredCaption:
    fold = next(fold for fold in evaluation.folds if caption < fold.captions.stop)
    within = caption - fold.captions.start
    photos, found = evaluation.photos.paths[fold.photos], fold.text_to_image
    return AnsweredCaption(
        caption=evaluation.photos.captions[caption],
        photo=photos[fold.owners[within]],
        coarse_place=int(found.coarse[within]) + 1,
        fused_place=int(found.fused[within, -1]) + 1,
        best=tuple(photos[place] for place in found.best[within].tolist() if place >= 0),
    )
