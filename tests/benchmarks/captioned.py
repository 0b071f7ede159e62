"""Captioned photos for the benchmarks: read, encoded once, and means with their uncertainty."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.captioned_photos import CaptionedPhotos, read_captioned_photos
from engine.image import read_photo
from engine.models import Encoder, Models, load_models
from engine.strength import match_strength
from engine.types import ByteArray, CaptionWords, FloatArray
from engine.vectors import top_k

BATCH = 8
CAPTION_BATCH = 256
RESAMPLES = 2000
# Cosines of photos behind the candidates are moved below every strength in 0 to 1.
BEHIND = 10.0


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of what every benchmark on captioned photos takes."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("images", type=Path, help="folder of the photos")
    parser.add_argument("captions", type=Path, help="CSV file with the header image,caption")
    parser.add_argument("--split", type=Path, help="text file with one file name a line; only these count")
    parser.add_argument("--limit", type=int, help="take only so many photos, at random")
    parser.add_argument("--pack", type=Path, help="a model pack (default: the bundled one)")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def read(options: argparse.Namespace) -> tuple[Models, CaptionedPhotos]:
    """Return the models and the captioned photos that the command line names."""
    photos = read_captioned_photos(options.images, options.captions, options.split)
    if options.limit is not None and options.limit < len(photos.paths):
        chosen = np.random.default_rng(options.seed).choice(len(photos.paths), options.limit, replace=False)
        photos = only(photos, np.sort(chosen))
    return load_models(options.pack, device="cpu"), photos


def only(photos: CaptionedPhotos, rows: NDArray[np.int64]) -> CaptionedPhotos:
    """Return the chosen photos, in ascending order of `rows`, with their captions."""
    kept = np.isin(photos.photo_of_caption, rows)
    return CaptionedPhotos(
        tuple(photos.paths[row] for row in rows),
        tuple(photos.captions[i] for i in np.flatnonzero(kept)),
        np.searchsorted(rows, photos.photo_of_caption[kept]),
    )


def prepared_batches(encoder: Encoder, paths: Sequence[Path]) -> Iterator[list[ByteArray]]:
    """Yield the photos as arrays that the encoder takes, a few at a time."""
    for start in range(0, len(paths), BATCH):
        yield [encoder.prepare(read_photo(path).image) for path in paths[start : start + BATCH]]
        if sys.stderr.isatty():
            print(f"\r{start}/{len(paths)} photos", end="\r", file=sys.stderr)


@dataclass(frozen=True, eq=False)
class EncodedCaptions:
    """C captions: coarse embeddings (C, E), and their words in SGRAF's joint space."""

    embeddings: FloatArray
    words: Sequence[CaptionWords]


def encode_captions(models: Models, captions: Sequence[str]) -> EncodedCaptions:
    """Encode captions in batches."""
    embeddings, words = [], []
    for start in range(0, len(captions), CAPTION_BATCH):
        features = models.pack.encode_text(captions[start : start + CAPTION_BATCH])
        embeddings.append(features.embeddings)
        words += features.words or ()
    return EncodedCaptions(np.concatenate(embeddings), words)


@dataclass(frozen=True, eq=False)
class Gallery:
    """Photos that were encoded once, to be asked for by many captions.

    Attributes:
        models: The models that encoded them.
        embeddings: (I, E) coarse embeddings.
        codes: I region codes.
    """

    models: Models
    embeddings: FloatArray
    codes: Sequence[bytes]

    @classmethod
    def of(cls, models: Models, paths: Sequence[Path]) -> Gallery:
        """Encode photos."""
        features = [models.pack.encode_images(batch) for batch in prepared_batches(models.pack, paths)]
        codes = [code for each in features for code in each.regions or ()]
        return cls(models, np.concatenate([each.embeddings for each in features]), codes)

    def similarities(self, captions: EncodedCaptions, candidates: int) -> tuple[FloatArray, FloatArray]:
        """Return coarse and fused similarities (I, C), as a search orders the photos."""
        coarse: FloatArray = self.embeddings @ captions.embeddings.T
        fused = coarse - BEHIND
        rows = np.arange(len(self.codes))
        for column, words in enumerate(captions.words):
            chosen = top_k(coarse[:, column], rows, candidates)
            fused[chosen, column] = self._strength(words, coarse[chosen, column], chosen)
        return coarse, fused

    def pairs(
        self, captions: EncodedCaptions, photos: NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return coarse, SGRAF and fused similarity (C,) of each caption with one photo."""
        coarse: FloatArray = (self.embeddings[photos] * captions.embeddings).sum(axis=1)
        reranked = np.concatenate(
            [self._rerank(words, photos[[i]]) for i, words in enumerate(captions.words)]
        )
        fused = match_strength(self.models.fusion, coarse, reranked, calibrated=True)
        return coarse, reranked, fused

    def _strength(self, words: CaptionWords, coarse: FloatArray, photos: NDArray[np.intp]) -> FloatArray:
        return match_strength(self.models.fusion, coarse, self._rerank(words, photos), calibrated=True)

    def _rerank(self, words: CaptionWords, photos: NDArray[np.intp]) -> FloatArray:
        scores = self.models.reranker.score(words, [self.codes[i] for i in photos])
        assert scores is not None, "nobody stops this"
        return scores


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval.

    Attributes:
        mean: Over all values.
        low: Lower end of the interval.
        high: Upper end.
        count: Number of values.
        photos: Number of photos that they come from.
    """

    mean: float
    low: float
    high: float
    count: int
    photos: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}] ({self.count:,} on {self.photos:,} photos)"

    def percent(self) -> str:
        """Return the estimate in percent."""
        return (
            f"{100 * self.mean:.1f} % [{100 * self.low:.1f}, {100 * self.high:.1f}]"
            f" ({self.count:,} on {self.photos:,} photos)"
        )


def estimate(values: ArrayLike, photos: ArrayLike) -> Estimate:
    """Return the mean of values, its interval by bootstrap over the photos that they come from.

    Values of one photo are not independent, so photos are drawn, not values.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if not len(numbers):
        return Estimate(float("nan"), float("nan"), float("nan"), 0, 0)
    _, owner = np.unique(np.asarray(photos), return_inverse=True)
    sums, counts = np.bincount(owner, weights=numbers), np.bincount(owner)
    rng = np.random.default_rng(0)
    means = np.empty(RESAMPLES)
    for sample in range(RESAMPLES):
        drawn = rng.integers(0, len(sums), len(sums))
        means[sample] = sums[drawn].sum() / counts[drawn].sum()
    low, high = np.quantile(means, (0.025, 0.975))
    return Estimate(float(numbers.mean()), float(low), float(high), len(numbers), len(sums))
