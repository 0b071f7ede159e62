"""`similar PHOTO --by description|looks`: photo → photos."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from engine.cli.search import print_hits
from engine.cli.session import open_known_library, open_models, require_photos
from engine.cli.terminal import print_message
from engine.describe import Describer
from engine.library import Library
from engine.searcher import Searcher
from engine.types import Results

DESCRIPTIONS = 5


def run(args: Namespace) -> int:
    """Find photos like one photo and print them."""
    with open_known_library(args) as library:
        models = open_models(args)
        require_photos(library, models)
        searcher = Searcher(library, models)
        if args.by == "looks":
            results = searcher.look_alikes(args.photo, limit=args.limit)
        else:
            describer = Describer(library, models, gallery=searcher.gallery)
            results = described_alike(library, searcher, describer, args.photo, limit=args.limit)
    print_hits(results, as_json=args.json)
    return 0


def described_alike(
    library: Library, searcher: Searcher, describer: Describer, photo: Path, *, limit: int
) -> Results:
    """Return the photos that match the photo's own best descriptions, naming these on stderr."""
    descriptions = describer.describe(photo, limit=DESCRIPTIONS)
    for found in descriptions:
        print_message(f"{found.score:.3f}  {found.text}")
    known = library.find(photo)
    texts = [found.text for found in descriptions]
    return searcher.by_descriptions(texts, limit=limit, leave_out=None if known is None else known.id)
