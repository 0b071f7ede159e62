"""The folders of the library, and what their drives say of them.

A drive that hangs keeps whoever asks it waiting for minutes, so none is asked within a
transaction: others could not write meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from engine.library import roots
from engine.library.database import Database
from engine.library.paths import absolute, check_folder, is_away, is_online, mtime_of
from engine.library.records import FileStamp
from engine.types import Root

SAMPLE = 50  # photos that tell whether a folder is one that had another name


def all_roots(database: Database) -> tuple[Root, ...]:
    """Return the roots with their numbers of photos, in the order they were added."""
    with database.read() as connection:
        rows = roots.counted(connection)
    return tuple(_root(*row) for row in rows)


def add_root(database: Database, folder: Path) -> Root:
    """Return the root that covers `folder`, adding one where there is none.

    No other drive is asked, unless the names don't say whether a root covers the folder.
    Roots inside the new one become part of it: their photos and features are kept. A root that
    is not there, and whose photos all seem to be in the folder, has been given its name: it was renamed,
    or is on a drive with another letter. (A copy of it looks the same; the photos are known there then.)

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
        earlier = None if inner else _known_before(database, known, path)
        with database.write() as connection:
            if roots.stored(connection) != known:
                continue  # another program has been quicker: look again
            if earlier is not None:
                return roots.rename_root(connection, earlier, path)
            return roots.add_root(connection, path, inner)


def _known_before(database: Database, known: Mapping[int, bytes], folder: Path) -> int | None:
    """Return the root that is not there, but whose photos all are in `folder` now; None where none is."""
    for root_id, root in known.items():
        if is_away(absolute(root, b"")):
            with database.read() as connection:
                photos = roots.some_photos(connection, root_id, SAMPLE)
            if photos and all(_is_at(folder, photo) for photo in photos):
                return root_id
    return None


def _is_at(folder: Path, photo: FileStamp) -> bool:
    """Return whether a photo is in a folder, with its size and time."""
    try:
        facts = absolute(os.fsencode(folder), photo.path).stat()
    except (OSError, ValueError):
        return False
    return (facts.st_size, mtime_of(facts)) == (photo.size, photo.mtime_ns)


def _root(root_id: int, stored: bytes, present: int, missing: int, favourites: int) -> Root:
    path = absolute(stored, b"")
    return Root(root_id, path, present, missing, is_online(path), favourites)
