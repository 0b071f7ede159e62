"""Deleting what nothing needs any more, a little at a time: see `engine.library.steps`.

What is left to delete shows in the tables themselves, so that a pruning that was cut short is
taken up by the next one, of whatever kind.
"""

from __future__ import annotations

import threading
from collections.abc import Collection

from engine.library import contents, older_features
from engine.library.database import Database
from engine.library.state import bump_revision
from engine.library.steps import REST, give_room_back

_CONTENTS = 256  # in one step
_SPARE = 2_000_000  # bytes that may wait to be used again: the next photos need them


def prune(database: Database, stop: threading.Event) -> int:
    """Delete contents that no photo has any more; return how many.

    Ends early once `stop` is set; what was deleted until then stays so.
    """
    after = pruned = 0
    while not stop.is_set():
        with database.read() as connection:
            ids = contents.without_photos(connection, after=after, most=_CONTENTS)
        if not ids:
            break
        after = ids[-1]
        with database.write() as connection:
            pruned += contents.delete_unused(connection, ids)
        stop.wait(REST)
    _give_back(database, stop)
    return pruned


def tidy(database: Database, pack_ids: Collection[str], stop: threading.Event) -> None:
    """Delete what `prune` does, and the features that those of `pack_ids` have taken the place of."""
    _forget_older(database, pack_ids, stop)
    prune(database, stop)


def _forget_older(database: Database, pack_ids: Collection[str], stop: threading.Event) -> None:
    with database.read() as connection:
        packs = older_features.superseded(connection, pack_ids)
    after = 0
    while packs and not stop.is_set():
        with database.read() as connection:
            ids = older_features.contents_of(connection, packs, after=after, most=_CONTENTS)
        with database.write() as connection:
            if not ids:
                older_features.delete_packs(connection, packs)
                bump_revision(connection)
                return
            older_features.delete_features(connection, packs, ids)
        after = ids[-1]
        stop.wait(REST)


def _give_back(database: Database, stop: threading.Event) -> None:
    _, spare = database.space()
    if spare > _SPARE:
        give_room_back(database, stop)
