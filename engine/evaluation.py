"""How well captions find their photos, and photos their captions, on captioned photos.

Three answers are compared: the coarse filter alone; SGRAF alone on the candidates that
the coarse filter chose; and the fused strength on the same candidates. Where SGRAF did
not look, photos stay behind the candidates, in the order of the coarse filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.captioned_photos import CaptionedPhotos, read_captioned_photos
from engine.errors import KnownError
from engine.image import read_photo
from engine.recall import Recall, image_to_text_ranks, recall_metrics, text_to_image_ranks
from engine.strength import match_strength
from engine.types import CaptionWords, FloatArray
from engine.vectors import top_k

if TYPE_CHECKING:
    from engine.models import Encoder, Models

CANDIDATES = 200
BATCH = 8
_CAPTION_BATCH = 256
# Cosines of photos behind the candidates are moved below every similarity in 0 to 1.
_BEHIND = 10.0

ProgressReport: TypeAlias = Callable[[str, int, int], None]
Scorer: TypeAlias = Callable[[int, NDArray[np.intp]], FloatArray]


@dataclass(frozen=True, slots=True)
class BothDirections:
    """Recall from captions to photos and from photos to captions."""

    text_to_image: Recall
    image_to_text: Recall

    def to_json(self) -> dict[str, dict[str, float]]:
        """Return the figures as a JSON object."""
        return {"text_to_image": self.text_to_image.to_json(), "image_to_text": self.image_to_text.to_json()}


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation found.

    Attributes:
        images: Number of photos.
        captions: Number of captions.
        candidates: How many answers of the coarse filter SGRAF looked at.
        coarse: The coarse filter alone.
        rerank: SGRAF alone on the candidates.
        fused: The fused strength on the candidates.
    """

    images: int
    captions: int
    candidates: int
    coarse: BothDirections
    rerank: BothDirections
    fused: BothDirections

    def to_json(self) -> dict[str, object]:
        """Return the report as a JSON object."""
        return {
            "images": self.images,
            "captions": self.captions,
            "candidates": self.candidates,
            "coarse": self.coarse.to_json(),
            "rerank": self.rerank.to_json(),
            "fused": self.fused.to_json(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Encoded:
    """Everything that scoring needs.

    Attributes:
        coarse: (I, C) cosines.
        words: C captions in SGRAF's joint space.
        codes: I region codes.
    """

    coarse: FloatArray
    words: Sequence[CaptionWords]
    codes: Sequence[bytes]


def evaluate(
    models: Models,
    images: Path,
    captions: Path,
    *,
    split: Path | None = None,
    candidates: int | None = CANDIDATES,
    progress: ProgressReport = lambda stage, done, total: None,
) -> EvaluationReport:
    """Measure recall in both directions on a folder of captioned photos.

    Args:
        models: The models.
        images: Folder of the photos.
        captions: CSV file with the header `image,caption`, any number of rows a photo.
        split: Text file with one file name a line; only these photos count.
        candidates: How many answers of the coarse filter SGRAF looks at; None for all.
        progress: Told the stage, the steps done and their number, now and then.

    Raises:
        KnownError: A file is missing or malformed, or photos or captions are missing.
        ImageError: A photo can't be read.
    """
    photos = read_captioned_photos(images, captions, split)
    encoded = _encode(models, photos, progress)
    owners = photos.photo_of_caption
    coarse = BothDirections(
        recall_metrics(text_to_image_ranks(encoded.coarse, owners)),
        recall_metrics(image_to_text_ranks(encoded.coarse, owners)),
    )
    forward = _second_stage(
        models, encoded.coarse.T, candidates, _photo_scorer(models, encoded), "captions", progress
    )
    backward = _second_stage(
        models, encoded.coarse, candidates, _caption_scorer(models, encoded), "photos", progress
    )
    rerank, fused = (
        BothDirections(
            recall_metrics(text_to_image_ranks(there.T, owners)),
            recall_metrics(image_to_text_ranks(back, owners)),
        )
        for there, back in zip(forward, backward, strict=True)
    )
    rows, columns = encoded.coarse.shape
    most = max(rows, columns)
    return EvaluationReport(rows, columns, min(candidates or most, most), coarse, rerank, fused)


def _encode(models: Models, photos: CaptionedPhotos, progress: ProgressReport) -> _Encoded:
    embeddings, codes = _encode_photos(models, photos.paths, progress)
    texts, words = _encode_captions(models, photos.captions, progress)
    return _Encoded(embeddings @ texts.T, words, codes)


def _encode_photos(
    models: Models, paths: Sequence[Path], progress: ProgressReport
) -> tuple[FloatArray, list[bytes]]:
    """Return coarse embeddings (I, E) and region codes."""
    embeddings: list[FloatArray] = []
    codes: list[bytes] = []
    for prepared in _prepared(models.encoders, paths):
        features = [
            encoder.encode_images([photo[i] for photo in prepared])
            for i, encoder in enumerate(models.encoders)
        ]
        embeddings.append(features[0].embeddings)
        codes += features[-1].regions or ()
        progress("photos read", len(codes), len(paths))
    if len(codes) != len(paths):
        raise KnownError("The model pack gives no regions.", hint="Choose another pack.")
    return np.concatenate(embeddings), codes


def _prepared(
    encoders: Sequence[Encoder], paths: Sequence[Path]
) -> Iterator[list[list[NDArray[np.generic]]]]:
    """Yield batches of photos, each prepared for every encoder, decoded one batch ahead."""

    def prepare(path: Path) -> list[NDArray[np.generic]]:
        image = read_photo(path).image
        return [encoder.prepare(image) for encoder in encoders]

    with ThreadPoolExecutor(thread_name_prefix="decode") as pool:
        batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
        ahead = [pool.submit(prepare, path) for path in batches[0]]
        for following in [*batches[1:], ()]:
            current, ahead = ahead, [pool.submit(prepare, path) for path in following]
            yield [future.result() for future in current]


def _encode_captions(
    models: Models, captions: Sequence[str], progress: ProgressReport
) -> tuple[FloatArray, list[CaptionWords]]:
    """Return coarse embeddings (C, E) and words."""
    embeddings: list[FloatArray] = []
    words: list[CaptionWords] = []
    for start in range(0, len(captions), _CAPTION_BATCH):
        batch = captions[start : start + _CAPTION_BATCH]
        features = models.pack.encode_text(batch)
        words += features.words or ()
        coarse = features if models.coarse is models.pack else models.coarse.encode_text(batch)
        embeddings.append(coarse.embeddings)
        progress("captions read", len(words), len(captions))
    return np.concatenate(embeddings), words


def _photo_scorer(models: Models, encoded: _Encoded) -> Scorer:
    def score(caption: int, photos: NDArray[np.intp]) -> FloatArray:
        scores = models.reranker.score(encoded.words[caption], [encoded.codes[i] for i in photos])
        assert scores is not None, "nobody stops this"
        return scores

    return score


def _caption_scorer(models: Models, encoded: _Encoded) -> Scorer:
    def score(photo: int, captions: NDArray[np.intp]) -> FloatArray:
        scores = models.reranker.score_captions([encoded.words[i] for i in captions], encoded.codes[photo])
        assert scores is not None, "nobody stops this"
        return scores

    return score


def _second_stage(
    models: Models,
    coarse: FloatArray,
    candidates: int | None,
    score: Scorer,
    queries: str,
    progress: ProgressReport,
) -> tuple[FloatArray, FloatArray]:
    """Return similarities (queries, answers) by SGRAF alone and by fused strength.

    Args:
        models: For the calibration.
        coarse: (queries, answers) cosines.
        candidates: Answers that SGRAF looks at; None for all.
        score: SGRAF similarities of one query with chosen answers.
        queries: What the queries are, for the progress.
        progress: Told after every query.
    """
    rerank = coarse - _BEHIND
    fused = rerank.copy()
    answers = np.arange(coarse.shape[1])
    for query, cosines in enumerate(coarse):
        chosen = top_k(cosines, answers, candidates or len(answers))
        scores = score(query, chosen)
        rerank[query, chosen] = scores
        fused[query, chosen] = match_strength(
            models.fusion, cosines[chosen], scores, calibrated=models.coarse is models.pack
        )
        progress(f"{queries} answered", query + 1, len(coarse))
    return rerank, fused
