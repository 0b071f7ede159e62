"""Do the word maps point at what the words name? What do the word weights prefer? How fast is it?

    python -m tests.benchmarks.bench_pointing IMAGES CAPTIONS [--split FILE] [--limit N] [--pack FOLDER]

Four tests over a pack's own encoders; intervals are 95 %, by bootstrap over the photos.

* Mirror: a content word's map on the mirrored photo, flipped back, must resemble its map
  on the photo itself more than the unflipped one does: the map follows the thing, not the
  place. Captions that speak of left and right are left out.
* Concept: where a word names a class of the backbone's classifier, the map must agree with
  the cells that this classifier calls so. A quarter of the cells counts, so chance is 25 %;
  as things stand in the middle of photos anyway, the same word's map from another photo is
  a second, stricter yardstick.
* Weights: content words must decide more than function words.
* Time: an explanation in a library, beside one rerank of 200 candidates in the same run.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from engine.captioned_photos import CaptionedPhotos
from engine.indexer import Indexer
from engine.library import Library
from engine.models import Models
from engine.searcher import Searcher
from engine.types import ByteArray, CaptionWords, Explanation, FloatArray
from tests.benchmarks.captioned import arguments, encode_captions, estimate, prepared_batches, read
from tests.benchmarks.english import is_content
from tests.benchmarks.imagenet import CLASSES, classes_by_noun, noun_by_word

SIDES = frozenset(("left", "right"))
QUARTER = 0.25
CANDIDATES = 200
TIMED_PHOTOS, TIMED_CAPTIONS = 8, 60
SHOWN_NOUNS = 8
GOAL_MS = 50


@dataclass(frozen=True, eq=False)
class Encoded:
    """Photos as the three tests need them.

    Attributes:
        codes: I region codes.
        mirrored: I region codes of the mirrored photos.
        concepts: (I, R, nouns) the classifier's probability of each noun in each cell.
        nouns: The nouns, in the order of the last axis.
        noun_by_word: The noun of each word that is one, in the singular or in the plural.
    """

    codes: Sequence[bytes]
    mirrored: Sequence[bytes]
    concepts: FloatArray
    nouns: tuple[str, ...]
    noun_by_word: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Pointing:
    """One word of a caption that names a class of the classifier.

    Attributes:
        photo: Row of the photo.
        noun: The noun in the singular.
        map: (R,) where the word was found.
        named: (R,) True in the quarter of the cells that resembles the noun most.
    """

    photo: int
    noun: str
    map: FloatArray
    named: NDArray[np.bool_]

    def mass(self, map_: FloatArray) -> float:
        """Return the share of a map that falls on the noun's cells."""
        return float(map_[self.named].sum() / map_.sum())

    def hit(self, map_: FloatArray) -> bool:
        """Return whether a map's peak is one of the noun's cells."""
        return bool(self.named[map_.argmax()])


class Moved(NamedTuple):
    """A content word on a photo and on its mirror image.

    Attributes:
        photo: Row of the photo.
        follows: Correlation of the map with the mirrored photo's map, flipped back.
        stays: The same without flipping.
    """

    photo: int
    follows: float
    stays: float


class Weight(NamedTuple):
    """How much a word decided: `share` is 1 where all words of the caption decide alike."""

    photo: int
    content: bool
    share: float


class Preference(NamedTuple):
    """Whether the content words of a caption weigh more on average than its function words."""

    photo: int
    content: bool


@dataclass(frozen=True, eq=False)
class Findings:
    """What was seen, word by word."""

    moved: list[Moved] = field(default_factory=list)
    pointings: list[Pointing] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    preferences: list[Preference] = field(default_factory=list)


@torch.inference_mode()
def encode(models: Models, paths: Sequence[Path]) -> Encoded:
    """Encode photos, their mirror images and what the classifier sees in each cell."""
    nouns = classes_by_noun()
    membership = torch.zeros(CLASSES, len(nouns))
    for column, classes in enumerate(nouns.values()):
        membership[list(classes), column] = 1
    codes: list[bytes] = []
    mirrored: list[bytes] = []
    concepts: list[FloatArray] = []
    for batch in prepared_batches(models.pack, paths):
        codes += models.pack.encode_images(batch).regions or ()
        flipped = [np.ascontiguousarray(photo[:, ::-1]) for photo in batch]
        mirrored += models.pack.encode_images(flipped).regions or ()
        concepts.append((cell_classes(models, batch) @ membership).numpy())
    return Encoded(codes, mirrored, np.concatenate(concepts), tuple(nouns), noun_by_word())


