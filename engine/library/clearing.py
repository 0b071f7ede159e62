"""Clearing thumbnails and giving their room back to the disk, a little at a time.

Each step is a transaction of a few dozen milliseconds, and between two of them the
library is left alone, so a program that indexes photos meanwhile writes in between.
SQLite's VACUUM would do it in one go, but copies the whole library twice, which a full
disk has no room for, and lets nobody write for the minutes that this takes. So the file
is made in a way that lets single pages be given back; one that was made before that
keeps its free pages for what comes next.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from engine.library import roots, thumbnails
from engine.library.database import Database
from engine.library.paths import mtime_of
from engine.library.thumbnails import KnownCopy
from engine.reports import ClearReport

_THUMBNAILS = 256  # in one step
_PAGES = 512  # in one step
_REST = 0.05  # seconds; others who wait for the library look at least every 0.1


def clear_thumbnails(database: Database, stop: threading.Event) -> ClearReport:
    """Delete the thumbnails that can be made again now: those with a file that is as it was read.

    Ends early once `stop` is set; what was cleared until then stays so.
    """
    with database.read() as connection:
        online = [root.id for root in roots.all_roots(connection) if root.online]
        last = thumbnails.newest(connection)  # what is indexed meanwhile has just been made
    after = cleared = size = kept = 0
    while not stop.is_set():
        with database.read() as connection:
            ids = thumbnails.contents_with(connection, after=after, until=last, most=_THUMBNAILS)
            files = thumbnails.copies(connection, ids, online)
        if not ids:
            break
        after = ids[-1]
        gone = [content_id for content_id, copies in files.items() if _is_at_hand(copies)]
        with database.write() as connection:
            size += thumbnails.clear(connection, gone)
        cleared += len(gone)
        kept += len(ids) - len(gone)
        stop.wait(_REST)
    while not stop.is_set() and database.give_back(_PAGES):
        stop.wait(_REST)
    database.settle()
    return ClearReport(cleared, size, kept)


def _is_at_hand(copies: Sequence[KnownCopy]) -> bool:
    return any(_is_as_read(copy) for copy in copies)


def _is_as_read(copy: KnownCopy) -> bool:
    try:
        facts = copy.path.stat()
    except (OSError, ValueError):
        return False
    return (facts.st_size, mtime_of(facts)) == (copy.size, copy.mtime_ns)
