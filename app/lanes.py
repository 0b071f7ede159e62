"""Worker threads by urgency: each lane is a queue of jobs and the few threads that do them.

Nothing here knows Qt. `app.tasks` brings the outcomes back to the window.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lane:
    """What kind of queue a lane is.

    Attributes:
        name: Name of its threads.
        threads: How many jobs run at once.
        newest_first: Whether the newest job runs before those that wait.
    """

    name: str
    threads: int = 1
    newest_first: bool = False


SEARCH = Lane("search")  # the searcher belongs to this one thread; a new query cancels the older one
LIBRARY = Lane("library")  # short questions to the library, which must not wait for a search
INDEX = Lane("index")  # one long job at a time, and every write to the library
THUMBNAILS = Lane("thumbnails")  # Python lets two of them do no more than one, beside the window
PICTURES = Lane("pictures", threads=2, newest_first=True)  # a large photo must not keep the next one waiting
COPYING = Lane("copying")  # to a slow stick, beside everything else
FROM_FILES = Lane("from-files", threads=2)  # photos of the grid, in the order one looks at them
FILES = Lane("files", threads=2)  # whether a file is there: only this waits for a drive that is dead
STORAGE = Lane("storage")  # what may take long in the library, and keeps nobody waiting
LANES = (SEARCH, LIBRARY, INDEX, THUMBNAILS, PICTURES, COPYING, FROM_FILES, FILES, STORAGE)


class Job:
    """One piece of work in a lane.

    Attributes:
        cancelled: Set when nobody waits for the outcome any more; work that takes
            long looks at it between its steps.
    """

    def __init__(self, run: Callable[[threading.Event], None]) -> None:
        self.cancelled = threading.Event()
        self._run = run

    def cancel(self) -> None:
        """Drop the job: it is not started, or asked to end early, and its outcome is not delivered."""
        self.cancelled.set()

    def run(self) -> None:
        """Do the work, unless it was cancelled while it waited."""
        if not self.cancelled.is_set():
            self._run(self.cancelled)


class Slot:
    """The one job whose outcome somebody waits for: the next one takes its place, and cancels it."""

    def __init__(self) -> None:
        self._job: Job | None = None

    def put(self, job: Job) -> None:
        """Wait for a job, and for no older one any more."""
        self.cancel()
        self._job = job

    def cancel(self) -> None:
        """Wait for nothing."""
        if self._job is not None:
            self._job.cancel()
            self._job = None


class WorkQueue:
    """The jobs of one lane and the threads that do them, started with the first job."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._waiting: deque[Job] = deque()
        self._running: set[Job] = set()
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._closed = False

    def put(self, job: Job) -> None:
        """Queue a job; on a closed queue the job is cancelled instead."""
        with self._changed:
            if self._closed:
                job.cancel()
                return
            self._waiting.append(job)
            if len(self._threads) < self._lane.threads:
                self._start_thread()
            self._changed.notify()

    def close(self) -> None:
        """Cancel every job, waiting and running, and let the threads end."""
        with self._changed:
            self._closed = True
            for job in (*self._waiting, *self._running):
                job.cancel()
            self._waiting.clear()
            self._changed.notify_all()

    def join(self, deadline: float) -> bool:
        """Wait for the threads until `deadline` (on `time.monotonic`'s clock).

        Returns:
            Whether all of them have ended.
        """
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _start_thread(self) -> None:
        # Daemons: a library that hangs in native code must not keep a closed window's process alive.
        name = f"{self._lane.name}-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (job := self._take()) is not None:
            try:
                job.run()
            finally:
                with self._changed:
                    self._running.discard(job)
            del job  # what its closures hold must not live on until the next job comes

    def _take(self) -> Job | None:
        with self._changed:
            while not self._waiting:
                if self._closed:
                    return None
                self._changed.wait()
            job = self._waiting.pop() if self._lane.newest_first else self._waiting.popleft()
            self._running.add(job)
            return job