def cell_classes(models: Models, batch: Sequence[ByteArray]) -> torch.Tensor:
    """Return the classifier's probabilities (N, R, classes) in each cell of prepared photos."""
    backbone = models.pack._image_tower[0]
    cells, _ = backbone(torch.from_numpy(np.stack(batch)))
    scores: torch.Tensor = backbone.classes(cells.to(backbone.network.classifier.weight.dtype))
    return scores.softmax(dim=-1)


def look(models: Models, photos: CaptionedPhotos, encoded: Encoded) -> Findings:
    """Explain every caption on its photo and on the mirrored photo."""
    found = Findings()
    words = encode_captions(models, photos.captions).words
    for caption, photo in zip(words, photos.photo_of_caption.tolist(), strict=True):
        reasons = models.reranker.explain(caption, encoded.codes[photo])
        if not SIDES & set(caption.texts):
            _mirror(models, caption, reasons, encoded.mirrored[photo], photo, found)
        _point(reasons, encoded, photo, found)
        _weigh(reasons, photo, found)
    return found


def _mirror(
    models: Models, caption: CaptionWords, reasons: Explanation, code: bytes, photo: int, found: Findings
) -> None:
    mirrored = models.reranker.explain(caption, code).maps
    for word, there, here in zip(reasons.words, reasons.maps, mirrored, strict=True):
        # A flat map points nowhere and has no correlation.
        if is_content(word) and there.std() > 0 and here.std() > 0:
            follows, stays = _correlation(there, here[:, ::-1]), _correlation(there, here)
            found.moved.append(Moved(photo, follows, stays))


def _point(reasons: Explanation, encoded: Encoded, photo: int, found: Findings) -> None:
    for word, map_ in zip(reasons.words, reasons.maps, strict=True):
        noun = encoded.noun_by_word.get(word)
        if noun is not None:
            likely = encoded.concepts[photo, :, encoded.nouns.index(noun)]
            named = np.zeros(len(likely), dtype=bool)
            named[np.argsort(-likely, kind="stable")[: round(QUARTER * len(likely))]] = True
            found.pointings.append(Pointing(photo, noun, map_.reshape(-1), named))


def _weigh(reasons: Explanation, photo: int, found: Findings) -> None:
    shares = reasons.weights * len(reasons.words)
    content = np.array([is_content(word) for word in reasons.words])
    found.weights.extend(map(Weight, [photo] * len(shares), content.tolist(), shares.tolist()))
    if content.any() and not content.all():
        more = shares[content].mean() > shares[~content].mean()
        found.preferences.append(Preference(photo, bool(more)))


def _correlation(one: FloatArray, other: FloatArray) -> float:
    return float(np.corrcoef(one.reshape(-1), other.reshape(-1))[0, 1])


def foreign_maps(pointings: Sequence[Pointing], seed: int) -> list[tuple[Pointing, FloatArray]]:
    """Return each word with the map of the same word from another photo, where there is one."""
    rng = np.random.default_rng(seed)
    by_noun: dict[str, list[Pointing]] = defaultdict(list)
    for pointing in pointings:
        by_noun[pointing.noun].append(pointing)
    pairs = []
    for pointing in pointings:
        others = [other for other in by_noun[pointing.noun] if other.photo != pointing.photo]
        if others:
            pairs.append((pointing, others[int(rng.integers(len(others)))].map))
    return pairs


def report_mirror(moved: Sequence[Moved]) -> None:
    """Print the mirror test."""
    photos = [word.photo for word in moved]
    follows, stays = (np.array(values) for values in ([w.follows for w in moved], [w.stays for w in moved]))
    print("\nMirror: does a content word's map move with the photo?")
    print(f"  correlation, flipped back   {estimate(follows, photos)}")
    print(f"  correlation, not flipped    {estimate(stays, photos)}")
    print(f"  difference                  {estimate(follows - stays, photos)}")
    print(f"  words that move (chance 50) {estimate(follows > stays, photos).percent()}")


