"""Indexing in a process of its own, so that a window beside it never waits for the interpreter.

`IndexerProcess`, the program's end, has the interface of an `Indexer`. A process whose pipe
is closed stops reading and ends: it never outlives the program that asked.

A file that kills the process (decoders are written in C) is found out and left out: the
files in its hands when it died are read one at a time by the next process, after all the
others, and the one that kills that process, too, is put among the unreadable ones.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from engine.errors import KnownError
from engine.indexer.caution import NO_CAUTION
from engine.indexer.indexer import HasEncoders
from engine.indexer.messages import Begun, Ended, Request, Wish, Written
from engine.indexer.serving import live
from engine.reports import IndexReport, Progress

_GLANCE = 0.1  # seconds between two looks at what is wished
_GENTLE = 2.0  # seconds between two questions whether to be gentle: on some systems that asks a program
_DEATHS = 5  # processes in a row that die before any of them got anywhere
_LOG = logging.getLogger(__name__)


class IndexerProcess:
    """Indexes folders like an `Indexer`, in a process that starts with the first run.

    Args:
        library: The library file.
        load: Gives the models, in the process: a module's function, or a `partial` of one.
        workers: Threads that read and decode; None for one per core.
        gentle: Asked every other second whether to go easy on the machine; None for never.
        background: Whether other processes, such as the window's, have the cores first.
    """

    def __init__(
        self,
        library: Path,
        load: Callable[[], HasEncoders],
        *,
        workers: int | None = None,
        gentle: Callable[[], bool] | None = None,
        background: bool = True,
    ) -> None:
        self._arguments = (library, load, workers, background)
        self._gentle = gentle or (lambda: False)
        self._progress = Progress("waiting")
        self._in_hand: set[Path] = set()
        self._counts = IndexReport()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    @property
    def progress(self) -> Progress:
        """A snapshot of the run that is on, or of the last one; to be polled."""
        return self._progress

    def run(
        self,
        folders: Sequence[Path],
        *,
        stop: threading.Event | None = None,
        pause: threading.Event | None = None,
    ) -> IndexReport:
        """Bring the library up to date with `folders`, as `Indexer.run` does.

        A process that dies is replaced, and the run goes on.

        Raises:
            KnownError: What `Indexer.run` raises; or one process after the other died before it
                got anywhere, and what they had read is kept.
            BugError: Anything else went wrong in the process; the text is its traceback.
        """
        stop, pause = stop or threading.Event(), pause or threading.Event()
        caution, deaths, before = NO_CAUTION, 0, IndexReport()
        while True:
            self._progress = Progress("waiting", folders[0] if folders else None)
            self._in_hand.clear()
            self._counts = IndexReport()
            try:
                report = self._follow(self._started(), Request(tuple(folders), caution), stop, pause)
                return _together(before, report)
            except (EOFError, OSError) as error:
                self.close()
                before = _together(before, self._counts)
                if stop.is_set():
                    return replace(before, stopped=True)
                deaths = 1 if self._progress.done else deaths + 1
                caution = caution.after_death(self._in_hand)
                _LOG.warning("the index process died; it was reading %s", sorted(map(str, self._in_hand)))
                if deaths == _DEATHS:
                    raise KnownError(
                        "reading photos ended unexpectedly, again and again.",
                        path=self._progress.folder,
                        hint="What was read is kept. Read the folder again to go on.",
                    ) from error

    def close(self) -> None:
        """End the process; a later run starts another."""
        if self._process is None or self._connection is None:
            return
        self._connection.close()
        self._process.join()
        self._process.close()
        self._process = self._connection = None

    def _started(self) -> Connection:
        """Return the way to the process, which is started where there is none (any more)."""
        if self._process is not None and not self._process.is_alive():
            self.close()
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(
                target=live, args=(theirs, *self._arguments), name="sgraffito-indexer", daemon=True
            )
            with _deaf_to_control_c():
                process.start()
            theirs.close()
            self._process, self._connection = process, ours
        return self._connection

    def _follow(
        self, connection: Connection, request: Request, stop: threading.Event, pause: threading.Event
    ) -> IndexReport:
        connection.send(request)
        told, asked, gentle = Wish(), -_GENTLE, False
        while True:
            if time.monotonic() - asked >= _GENTLE:
                asked, gentle = time.monotonic(), self._gentle()
            wish = Wish(stop.is_set(), pause.is_set(), gentle)
            if wish != told:
                connection.send(wish)
                told = wish
            if not connection.poll(_GLANCE):
                continue
            match connection.recv():
                case Progress() as progress:
                    self._progress = progress
                case Begun(path, progress):
                    self._in_hand.add(path)
                    self._progress = progress
                case Ended(path):
                    self._in_hand.discard(path)
                case Written(counts):
                    self._counts = counts
                case IndexReport() as report:
                    return report
                case error:
                    raise error


@contextmanager
def _deaf_to_control_c() -> Iterator[None]:
    """Keep Ctrl+C from processes that start here until they can say themselves that they ignore it.

    They inherit the signals that the thread which starts them holds back.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # else it starts within, and lets the signal through afterwards
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _together(before: IndexReport, after: IndexReport) -> IndexReport:
    """Return the report of a run that another process went on with.

    What the first had written is unchanged for the other, and what it had skipped is skipped again.
    """
    written = before.added + before.updated + before.moved
    return replace(
        after,
        added=before.added + after.added,
        updated=before.updated + after.updated,
        moved=before.moved + after.moved,
        missing=before.missing + after.missing,
        unchanged=max(0, after.unchanged - written),
        seconds=before.seconds + after.seconds,
    )
