"""How much is done to a library at a time, and giving the room of what is deleted back to the disk.

What may be much is done in steps. Each step is a transaction of a few dozen milliseconds,
and between two of them the library is left alone, so a program that indexes photos
meanwhile writes in between.

SQLite's VACUUM would give the room back in one go, but copies the whole library twice,
which a full disk has no room for, and lets nobody write for the minutes that this takes.
So the file is made in a way that lets single pages be given back; one that was made before
that keeps its free pages for what comes next.
"""

from __future__ import annotations

import threading

from engine.library.database import Database

REST = 0.05  # seconds; others who wait for the library look at least every 0.1

_PAGES = 512  # in one step


def give_room_back(database: Database, stop: threading.Event) -> None:
    """Make the file as small as what is in it; one that is stopped goes on with the next."""
    while not stop.is_set() and database.give_back(_PAGES):
        stop.wait(REST)
    database.settle()
