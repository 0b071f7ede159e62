"""Photos and captions as the product encodes them, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.captioned_photos import CaptionedPhotos
from engine.errors import KnownError
from engine.image import read_photo
from engine.types import CaptionWords, FloatArray

if TYPE_CHECKING:
    from engine.models import Encoder, Models

BATCH = 8
_CAPTION_BATCH = 256

ProgressReport: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Everything that scoring needs.

    Attributes:
        photos: (I, E) coarse embeddings.
        codes: I region codes.
        captions: (C, E) coarse embeddings.
        words: C captions in SGRAF's joint space.
    """

    photos: FloatArray
    codes: Sequence[bytes]
    captions: FloatArray
    words: Sequence[CaptionWords]

    def part(self, photos: slice, captions: slice) -> Encoded:
        """Return some photos and some captions."""
        return Encoded(self.photos[photos], self.codes[photos], self.captions[captions], self.words[captions])


def encode(models: Models, photos: CaptionedPhotos, progress: ProgressReport) -> Encoded:
    """Encode photos and captions.

    Raises:
        KnownError: The models give no regions.
        ImageError: A photo can't be read.
    """
    embeddings, codes = _encode_photos(models, photos.paths, progress)
    texts, words = _encode_captions(models, photos.captions, progress)
    return Encoded(embeddings, codes, texts, words)


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
