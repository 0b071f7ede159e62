"""A photo → the sentences that describe it, ranked by SGRAF from image to text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.description_bank import BankEmbeddings
from engine.errors import KnownError, QueryError
from engine.gallery import Gallery
from engine.library import Library
from engine.photo_features import encode_file, locate_photo
from engine.query import parse_query, plain_caption
from engine.types import Description, DescriptionSource, FloatArray
from engine.vectors import top_k

if TYPE_CHECKING:
    from engine.models import Models

CANDIDATES = 200
LIMIT = 8
# Encoding is quick but not free: the first time, this many captions take some seconds.
MAX_LIBRARY_CAPTIONS = 2000
MAX_SEARCHES = 200
TOO_SIMILAR = 0.5
_ENCODE_AT_ONCE = 256
_CONTENT_WORD = re.compile(
    r"\b(?!(?:a|an|the|is|are|of|in|on|at|with|and|or|to|from|by|for|his|her|their|its)\b)\w+"
)


class Describer:
    """Describes photos with captions found in the library, past searches and composed sentences.

    Always works in the space of the bundled pack, whatever the coarse filter is, because
    SGRAF and the calibration belong to it. Used from one thread.
    """

    def __init__(
        self,
        library: Library,
        models: Models,
        *,
        gallery: Gallery | None = None,
        sentences: tuple[str, ...] | None = None,
    ) -> None:
        """Remember the parts; nothing is loaded yet.

        Args:
            library: Where captions, searches and stored features come from.
            models: The models.
            gallery: A gallery to share (`Searcher.gallery`), so that it is read once.
            sentences: The composed descriptions; None for the bank of all.
        """
        self._library = library
        self._models = models
        if gallery is None or gallery.pack_id != models.pack.pack_id:
            gallery = Gallery(library, models.pack.pack_id)
        self._gallery = gallery
        self._bank = BankEmbeddings(models, sentences)
        self._encoded: dict[str, FloatArray] = {}

    def describe(self, photo: Path | int, *, limit: int = LIMIT) -> tuple[Description, ...]:
        """Return the best few descriptions of a photo, best first, no two nearly the same.

        Args:
            photo: Id of a photo of the library, or any photo file.
            limit: How many descriptions to return.

        Raises:
            KnownError: There is no such photo.
            ImageError: The file can't be read as a photo.
        """
        photo_id, path = locate_photo(self._library, photo)
        embedding, code = self._features(photo_id, path)
        candidates = self._candidates(embedding, self._own_caption(photo_id))
        texts = [text for text, _, _ in candidates]
        coarse = np.array([cosine for _, _, cosine in candidates], dtype=np.float32)
        words = self._models.pack.encode_text(texts).words or ()
        rerank = self._models.reranker.score_captions(words, code)
        strength = self._models.fusion.strength(coarse, rerank)
        order = np.lexsort((-coarse, -strength)).tolist()
        chosen = _distinct([texts[i] for i in order], limit)
        return tuple(
            Description(texts[order[i]], float(strength[order[i]]), candidates[order[i]][1]) for i in chosen
        )

    def strength(self, text: str, photo: Path | int) -> float:
        """Return how well a text fits a photo, in 0 to 1, on the same scale as `describe`.

        Args:
            text: What was typed; what narrows a search in it doesn't count.
            photo: Id of a photo of the library, or any photo file.

        Raises:
            QueryError: There are no words in it, or none that can be understood.
            KnownError: There is no such photo.
            ImageError: The file can't be read as a photo.
        """
        caption = parse_query(text).caption
        if not caption:
            raise QueryError("There are no words in it.", hint="Describe the photo in a few words.")
        embedding, code = self._features(*locate_photo(self._library, photo))
        encoded = self._models.pack.encode_text([caption])
        rerank = self._models.reranker.score_captions(encoded.words or (), code)
        return float(self._models.fusion.strength(encoded.embeddings @ embedding, rerank)[0])

    def _features(self, photo_id: int | None, path: Path) -> tuple[FloatArray, bytes]:
        """Return a photo's embedding and region code, stored or made from the file."""
        if photo_id is not None:
            self._gallery.refresh()
            stored = self._gallery.embedding(photo_id)
            code = self._library.region_codes([photo_id], self._models.pack.pack_id).get(photo_id)
            if stored is not None and code is not None:
                return stored, code
        features = encode_file(self._models.pack, path)
        if not features.regions:
            raise KnownError("The model pack can't describe photos.", hint="Choose another pack.")
        return features.embeddings[0], features.regions[0]

    def _own_caption(self, photo_id: int | None) -> str:
        """Return what a photo of the library says of itself, or ""."""
        known = None if photo_id is None else self._library.photo(photo_id)
        return (known.metadata.description or "") if known is not None else ""

    def _candidates(self, embedding: FloatArray, own: str) -> list[tuple[str, DescriptionSource, float]]:
        """Return the sentences nearest to a photo's embedding, its own among them, with source and cosine."""
        own_caption = describing([own])
        captions = [*own_caption, *describing(self._library.captions(MAX_LIBRARY_CAPTIONS))]
        searches = describing(_words_of(self._library.recent_searches(MAX_SEARCHES)))
        found: dict[str, DescriptionSource] = dict.fromkeys(searches, "search")
        found |= dict.fromkeys(captions, "caption")
        sentences = self._bank.sentences
        texts = list(found)
        scores = np.concatenate([self._encode(texts) @ embedding, self._bank.load() @ embedding])
        best = top_k(scores, np.arange(len(scores)), CANDIDATES).tolist()
        nearest: dict[str, tuple[DescriptionSource, float]] = {}
        for i in best + [texts.index(text) for text in own_caption]:
            text, source = (
                (texts[i], found[texts[i]]) if i < len(texts) else (sentences[i - len(texts)], "composed")
            )
            nearest.setdefault(text, (source, float(scores[i])))
        return [(text, source, cosine) for text, (source, cosine) in nearest.items()]

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        """Return embeddings (N, E); those of this process's earlier calls are remembered."""
        new = [text for text in texts if text not in self._encoded]
        for start in range(0, len(new), _ENCODE_AT_ONCE):
            batch = new[start : start + _ENCODE_AT_ONCE]
            self._encoded.update(zip(batch, self._models.pack.encode_text(batch).embeddings, strict=True))
        rows = [self._encoded[text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self._models.pack.embed_dim), dtype=np.float32)


def describing(texts: Iterable[str]) -> list[str]:
    """Return the texts that describe something, tidied: not "SONY DSC", "IMG_1234" or another script."""
    kept = []
    for text in texts:
        try:
            caption = plain_caption(text)
        except QueryError:
            continue
        if len(re.findall(r"[^\W\d_]{2,}", caption)) >= 2 and caption != caption.upper():
            kept.append(caption)
    return list(dict.fromkeys(kept))


def _words_of(searches: Iterable[str]) -> list[str]:
    """Return the words of past searches, without what else narrowed them."""
    words = []
    for text in searches:
        with suppress(QueryError):
            words.append(parse_query(text).caption)
    return words


def _distinct(texts: Sequence[str], limit: int) -> list[int]:
    """Return positions of the first texts that differ in at least half of their content words."""
    chosen: list[int] = []
    seen: list[frozenset[str]] = []
    for i, text in enumerate(texts):
        if len(chosen) == limit:
            break
        words = frozenset(_CONTENT_WORD.findall(text.lower()))
        if all(len(words & other) <= TOO_SIMILAR * len(words | other) for other in seen):
            chosen.append(i)
            seen.append(words)
    return chosen
