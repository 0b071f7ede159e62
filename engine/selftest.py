"""`--selftest`: does this installation work? For frozen builds, and for bug reports."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from PIL import Image, ImageDraw

from engine.errors import BugError
from engine.indexer import IndexerProcess
from engine.library import Library
from engine.loading import ModelLoader
from engine.models.packs import read_pack
from engine.searcher import Searcher

CAPTION = "a red circle on a white background"
_COLOURS = ("red", "green", "blue", "yellow", "black", "orange")


def run_selftest(pack: Path | None = None) -> str:
    """Check the weights, index generated images as the window does, search them; return "ok …".

    Args:
        pack: The model pack to test; None for the bundled one.

    Raises:
        PackError: A file of the pack is missing or altered.
        BugError: Something didn't give the expected result.
    """
    load = ModelLoader(read_pack(pack).folder)  # the same for both processes
    models = load()
    models.verify()
    with tempfile.TemporaryDirectory(prefix="sgraffito-selftest-") as place:
        photos = draw_photos(Path(place) / "photos")
        with Library.open(Path(place) / "library.db") as library:
            with closing(IndexerProcess(library.path, load)) as indexer:
                report = indexer.run([photos])
            if report.added != len(_COLOURS) or report.skipped:
                raise BugError(f"{report.added} of {len(_COLOURS)} generated photos were indexed")
            results = Searcher(library, models).search(CAPTION)
    if len(results.hits) != len(_COLOURS) or not results.reranked:
        raise BugError(f"the search found {len(results.hits)} of {len(_COLOURS)} photos")
    return f"ok: {models.name}, {len(results.hits)} photos indexed and searched"


def draw_photos(folder: Path) -> Path:
    """Draw a few images into a new folder and return it."""
    folder.mkdir(parents=True)
    for colour in _COLOURS:
        image = Image.new("RGB", (320, 240), "white")
        ImageDraw.Draw(image).ellipse((80, 40, 240, 200), fill=colour)
        image.save(folder / f"{colour}.jpg")
    return folder
