"""The window's fixtures, for whole sessions with it."""

from tests.app.conftest import build, load, make_reader, own_home, photo_folder, whole_pack

__all__ = ["build", "load", "make_reader", "own_home", "photo_folder", "whole_pack"]
