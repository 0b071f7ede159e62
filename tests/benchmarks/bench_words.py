"""Which words carry meaning: what a misspelt, inflected or unknown word costs, and which changes are noticed.

    python -m tests.benchmarks.bench_words IMAGES CAPTIONS --split FILE [--training-captions FILE ...]

Three parts; intervals are 95 %, by bootstrap over the photos.

* Robustness: recall from captions to photos, before and after a change that leaves the
  meaning alone, over the captions that the change touches.
* Sensitivity: how often a photo scores higher with its caption than with the caption whose
  colour, number or side was exchanged (chance 50 %). A caption may also win because its
  words are likelier in any photo, so the same is asked of a random other photo.
* New words: recall of captions with a word that occurs in no training caption, against the
  recall of the others. Training captions are read from text (.txt, .txt.gz: one a line) or
  CSV files; rows of photos of the split don't count as training.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.captioned_photos import CaptionedPhotos
from engine.recall import RankArray, recall_metrics, text_to_image_ranks
from tests.benchmarks import english
from tests.benchmarks.captioned import Gallery, arguments, encode_captions, estimate, read
from tests.benchmarks.imagenet import class_nouns

HARMLESS: dict[str, english.Alteration] = {
    "one typo": english.misspelt,
    "plural ↔ singular": english.other_number,
    "CAPITALS": english.upper,
    "small letters": english.lower,
    "no punctuation": english.unpunctuated,
}
MEANINGFUL: dict[str, english.Alteration] = {
    "colour": english.other_colour,
    "number": english.other_count,
    "left ↔ right": english.other_side,
}
SHOWN_WORDS = 12
# Shorter strings are rather initials, sizes or slips than words.
SHORTEST_WORD = 3


@dataclass(frozen=True, eq=False)
class Altered:
    """Captions that could be altered.

    Attributes:
        rows: (n,) rows of the captions.
        captions: Their altered forms.
    """

    rows: NDArray[np.int64]
    captions: Sequence[str]

    @classmethod
    def of(
        cls, photos: CaptionedPhotos, rows: Iterable[int], alter: english.Alteration, seed: int
    ) -> Altered:
        """Alter the captions of some rows; those that the alteration doesn't touch are left out."""
        rng = np.random.default_rng(seed)
        altered = {row: alter(photos.captions[row], rng) for row in rows}
        touched = {row: caption for row, caption in altered.items() if caption is not None}
        return cls(np.fromiter(touched, dtype=np.int64), list(touched.values()))


@dataclass(frozen=True, eq=False)
class Ranks:
    """Place of each caption's own photo, 0 for the first: by the coarse filter, and as a search shows it."""

    coarse: RankArray
    fused: RankArray

    def of(self, chosen: NDArray[np.generic]) -> Ranks:
        """Return the ranks of some captions."""
        return Ranks(self.coarse[chosen], self.fused[chosen])


def ranks(gallery: Gallery, captions: Sequence[str], owners: NDArray[np.int64], candidates: int) -> Ranks:
    """Search with captions."""
    coarse, fused = gallery.similarities(encode_captions(gallery.models, captions), candidates)
    return Ranks(text_to_image_ranks(coarse, owners), text_to_image_ranks(fused, owners))


def report_robustness(
    gallery: Gallery,
    photos: CaptionedPhotos,
    rows: NDArray[np.int64],
    before: Ranks,
    *,
    candidates: int,
    seed: int,
) -> None:
    """Print recall before and after harmless changes."""
    print(f"\nRobustness: text→image R@1 / R@10 of {len(rows):,} captions, before → after a harmless change")
    for title, alter in HARMLESS.items():
        altered = Altered.of(photos, rows.tolist(), alter, seed)
        if not len(altered.rows):
            print(f"  {title:18} touches no caption")
            continue
        owners = photos.photo_of_caption[altered.rows]
        after = ranks(gallery, altered.captions, owners, candidates)
        touched = before.of(np.searchsorted(rows, altered.rows))
        for stage, old, new in (
            ("coarse", touched.coarse, after.coarse),
            ("fused", touched.fused, after.fused),
        ):
            one, other = recall_metrics(old), recall_metrics(new)
            change = estimate((new < 10).astype(float) - (old < 10), owners)
            print(
                f"  {title:18} {stage:6} {one.r1:5.1f} / {one.r10:5.1f} → {other.r1:5.1f} / {other.r10:5.1f}"
                f"   R@10 changes by {change.percent()}"
            )


