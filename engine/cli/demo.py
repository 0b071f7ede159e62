"""`demo [FOLDER]`: a first look without a display, on one's own photos or on a few public ones."""

from __future__ import annotations

import os
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from engine.cli.index import read_folder, summary
from engine.cli.session import model_loader, open_library, open_models
from engine.cli.terminal import print_json, print_result
from engine.demo import FOLDER_CAPTIONS, PUBLIC_CAPTIONS, copy_public_photos
from engine.library import Library
from engine.searcher import Searcher
from engine.types import Results

SHOWN = 3
_HOW_TO_GO_ON = """
With your own photos:
  python main.py index FOLDER              reads a folder of photos
  python main.py search "two dogs on a beach"
  python main.py                           opens the window, where there is a display"""


def run(args: Namespace) -> int:
    """Index photos, answer three captions, and say how to go on."""
    if args.folder is not None:
        with open_library(args) as library:
            answers = answer(library, args, args.folder, FOLDER_CAPTIONS)
    else:
        with tempfile.TemporaryDirectory(prefix="sgraffito-demo-") as place:
            photos = copy_public_photos(Path(place) / "photos")
            with Library.open(Path(place) / "library.db") as library:
                answers = answer(library, args, photos, PUBLIC_CAPTIONS)
    if args.json:
        print_json({results.caption: _rows(results) for results in answers})
        return 0
    for results in answers:
        print_result(f"\n“{results.caption}”")
        for row in _rows(results):
            # The public photos' own folder is gone by now: only their names mean anything.
            path = row["path"] if args.folder is not None else Path(str(row["path"])).name
            print_result(f"{row['rank']:4d}  {row['score']:.3f}  {path}")
    print_result(_HOW_TO_GO_ON)
    return 0


def answer(library: Library, args: Namespace, folder: Path, captions: Sequence[str]) -> list[Results]:
    """Index a folder and return the best few photos of each caption.

    Raises:
        FolderError: The folder can't be read or holds no photos.
    """
    report = read_folder(library, model_loader(args), folder)
    if not args.json:
        print_result(summary(report))
    searcher = Searcher(library, open_models(args))
    return [searcher.search(caption, limit=SHOWN, folder=folder) for caption in captions]


def _rows(results: Results) -> list[dict[str, object]]:
    return [
        {"rank": hit.rank, "path": os.fspath(hit.photo.path), "score": round(hit.score, 6)}
        for hit in results.hits
    ]
