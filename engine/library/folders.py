"""The folders of the library, and what their drives say of them.

A drive that hangs keeps whoever asks it waiting for minutes, so none is asked within a
transaction: others could not write meanwhile.
"""

from __future__ import annotations

import os
from pathlib import Path

from engine.library import roots
from engine.library.database import Database
from engine.library.paths import absolute, check_folder, is_online
from engine.types import Root


def all_roots(database: Database) -> tuple[Root, ...]:
    """Return the roots with their numbers of photos, in the order they were added."""
    with database.read() as connection:
        rows = roots.counted(connection)
    return tuple(_root(*row) for row in rows)


def add_root(database: Database, folder: Path) -> Root:
    """Return the root that covers `folder`, adding one where there is none.

    No other drive is asked, unless the names don't say whether a root covers the folder.
    Roots inside the new one become part of it: their photos and features are kept.

    Raises:
        FolderError: It is missing, not a folder, or may not be read.
    """
    root_id = _covering(database, folder)
    with database.read() as connection:
        rows = roots.counted(connection)
    return next(_root(*row) for row in rows if row.id == root_id)


def _covering(database: Database, folder: Path) -> int:
    check_folder(folder)
    path = Path(os.path.abspath(folder))  # noqa: PTH100 - links in a user's folder name stay as given
    while True:
        with database.read() as connection:
            known = roots.stored(connection)
        place = roots.place_among(known, folder)
        if place is not None:
            return place.root_id
        inner = roots.inside(known, path)
        with database.write() as connection:
            if roots.stored(connection) == known:  # else another program has been quicker: look again
                return roots.add_root(connection, path, inner)


def _root(root_id: int, stored: bytes, present: int, missing: int, favourites: int) -> Root:
    path = absolute(stored, b"")
    return Root(root_id, path, present, missing, is_online(path), favourites)
