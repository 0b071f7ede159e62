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
    from engine.image import read_picture
    from engine.indexer import Indexer
    from engine.library import Library
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
    from engine.searcher import Searcher
    from engine.types import (
        Description,
        Device,
        Explanation,
        Hit,
        IndexReport,
        LibraryCounts,
        PackCard,
        Photo,
        PhotoMetadata,
        Picture,
        Progress,
        Results,
        Root,
        Skip,
    )

# OpenMP reads this when torch loads. Its default, threads that spin while they wait, made
# one rerank take seconds instead of milliseconds whenever another program used a core.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"

_HOMES = {
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
    "engine.image": ("read_picture",),
    "engine.indexer": ("Indexer",),
    "engine.library": ("Library",),
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
    "engine.searcher": ("Searcher",),
    "engine.types": (
        "Description",
        "Device",
        "Explanation",
        "Hit",
        "IndexReport",
        "LibraryCounts",
        "PackCard",
        "Photo",
        "PhotoMetadata",
        "Picture",
        "Progress",
        "Results",
        "Root",
        "Skip",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BugError",
    "Describer",
    "Description",
    "Device",
    "EngineError",
    "Explanation",
    "FolderError",
    "Hit",
    "ImageError",
    "IndexReport",
    "Indexer",
    "KnownError",
    "Library",
    "LibraryCounts",
    "LibraryError",
    "Models",
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
    "__version__",
    "available_devices",
    "data_folder",
    "library_file",
    "load_models",
    "log_folder",
    "on_battery",
    "parse_query",
    "printable",
    "read_card",
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
