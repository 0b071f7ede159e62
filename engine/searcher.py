"""Captions → photos: the coarse filter over all photos, then SGRAF over the candidates."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.browsing import Listing, Order
from engine.errors import KnownError, QueryError
from engine.exclusion import Exclusion
from engine.gallery import Gallery
from engine.image import image_of
from engine.library import Library
from engine.narrowing import Narrowing
from engine.photo_features import locate_photo, photo_embedding
from engine.query import Query, parse_query, plain_caption
from engine.strength import match_strength
from engine.types import Explanation, FloatArray, Hit, Picture, Results, TextFeatures

if TYPE_CHECKING:
    from engine.models import Models
    from engine.sgraf import Fusion

CANDIDATES = 200
LIMIT = 50
_REMEMBERED_CAPTIONS = 32


def never() -> bool:
    """Say that nobody asked to stop."""
    return False


class _StoppedError(Exception):
    """The caller asked to stop."""


class Searcher:
    """Finds the photos of a library that match a caption; used from one thread.

    The gallery is read when first needed and afterwards follows the library's changes.

    Attributes:
        gallery: The photos in memory, with embeddings of the coarse encoder.
    """

    def __init__(self, library: Library, models: Models) -> None:
        """Remember the parts; nothing is loaded yet."""
        self._library = library
        self._models = models
        self._calibrated = models.coarse is models.pack
        self._captions: dict[str, tuple[TextFeatures, TextFeatures]] = {}
        self.gallery = Gallery(library, models.coarse.pack_id)
        self._exclusion = Exclusion(self.gallery, models.coarse)
        self._narrowing = Narrowing(library, self.gallery, self._describes)

    def coarse(self, caption: str, *, candidates: int = CANDIDATES, folder: Path | None = None) -> Results:
        """Return the photos nearest to a caption by the coarse filter alone.

        Without words, what is left of the text (see `parse_query`) answers alone: all hits
        fit, and the newest come first.

        Args:
            caption: What was typed.
            candidates: How many photos to return.
            folder: Search only below this folder.

        Raises:
            QueryError: Nothing of the caption can be understood.
            FolderError: `folder` is not in the library.
        """
        start = time.perf_counter()
        query = parse_query(caption)
        self.gallery.refresh()
        if not query.caption:
            return self._all_that_fit(query, candidates, folder, start)
        allowed = self._narrowing.mask(query, folder)
        scores = self._similarities(query.caption)
        best = self.gallery.nearest(scores, candidates, allowed)
        coarse = scores[best]
        strength = match_strength(self._fusion, coarse, None, calibrated=self._calibrated)
        hits = self._hits(self.gallery.ids[best], strength, coarse, None)
        return self._results(query.caption, hits, self._count(allowed), start, notice=query.notice)

    def newest(self, query: Query, folder: Path | None = None) -> list[int]:
        """Return the ids of all photos that fit a query's refinements, newest first; its words don't count.

        Raises:
            FolderError: `folder` is not in the library.
        """
        return self._narrowing.newest(query, folder)

    def listing(self, query: Query, order: Order) -> Listing:
        """Return all photos that fit a query's refinements, in an order; its words don't count."""
        return self._narrowing.listing(query, order)

    def rerank(self, results: Results, *, stop: Callable[[], bool] = never) -> Results | None:
        """Return the same photos in the order of their fused strength; None if stopped.

        A photo whose regions are not stored (its index run was stopped in between) keeps
        the strength of its coarse similarity.

        Args:
            results: From `coarse`.
            stop: Asked again and again; True abandons the work.
        """
        start = time.perf_counter()
        ids = [hit.photo.id for hit in results.hits]
        codes = self._library.region_codes(ids, self._models.pack.pack_id)
        try:
            scored = self._rerank(results.caption, ids, codes, stop)
        except _StoppedError:
            return None
        coarse = np.array([hit.coarse for hit in results.hits], dtype=np.float32)
        strength = match_strength(self._fusion, coarse, scored, calibrated=self._calibrated)
        order = np.lexsort((np.array(ids, dtype=np.int64), -coarse, -strength))
        hits = tuple(
            replace(
                results.hits[i],
                rank=rank,
                score=float(strength[i]),
                rerank=None if np.isnan(scored[i]) else float(scored[i]),
            )
            for rank, i in enumerate(order.tolist(), 1)
        )
        seconds = results.seconds + time.perf_counter() - start
        cutoff = self._fusion.cutoff
        good = self._good(hits)
        return replace(results, hits=hits, reranked=True, good=good, seconds=seconds, cutoff=cutoff)

    def search(
        self,
        caption: str,
        *,
        limit: int = LIMIT,
        candidates: int = CANDIDATES,
        folder: Path | None = None,
        coarse_only: bool = False,
    ) -> Results:
        """Return the best photos for a caption.

        Args:
            caption: What was typed.
            limit: How many photos to return.
            candidates: How many SGRAF looks at; at least `limit`.
            folder: Search only below this folder.
            coarse_only: Leave SGRAF out.

        Raises:
            QueryError: Nothing of the caption can be understood.
            FolderError: `folder` is not in the library.
        """
        results = self.coarse(caption, candidates=max(limit, candidates), folder=folder)
        if not coarse_only and not results.reranked:
            results = self.rerank(results) or results
        hits = results.hits[:limit]
        return replace(results, hits=hits, good=self._good(hits))

    def look_alikes(self, photo: int | Path, *, limit: int = LIMIT, within: Query | None = None) -> Results:
        """Return the photos with the same look (colours, shapes, setting), the photo itself left out.

        Scores are cosines, negative ones 0.

        Args:
            photo: Id of a photo of the library, or any photo file.
            limit: How many photos to return.
            within: Only photos that fit its refinements.

        Raises:
            KnownError: There is no such photo.
            ImageError: The file can't be read as a photo.
        """
        start = time.perf_counter()
        self.gallery.refresh()
        photo_id, path = locate_photo(self._library, photo)
        embedding = photo_embedding(self.gallery, self._models.coarse, photo_id, path)
        scores = self.gallery.similarities(embedding)
        allowed = self._narrowing.mask(within)
        best = self.gallery.nearest(scores, limit + 1, allowed)
        best = best[self.gallery.ids[best] != (photo_id or 0)][:limit]
        hits = self._hits(self.gallery.ids[best], scores[best].clip(0, 1), scores[best], None)
        return self._results("", hits, self._count(allowed), start, good=len(hits))

    def by_picture(self, picture: Picture, *, limit: int = LIMIT, within: Query | None = None) -> Results:
        """Return the photos with the look of a picture that need not be in the library.

        If it is, it comes first. Scores are cosines, negative ones 0.

        Args:
            picture: From `read_picture`, or `read_example`, which makes it no larger than needed.
            limit: How many photos to return.
            within: Only photos that fit its refinements.
        """
        start = time.perf_counter()
        self.gallery.refresh()
        encoder = self._models.coarse
        features = encoder.encode_images([encoder.prepare(image_of(picture))])
        scores = self.gallery.similarities(features.embeddings[0])
        allowed = self._narrowing.mask(within)
        best = self.gallery.nearest(scores, limit, allowed)
        hits = self._hits(self.gallery.ids[best], scores[best].clip(0, 1), scores[best], None)
        return self._results("", hits, self._count(allowed), start, good=len(hits))

    def by_descriptions(
        self,
        texts: Sequence[str],
        *,
        limit: int = LIMIT,
        leave_out: int | None = None,
        within: Query | None = None,
    ) -> Results:
        """Return the photos that match several descriptions best, on average over the descriptions.

        Args:
            texts: Descriptions, as from `Describer.describe`.
            limit: How many photos to return.
            leave_out: Id of a photo that must not come back: the one that was described.
            within: Only photos that fit its refinements.

        Raises:
            QueryError: There is no description, or one can't be understood.
        """
        start = time.perf_counter()
        if not texts:
            raise QueryError("There is no description to search with.", hint="Type one.")
        captions = [plain_caption(text) for text in texts]
        self.gallery.refresh()
        allowed = self._narrowing.mask(within)
        similarities = [self._similarities(caption) for caption in captions]
        mean: FloatArray = np.stack(similarities).mean(axis=0)
        best = self.gallery.nearest(mean, max(limit, CANDIDATES) + 1, allowed)
        best = best[self.gallery.ids[best] != (leave_out or 0)]
        ids = self.gallery.ids[best]
        codes = self._library.region_codes(ids.tolist(), self._models.pack.pack_id)
        strengths: list[FloatArray] = []
        reranks: list[FloatArray] = []
        for caption, scores in zip(captions, similarities, strict=True):
            rerank = self._rerank(caption, ids.tolist(), codes)
            strengths.append(match_strength(self._fusion, scores[best], rerank, calibrated=self._calibrated))
            reranks.append(rerank)
        strength = np.stack(strengths).mean(axis=0)
        rerank_mean = np.stack(reranks).mean(axis=0)
        order = np.lexsort((ids, -strength))[:limit]
        hits = self._hits(ids[order], strength[order], mean[best][order], rerank_mean[order])
        return self._results("; ".join(captions), hits, self._count(allowed), start, reranked=True)

    def explain(self, caption: str, photo_id: int) -> Explanation:
        """Return why a photo matches the words of a typed text.

        Raises:
            QueryError: There are no words in it, or none that can be understood.
            KnownError: The photo's regions are not stored.
        """
        typed = parse_query(caption).caption
        if not typed:
            raise QueryError("There are no words to explain.", hint="Describe the photo in a few words.")
        words = self._encode(typed)[1].words
        code = self._library.region_codes([photo_id], self._models.pack.pack_id).get(photo_id)
        if code is None or not words:
            raise KnownError("This photo has not been read yet.", hint="Index its folder, then try again.")
        return self._models.reranker.explain(words[0], code)

    def _all_that_fit(self, query: Query, limit: int, folder: Path | None, start: float) -> Results:
        ids = np.array(self.newest(query, folder), dtype=np.int64)
        full = np.ones(min(limit, len(ids)), dtype=np.float32)
        hits = self._hits(ids[:limit], full, full, None)
        return self._results("", hits, len(ids), start, reranked=True, good=len(hits), notice=query.notice)

    def _describes(self, phrase: str) -> NDArray[np.bool_]:
        return self._exclusion.describes(self._similarities(phrase))

    def _similarities(self, caption: str) -> FloatArray:
        """Return (N,) cosines of all photos with a tidied caption."""
        return self.gallery.similarities(self._encode(caption)[0].embeddings[0])

    def _count(self, allowed: NDArray[np.bool_] | None) -> int:
        return len(self.gallery) if allowed is None else int(allowed.sum())

    def _encode(self, caption: str) -> tuple[TextFeatures, TextFeatures]:
        """Return the caption encoded for the coarse filter and for SGRAF; the last few are remembered."""
        known = self._captions.pop(caption, None)
        if known is None:
            words = self._models.pack.encode_text([caption])
            known = (words if self._calibrated else self._models.coarse.encode_text([caption]), words)
        self._captions[caption] = known
        if len(self._captions) > _REMEMBERED_CAPTIONS:
            del self._captions[next(iter(self._captions))]
        return known

    def _rerank(
        self, caption: str, ids: list[int], codes: dict[int, bytes], stop: Callable[[], bool] = never
    ) -> FloatArray:
        """Return SGRAF similarities of photos, NaN where there is no code."""
        words = self._encode(caption)[1].words
        scored = np.full(len(ids), np.nan, dtype=np.float32)
        known = [i for i, photo_id in enumerate(ids) if photo_id in codes]
        if words and known:
            scores = self._models.reranker.score(words[0], [codes[ids[i]] for i in known], stop=stop)
            if scores is None:
                raise _StoppedError
            scored[known] = scores
        return scored

    def _hits(
        self,
        ids: NDArray[np.int64],
        strength: FloatArray,
        coarse: FloatArray,
        rerank: FloatArray | None,
    ) -> tuple[Hit, ...]:
        """Return hits in the given order; photos that left the library meanwhile are left out."""
        photos = self._library.photos(ids.tolist())
        hits: list[Hit] = []
        for i, photo_id in enumerate(ids.tolist()):
            if photo_id in photos:
                sgraf = None if rerank is None or np.isnan(rerank[i]) else float(rerank[i])
                hits.append(Hit(len(hits) + 1, photos[photo_id], float(strength[i]), float(coarse[i]), sgraf))
        return tuple(hits)

    @property
    def _fusion(self) -> Fusion:
        """The pack's calibration, for a library of this size."""
        return self._models.fusion.in_gallery(len(self.gallery))

    def _good(self, hits: Sequence[Hit]) -> int:
        cutoff = self._fusion.cutoff
        return sum(hit.score >= cutoff for hit in hits)

    def _results(
        self,
        caption: str,
        hits: tuple[Hit, ...],
        searched: int,
        start: float,
        *,
        reranked: bool = False,
        good: int | None = None,
        notice: str = "",
    ) -> Results:
        return Results(
            caption=caption,
            hits=hits,
            reranked=reranked,
            gallery=searched,
            good=self._good(hits) if good is None else good,
            notice=notice,
            seconds=time.perf_counter() - start,
            cutoff=self._fusion.cutoff if good is None else None,
        )
