"""`search "CAPTION"`: caption → photos."""

from __future__ import annotations

import os
from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.index import index_folders
from engine.cli.session import open_known_library, open_library, open_models, require_photos
from engine.cli.terminal import print_json, print_message, print_result
from engine.errors import FolderError, LibraryError, printable
from engine.indexer import Indexer
from engine.library import Library
from engine.query import parse_query
from engine.searcher import Searcher
from engine.types import Results

if TYPE_CHECKING:
    from engine.models import Models


def run(args: Namespace) -> int:
    """Search and print the hits."""
    # A caption that can't be searched is refused before a folder is read for it.
    parse_query(args.caption)
    # A folder is read into a library, which may well be a new one.
    opened = open_known_library if args.folder is None else open_library
    with opened(args) as library:
        models = open_models(args)
        _prepare(library, models, args.folder)
        results = Searcher(library, models).search(
            args.caption,
            limit=args.limit,
            candidates=args.candidates,
            folder=args.folder,
            coarse_only=args.coarse_only,
        )
        # A library on a read-only medium can be searched, only not remember it.
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


def _prepare(library: Library, models: Models, folder: Path | None) -> None:
    """Make sure that there is something to search, indexing `folder` where it is given.

    Raises:
        KnownError: There isn't.
    """
    if folder is None:
        require_photos(library, models)
        return
    index_folders(Indexer(library, models), [folder])
    if not len(library.ids_under(folder)):
        raise FolderError("There are no photos here.", path=folder, hint="Name a folder with photos in it.")
