"""Clearing thumbnails, a little at a time: see `engine.library.steps`."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from engine.library import folders, thumbnails
from engine.library.database import Database
from engine.library.paths import mtime_of
from engine.library.steps import REST, give_room_back
from engine.library.thumbnails import KnownCopy
from engine.reports import ClearReport

_THUMBNAILS = 256  # in one step


def clear_thumbnails(database: Database, stop: threading.Event) -> ClearReport:
    """Delete the thumbnails that can be made again now: those with a file that is as it was read.

    Ends early once `stop` is set; what was cleared until then stays so.
    """
    online = [root.id for root in folders.all_roots(database) if root.online]
    with database.read() as connection:
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
        stop.wait(REST)
    give_room_back(database, stop)
    return ClearReport(cleared, size, kept)


def _is_at_hand(copies: Sequence[KnownCopy]) -> bool:
    return any(_is_as_read(copy) for copy in copies)


def _is_as_read(copy: KnownCopy) -> bool:
    try:
        facts = copy.path.stat()
    except (OSError, ValueError):
        return False
    return (facts.st_size, mtime_of(facts)) == (copy.size, copy.mtime_ns)
