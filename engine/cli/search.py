"""`search "CAPTION"`: caption → photos."""

from __future__ import annotations

import os
from argparse import Namespace
from contextlib import suppress

from engine.cli.index import read_folder
from engine.cli.session import model_loader, open_known_library, open_library, open_models, require_photos
from engine.cli.terminal import print_json, print_message, print_result
from engine.errors import LibraryError, printable
from engine.query import parse_query
from engine.searcher import Searcher
from engine.types import Results


def run(args: Namespace) -> int:
    """Search and print the hits."""
    # A caption that can't be searched is refused before a folder is read for it.
    parse_query(args.caption)
    # A folder is read into a library, which may well be a new one.
    opened = open_known_library if args.folder is None else open_library
    with opened(args) as library:
        models = open_models(args)
        if args.folder is None:
            require_photos(library, models)
        else:
            read_folder(library, model_loader(args), args.folder)
        results = Searcher(library, models).search(
            args.caption,
            limit=args.limit,
            candidates=args.candidates,
            folder=args.folder,
            coarse_only=args.coarse_only,
        )
        # The answer is there, whatever keeps the library from remembering the question.
        with suppress(LibraryError):
            library.add_search(printable(" ".join(args.caption.split())))
    print_hits(results, as_json=args.json)
    return 0


def print_hits(results: Results, *, as_json: bool) -> None:
    """Print hits as `[{"rank", "path", "score", "coarse", "rerank"}…]` or one line each."""
    if as_json:
        print_json(
            [
                {
                    "rank": hit.rank,
                    "path": os.fspath(hit.photo.path),
                    "score": round(hit.score, 6),
                    "coarse": round(hit.coarse, 6),
                    "rerank": None if hit.rerank is None else round(hit.rerank, 6),
                }
                for hit in results.hits
            ]
        )
    for hit in () if as_json else results.hits:
        print_result(f"{hit.rank:4d}  {hit.score:.3f}  {os.fspath(hit.photo.path)}")
    if results.notice:
        print_message(results.notice)