def report_sensitivity(gallery: Gallery, photos: CaptionedPhotos, seed: int) -> None:
    """Print how often exchanged words are noticed."""
    print("\nSensitivity: the true caption scores higher than the altered one (chance 50)")
    rng = np.random.default_rng(seed)
    for title, alter in MEANINGFUL.items():
        altered = Altered.of(photos, range(len(photos.captions)), alter, seed)
        if not len(altered.rows):
            print(f"  {title:13} in no caption")
            continue
        owners = photos.photo_of_caption[altered.rows]
        others = (owners + rng.integers(1, max(len(photos.paths), 2), len(owners))) % len(photos.paths)
        true = encode_captions(gallery.models, [photos.captions[row] for row in altered.rows])
        false = encode_captions(gallery.models, altered.captions)
        for where, shown in (("its photo", owners), ("any photo", others)):
            scored = zip(gallery.pairs(true, shown), gallery.pairs(false, shown), strict=True)
            for stage, (right, wrong) in zip(("coarse", "SGRAF", "fused"), scored, strict=True):
                wins = (right > wrong) + 0.5 * (right == wrong)
                print(f"  {title:13} {where} {stage:6} {estimate(wins, owners).percent()}")


def training_words(files: Sequence[Path], measured: frozenset[str]) -> frozenset[str]:
    """Return all words of training captions, those of measured photos left out."""
    words: set[str] = set()
    for path in files:
        for caption in _captions(path, measured):
            words.update(english.words_of(caption))
    return frozenset(words)


def _captions(path: Path, measured: frozenset[str]) -> Iterable[str]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = text.decode("utf-8-sig").splitlines()
    if path.suffix != ".csv":
        return lines
    return [row["caption"] for row in csv.DictReader(lines) if row["image"] not in measured]


def new_words(captions: Sequence[str], known: frozenset[str]) -> list[set[str]]:
    """Return the words of each caption that are not known."""
    return [
        {word for word in english.words_of(caption) if len(word) >= SHORTEST_WORD and word not in known}
        for caption in captions
    ]


def report_new_words(
    gallery: Gallery,
    photos: CaptionedPhotos,
    rows: NDArray[np.int64],
    known_ranks: Ranks,
    *,
    known: frozenset[str],
    candidates: int,
) -> None:
    """Print recall of captions with new words beside the others."""
    unknown = new_words(photos.captions, known)
    nouns = class_nouns()
    groups = {
        "an ImageNet noun": [row for row, words in enumerate(unknown) if words & nouns],
        "any new word": [row for row, words in enumerate(unknown) if words],
    }
    print(f"\nNew words: text→image recall; training captions hold {len(known):,} different words")
    for title, chosen in groups.items():
        if not chosen:
            print(f"  {title:17} is in no caption")
            continue
        new = np.array(chosen, dtype=np.int64)
        owners = photos.photo_of_caption[new]
        _print_recall(
            title, ranks(gallery, [photos.captions[row] for row in new], owners, candidates), owners
        )
        shown = Counter(w for row in chosen for w in unknown[row] if title == "any new word" or w in nouns)
        print(f"    such as {', '.join(word for word, _ in shown.most_common(SHOWN_WORDS))}")
    others = np.flatnonzero([not unknown[row] for row in rows])
    if len(others):
        _print_recall("known words only", known_ranks.of(others), photos.photo_of_caption[rows[others]])


def _print_recall(title: str, found: Ranks, owners: NDArray[np.int64]) -> None:
    for stage, places in (("coarse", found.coarse), ("fused", found.fused)):
        ten = estimate(places < 10, owners).percent()
        print(f"  {title:17} {stage:6} R@1 {recall_metrics(places).r1:5.1f} %   R@10 {ten}")


def main() -> None:
    """Run the three parts and print what they found."""
    parser = arguments(__doc__)
    parser.add_argument("--training-captions", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--queries", type=int, default=1000, help="captions to search with, at random")
    parser.add_argument("--candidates", type=int, default=200, help="answers that SGRAF looks at")
    options = parser.parse_args()
    models, photos = read(options)
    gallery = Gallery.of(models, photos.paths)
    print(f"{models.name}: {len(photos.paths):,} photos, {len(photos.captions):,} captions")
    number = min(options.queries, len(photos.captions))
    rng = np.random.default_rng(options.seed)
    rows = np.sort(rng.choice(len(photos.captions), number, replace=False))
    owners = photos.photo_of_caption[rows]
    before = ranks(gallery, [photos.captions[row] for row in rows], owners, options.candidates)
    report_robustness(gallery, photos, rows, before, candidates=options.candidates, seed=options.seed)
    report_sensitivity(gallery, photos, options.seed)
    if options.training_captions:
        split = options.split.read_text(encoding="utf-8-sig").splitlines() if options.split else ()
        measured = frozenset([*split, *(path.name for path in photos.paths)])
        known = training_words(options.training_captions, measured)
        report_new_words(gallery, photos, rows, before, known=known, candidates=options.candidates)


if __name__ == "__main__":
    main()
