"""`describe PHOTO`: photo → descriptions."""

from __future__ import annotations

from argparse import Namespace

from engine.cli.session import open_known_library, open_models
from engine.cli.terminal import print_json, print_result
from engine.describe import Describer


def run(args: Namespace) -> int:
    """Describe a photo and print the sentences."""
    with open_known_library(args) as library:
        descriptions = Describer(library, open_models(args)).describe(args.photo, limit=args.limit)
    if args.json:
        print_json(
            [
                {"rank": rank, "text": found.text, "score": round(found.score, 6), "source": found.source}
                for rank, found in enumerate(descriptions, 1)
            ]
        )
    for found in () if args.json else descriptions:
        print_result(f"{found.score:.3f}  {found.source:8}  {found.text}")
    return 0
