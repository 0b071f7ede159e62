"""How long do readings of a large library keep the interpreter? `python -m tests.benchmarks.bench_turns`.

The window shares the interpreter with the workers that read the library, and can't move while one
of them keeps it in one step of native code. A thread that wants a turn every millisecond says how
long it waited at most. The reference is the same thread beside a worker that only sleeps.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.application import TURN_SECONDS
from engine.filters import Filters
from engine.gallery import Gallery
from engine.library import Library
from tests.benchmarks.many_photos import fill

PACK = "random-1"
WISH = 0.001


def longest_wait(work: Callable[[], object]) -> tuple[float, float]:
    """Do something on a worker; return how long it took, and the longest wait for a turn meanwhile."""
    worker = threading.Thread(target=work)
    started = before = time.perf_counter()
    worker.start()
    longest = 0.0
    while worker.is_alive():
        time.sleep(WISH)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return before - started, longest


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=100_000)
    options = parser.parse_args()
    sys.setswitchinterval(TURN_SECONDS)
    gc.freeze()  # as the window does, once the models are loaded
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "library.db"
        fill(file, Path(place) / "photos", options.photos, pack_id=PACK)
        with Library.open(file) as library:
            ids = library.present_ids()
            deeds: dict[str, Callable[[], object]] = {
                "reference: sleeping": lambda: time.sleep(1),
                "gallery, from nothing": lambda: Gallery(library, PACK).refresh(),
                "gallery, rows": lambda: library.gallery_rows(PACK),
                "grid, newest first": library.listing,
                "grid, by name": lambda: library.listing(order="name"),
                "filter": lambda: library.passing_ids(Filters(favourite=True)),
                "folder": lambda: library.ids_under(Path(place) / "photos"),
                "folders": library.folder_counts,
                "60 photos": lambda: library.photos(ids[:60]),
            }
            print(f"{options.photos:,} photos")
            for title, work in deeds.items():
                took, waited = longest_wait(work)
                print(f"  {title:24} {1000 * took:7.1f} ms, longest wait for a turn {1000 * waited:6.1f} ms")


if __name__ == "__main__":
    main()
