"""One gallery searched in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.captioned_photos import CaptionedPhotos
from engine.evaluation.answers import Answers, Scorer, answer_queries, candidate_steps
from engine.evaluation.encode import Encoded, ProgressReport
from engine.recall import IndexArray
from engine.strength import match_strength
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.models import Models


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Photos searched by their own captions only, and captions by their own photos.

    Attributes:
        photos: Which of all photos, I of them.
        captions: Which of all captions, C of them.
        owners: (C,) place of each caption's photo within the fold.
        text_to_image: What the captions found.
        image_to_text: What the photos found.
    """

    photos: slice
    captions: slice
    owners: IndexArray
    text_to_image: Answers
    image_to_text: Answers


def examine_fold(
    models: Models,
    captioned: CaptionedPhotos,
    whole: Encoded,
    photos: slice,
    captions: slice,
    *,
    candidates: tuple[int, int],
    progress: ProgressReport,
) -> Fold:
    """Search some photos by their own captions, and those captions by the photos.

    Args:
        models: For SGRAF and the calibration.
        captioned: All photos.
        whole: All photos and captions, encoded.
        photos: The photos of this fold.
        captions: The captions of these photos.
        candidates: How many photos SGRAF looks at for a caption, and captions for a photo.
        progress: Told the queries answered, in this fold and those before it.
    """
    encoded = whole.part(photos, captions)
    owners = captioned.photo_of_caption[captions] - photos.start
    cosines = encoded.photos @ encoded.captions.T  # (I, C)
    # Where every pair is scored for the captions, the photos' answers need no second scoring.
    scored = np.empty_like(cosines) if candidates[0] >= len(cosines) else None

    fusion = models.fusion.in_gallery(len(cosines))

    def strength(coarse: FloatArray, rerank: FloatArray) -> FloatArray:
        return match_strength(fusion, coarse, rerank, calibrated=models.coarse is models.pack)

    text_to_image = answer_queries(
        cosines.T,
        list(owners[:, None]),
        candidate_steps(candidates[0]),
        _photo_scorer(models, encoded, scored),
        strength,
        lambda done: progress("captions answered", captions.start + done, len(captioned.captions)),
    )
    image_to_text = answer_queries(
        cosines,
        np.split(np.arange(len(owners)), np.searchsorted(owners, np.arange(1, len(cosines)))),
        candidate_steps(candidates[1]),
        _caption_scorer(models, encoded, scored),
        strength,
        lambda done: progress("photos answered", photos.start + done, len(captioned.paths)),
    )
    return Fold(photos, captions, owners, text_to_image, image_to_text)


def _photo_scorer(models: Models, encoded: Encoded, kept: FloatArray | None) -> Scorer:
    """Return a scorer of one caption's photos, which fills `kept` (I, C) if there is one."""

    def score(caption: int, photos: NDArray[np.intp]) -> FloatArray:
        scores = models.reranker.score(encoded.words[caption], [encoded.codes[i] for i in photos])
        assert scores is not None, "nobody stops this"
        if kept is not None:
            kept[photos, caption] = scores
        return scores

    return score


def _caption_scorer(models: Models, encoded: Encoded, kept: FloatArray | None) -> Scorer:
    """Return a scorer of one photo's captions, which reads `kept` (I, C) if there is one."""

    def score(photo: int, captions: NDArray[np.intp]) -> FloatArray:
        if kept is not None:
            known: FloatArray = kept[photo, captions]
            return known
        scores = models.reranker.score_captions([encoded.words[i] for i in captions], encoded.codes[photo])
        assert scores is not None, "nobody stops this"
        return scores

    return score
