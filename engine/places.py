"""Where the program keeps things: the user's data, caches, logs, and our resources.

The same functions serve a checkout, an installed package and a frozen build.
"""

from __future__ import annotations

import sys
from pathlib import Path

import appdirs

APP_NAME = "Sgraffito"


def resources() -> Path:
    """Return the folder of bundled resources (weights, icons, style sheet)."""
    frozen = getattr(sys, "_MEIPASS", None)
    base = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return base / "resources"


def bundled_packs() -> Path:
    """Return the folder that holds the bundled model packs, one folder each."""
    return resources() / "models"


def data_folder() -> Path:
    """Return the user's data folder (not created here)."""
    return Path(appdirs.user_data_dir(APP_NAME, appauthor=False))


def cache_folder() -> Path:
    """Return the user's cache folder (not created here)."""
    return Path(appdirs.user_cache_dir(APP_NAME, appauthor=False))


def log_folder() -> Path:
    """Return the user's log folder (not created here)."""
    return Path(appdirs.user_log_dir(APP_NAME, appauthor=False))


def library_file() -> Path:
    """Return the default library file."""
    return data_folder() / "library.db"
