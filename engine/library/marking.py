"""Marking photos as gone, or as there again, so many at a time: see `engine.library.steps`."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from engine.library import writing
from engine.library.database import Database
from engine.library.state import bump_revision
from engine.library.steps import REST

_PATHS = 1000  # in one step


def mark(
    database: Database, root_id: int, paths: Sequence[bytes], stop: threading.Event, *, gone: bool
) -> int:
    """Mark photos of a root as gone, or as there again; return how many were not marked so before.

    Ends early once `stop` is set; what was marked until then stays so.
    """
    marked = 0
    for start in range(0, len(paths), _PATHS):
        if start:
            stop.wait(REST)
        if stop.is_set():
            break
        with database.write() as connection:
            changed = writing.mark(connection, root_id, paths[start : start + _PATHS], gone=gone)
            if changed:
                bump_revision(connection)
        marked += changed
    return marked
