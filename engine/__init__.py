"""Sgraffito's engine: photos in folders, found by describing them.

The public names are listed in `__all__`; nothing else is promised. They load on
first use, so that `import engine` costs milliseconds and a window can open before
torch is in memory.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.browsing import FolderCount, Listing, Month, Order, in_order
    from engine.describe import Describer
    from engine.errors import (
        BugError,
        EngineError,
        FolderError,
        ImageError,
        KnownError,
        LibraryError,
        PackError,
        QueryError,
        printable,
    )
    from engine.export import Exporter
    from engine.image import read_example, read_exposure, read_picture
    from engine.indexer import Indexer, IndexerProcess
    from engine.library import Library
    from engine.loading import ModelLoader
    from engine.models import Models, available_devices, load_models, read_card
    from engine.places import data_folder, library_file, log_folder, resources
    from engine.power import on_battery
    from engine.query import (
        Query,
        Refinement,
        parse_query,
        refinement_text,
        refinements,
        refining_text,
        without,
        words_text,
    )
    from engine.reports import ClearReport, ExportProgress, ExportReport, IndexReport, Progress, Skip
    from engine.searcher import Searcher
    from engine.spelling import Correction, Speller, corrected
    from engine.strength import matches
    from engine.thumbnails import make_thumbnail
    from engine.types import (
        Description,
        Device,
        Explanation,
        Exposure,
        Hit,
        LibraryCounts,
        LibrarySpace,
        PackCard,
        Photo,
        PhotoMetadata,
        Picture,
        Results,
        Root,
        Strictness,
        Thumbnail,
    )

# OpenMP reads this when torch loads. Its default, threads that spin while they wait, made
# one rerank take seconds instead of milliseconds whenever another program used a core.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"

_HOMES = {
    "engine.browsing": ("FolderCount", "Listing", "Month", "Order", "in_order"),
    "engine.describe": ("Describer",),
    "engine.errors": (
        "BugError",
        "EngineError",
        "FolderError",
        "ImageError",
        "KnownError",
        "LibraryError",
        "PackError",
        "QueryError",
        "printable",
    ),
    "engine.export": ("Exporter",),
    "engine.image": ("read_example", "read_exposure", "read_picture"),
    "engine.indexer": ("Indexer", "IndexerProcess"),
    "engine.library": ("Library",),
    "engine.loading": ("ModelLoader",),
    "engine.models": ("Models", "available_devices", "load_models", "read_card"),
    "engine.places": ("data_folder", "library_file", "log_folder", "resources"),
    "engine.power": ("on_battery",),
    "engine.query": (
        "Query",
        "Refinement",
        "parse_query",
        "refinement_text",
        "refinements",
        "refining_text",
        "without",
        "words_text",
    ),
    "engine.reports": ("ClearReport", "ExportProgress", "ExportReport", "IndexReport", "Progress", "Skip"),
    "engine.searcher": ("Searcher",),
    "engine.spelling": ("Correction", "Speller", "corrected"),
    "engine.strength": ("matches",),
    "engine.thumbnails": ("make_thumbnail",),
    "engine.types": (
        "Description",
        "Device",
        "Explanation",
        "Exposure",
        "Hit",
        "LibraryCounts",
        "LibrarySpace",
        "PackCard",
        "Photo",
        "PhotoMetadata",
        "Picture",
        "Results",
        "Root",
        "Strictness",
        "Thumbnail",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BugError",
    "ClearReport",
    "Correction",
    "Describer",
    "Description",
    "Device",
    "EngineError",
    "Explanation",
    "ExportProgress",
    "ExportReport",
    "Exporter",
    "Exposure",
    "FolderCount",
    "FolderError",
    "Hit",
    "ImageError",
    "IndexReport",
    "Indexer",
    "IndexerProcess",
    "KnownError",
    "Library",
    "LibraryCounts",
    "LibraryError",
    "LibrarySpace",
    "Listing",
    "ModelLoader",
    "Models",
    "Month",
    "Order",
    "PackCard",
    "PackError",
    "Photo",
    "PhotoMetadata",
    "Picture",
    "Progress",
    "Query",
    "QueryError",
    "Refinement",
    "Results",
    "Root",
    "Searcher",
    "Skip",
    "Speller",
    "Strictness",
    "Thumbnail",
    "__version__",
    "available_devices",
    "corrected",
    "data_folder",
    "in_order",
    "library_file",
    "load_models",
    "log_folder",
    "make_thumbnail",
    "matches",
    "on_battery",
    "parse_query",
    "printable",
    "read_card",
    "read_example",
    "read_exposure",
    "read_picture",
    "refinement_text",
    "refinements",
    "refining_text",
    "resources",
    "without",
    "words_text",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use (PEP 562)."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value
