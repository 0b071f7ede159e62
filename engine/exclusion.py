"""Which photos an excluded phrase describes well enough to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.descriptions import bank
from engine.gallery import Gallery
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.models import Encoder

SENTENCES = 32
PHOTOS = 10_000  # of a larger library, so many tell as much, and a million would take seconds
BETTER_THAN = 0.9


class Exclusion:
    """Judges similarities with an excluded phrase by what other sentences reach.

    A photo is left out if the phrase fits it better than nine in ten of all pairs of a
    composed sentence and a photo of the library fit each other. So no scale of cosines is
    taken for granted, and a library of which most photos show what is excluded is no
    special case. The strength of a match would not do: it says how surely a photo is the
    one that was meant, which of "dog" can be said of no photo.

    On Flickr8k's 1,000 dev photos, over 21 words, that hides 76 % of the photos that most of
    five people described with the word, and 5 % of those that nobody did
    (`tests/benchmarks/bench_answers.py`, of sgraffito-6).
    """

    def __init__(self, gallery: Gallery, encoder: Encoder) -> None:
        """Remember the photos, and what encodes sentences for them; nothing is computed yet."""
        self._gallery = gallery
        self._encoder = encoder
        self._sentences: FloatArray | None = None
        self._judged: NDArray[np.int64] | None = None
        self._usual = 0.0

    def describes(self, similarities: FloatArray) -> NDArray[np.bool_]:
        """Return (N,) which photos a phrase with these (N,) similarities describes."""
        if self._judged is not self._gallery.ids:
            self._usual = self._reached() if len(self._gallery) else 0.0
            self._judged = self._gallery.ids
        return np.asarray(similarities > self._usual)

    def _reached(self) -> float:
        """Return the similarity that one in ten pairs of a sentence and a photo exceeds."""
        return float(np.quantile(self._embeddings() @ self._gallery.sample(PHOTOS).T, BETTER_THAN))

    def _embeddings(self) -> FloatArray:
        """Return (32, E) sentences from all over the bank, encoded at the first call."""
        if self._sentences is None:
            sentences = bank()
            evenly = np.linspace(0, len(sentences) - 1, SENTENCES).astype(int).tolist()
            self._sentences = self._encoder.encode_text([sentences[at] for at in evenly]).embeddings
        return self._sentences
