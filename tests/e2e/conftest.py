"""The window's fixtures, for whole sessions with it."""

from tests.app.conftest import build, load, own_home, photo_folder

__all__ = ["build", "load", "own_home", "photo_folder"]
