"""How many photos does a search show at each strictness, and what does `-word` hide?

    python -m tests.benchmarks.bench_answers IMAGES CAPTIONS [--split FILE] [--limit N] [--pack FOLDER]

The photos are read into a library as the product reads them, and asked for with captions of
their own. For `-word`, a photo shows a thing if most of its captions name it, and does not if
none does; words come from `WORDS`, where at least `ENOUGH` photos show the thing.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import numpy as np

from engine.captioned_photos import CaptionedPhotos
from engine.indexer import Indexer
from engine.library import Library
from engine.models import Models
from engine.query import parse_query
from engine.searcher import Searcher
from engine.strength import matches
from engine.types import Strictness
from tests.benchmarks.captioned import arguments, read

WORDS = (
    "dog", "beach", "snow", "water", "grass", "ball", "bike", "car", "street", "pool", "mountain", "rock",
    "tree", "boy", "girl", "man", "woman", "child", "horse", "soccer", "football", "basketball", "skateboard",
    "fence", "sand", "field", "crowd", "camera", "guitar", "boat",
)  # fmt: skip
ENOUGH = 10
MOST = 3  # captions of a photo's five


@contextmanager
def library_of(models: Models, photos: CaptionedPhotos) -> Iterator[tuple[Library, list[int]]]:
    """Give a library of the photos, and their ids in it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "photos"
        folder.mkdir()
        for path in photos.paths:
            shutil.copy(path, folder)
        with Library.open(Path(place) / "library.db") as library:
            Indexer(library, models).run([folder])
            found = [library.find(folder / path.name) for path in photos.paths]
            yield library, [photo.id for photo in found if photo is not None]


def strictness(searcher: Searcher, photos: CaptionedPhotos, ids: Sequence[int], asked: Sequence[int]) -> None:
    """Print how many photos each strictness shows, and how often the one that was meant is among them."""
    shown, meant = defaultdict(list), defaultdict(list)
    for caption in asked:
        results = searcher.search(photos.captions[caption])
        own = ids[photos.photo_of_caption[caption]]
        for level in get_args(Strictness):
            first = results.hits[: matches(results, level)]
            shown[level].append(len(first))
            meant[level].append(100.0 * any(hit.photo.id == own for hit in first))
    print(f"\nStrictness: {len(asked)} captions of their own, in {len(ids)} photos")
    for level in get_args(Strictness):
        among = f"the one that was meant among them in {np.mean(meant[level]):.0f} %"
        print(f"  {level:<6} {np.mean(shown[level]):6.1f} photos, {among}")


def exclusion(searcher: Searcher, photos: CaptionedPhotos, ids: Sequence[int]) -> None:
    """Print which share `-word` hides of the photos that show it, and of those that don't."""
    means = []
    print("\nExclusion: hidden of the photos that show it, and of those that don't")
    for word in WORDS:
        said = re.compile(rf"\b{word}(s|es)?\b", re.IGNORECASE)
        times = np.bincount(
            photos.photo_of_caption[[i for i, text in enumerate(photos.captions) if said.search(text)]],
            minlength=len(ids),
        )
        if np.count_nonzero(times >= MOST) < ENOUGH:
            continue
        left = set(searcher.newest(parse_query(f"-{word}")))
        hidden = np.array([100.0 * (photo not in left) for photo in ids])
        shown, absent = hidden[times >= MOST], hidden[times == 0]
        print(
            f"  -{word:<12} {shown.mean():5.1f} % of {len(shown):4}, {absent.mean():5.1f} % of {len(absent)}"
        )
        means.append((shown.mean(), absent.mean()))
    shown, absent = np.mean(means, axis=0)
    print(f"  mean of {len(means)} words: {shown:.1f} % and {absent:.1f} %")


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--queries", type=int, default=300, help="captions to search with, at random")
    options = parser.parse_args()
    models, photos = read(options)
    random = np.random.default_rng(options.seed)
    count = min(options.queries, len(photos.captions))
    asked = random.choice(len(photos.captions), count, replace=False).tolist()
    print(f"{models.name}: {len(photos.paths):,} photos, {len(photos.captions):,} captions")
    with library_of(models, photos) as (library, ids):
        searcher = Searcher(library, models)
        strictness(searcher, photos, ids, asked)
        exclusion(searcher, photos, ids)


if __name__ == "__main__":
    main()