def report_concepts(pointings: Sequence[Pointing], seed: int) -> None:
    """Print the concept test."""
    own = [(pointing, pointing.map) for pointing in pointings]
    print("\nConcept: is a word found where the classifier sees it? (chance 25)")
    for title, pairs in (("its own map", own), ("from another photo", foreign_maps(pointings, seed))):
        photos = [pointing.photo for pointing, _ in pairs]
        mass = estimate([pointing.mass(map_) for pointing, map_ in pairs], photos)
        hit = estimate([pointing.hit(map_) for pointing, map_ in pairs], photos)
        print(f"  {title:18} attention {mass.percent()}")
        print(f"  {title:18} peak hits {hit.percent()}")
    for noun, count in Counter(pointing.noun for pointing in pointings).most_common(SHOWN_NOUNS):
        chosen = [pointing for pointing in pointings if pointing.noun == noun]
        mass_mean = np.mean([pointing.mass(pointing.map) for pointing in chosen])
        hit_mean = np.mean([pointing.hit(pointing.map) for pointing in chosen])
        print(f"    {noun:12} {count:5,} words: attention {mass_mean:.1%}, peak hits {hit_mean:.1%}")


def report_weights(weights: Sequence[Weight], preferences: Sequence[Preference]) -> None:
    """Print the mean weights of content and function words."""
    content, function = (
        estimate([w.share for w in chosen], [w.photo for w in chosen])
        for chosen in ([w for w in weights if w.content], [w for w in weights if not w.content])
    )
    preferred = estimate([p.content for p in preferences], [p.photo for p in preferences])
    print("\nWeights: what decides? (1 is an equal share)")
    print(f"  content words   {content}")
    print(f"  function words  {function}")
    print(f"  ratio {content.mean / function.mean:.2f}; captions whose content words weigh more on average")
    print(f"  (chance 50)     {preferred.percent()}")


def report_time(models: Models, photos: CaptionedPhotos, codes: Sequence[bytes]) -> None:
    """Print how long `Searcher.explain` takes in a library, beside one rerank."""
    many = [codes[i % len(codes)] for i in range(CANDIDATES)]
    chosen = photos.paths[:TIMED_PHOTOS]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "photos"
        folder.mkdir()
        copies = [
            shutil.copy(path, folder / f"{place}{path.suffix.lower()}") for place, path in enumerate(chosen)
        ]
        with Library.open(Path(name) / "library.db") as library:
            Indexer(library, models).run([folder])
            ids = [photo.id for photo in map(library.find, copies) if photo is not None]
            known, new, rerank = _times(models, Searcher(library, models), photos.captions, ids, many)
    print("\nTime of an explanation (models warm, photo in a library)")
    for title, times in (("caption just searched", known), ("new caption", new), ("one rerank", rerank)):
        middle, late = statistics.median(times), float(np.quantile(times, 0.95))
        ratio = middle / statistics.median(rerank)
        goal = "" if times is rerank else f", {ratio:.2f} x a rerank of {CANDIDATES} (goal {GOAL_MS} ms)"
        print(f"  {title:21} median {middle:6.1f} ms, 95th percentile {late:6.1f} ms{goal}")


def _times(
    models: Models, searcher: Searcher, captions: Sequence[str], ids: Sequence[int], many: Sequence[bytes]
) -> tuple[list[float], list[float], list[float]]:
    """Return milliseconds of explanations of remembered and new captions, and of reranks."""
    known, new, rerank = [], [], []
    distinct = list(dict.fromkeys(captions))[: TIMED_CAPTIONS + 1]
    for number, caption in enumerate(distinct):
        photo = ids[number % len(ids)]
        words = encode_captions(models, [caption]).words[0]
        times = (
            milliseconds(lambda c=caption, p=photo: searcher.explain(c, p)),
            milliseconds(lambda c=caption, p=photo: searcher.explain(c, p)),
            milliseconds(lambda w=words: models.reranker.score(w, many)),
        )
        if number:  # the first round warms up
            for kept, spent in zip((new, known, rerank), times, strict=True):
                kept.append(spent)
    return known, new, rerank


def milliseconds(job: Callable[[], object]) -> float:
    """Return how long a job takes."""
    start = time.perf_counter()
    job()
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    """Run the tests and print what they found."""
    options = arguments(__doc__).parse_args()
    models, photos = read(options)
    encoded = encode(models, photos.paths)
    print(f"{models.name}: {len(photos.paths):,} photos, {len(photos.captions):,} captions")
    found = look(models, photos, encoded)
    report_mirror(found.moved)
    report_concepts(found.pointings, options.seed)
    report_weights(found.weights, found.preferences)
    report_time(models, photos, encoded.codes)


if __name__ == "__main__":
    main()
