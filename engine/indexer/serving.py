"""The index process: it reads what it is asked for, and ends when nobody asks any more."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from engine.errors import BugError, KnownError
from engine.indexer.indexer import HasEncoders, Indexer
from engine.indexer.messages import Begun, Ended, Request, Wish, Written
from engine.library import Library
from engine.power import give_way
from engine.reports import IndexReport, Progress

_GLANCE = 0.1  # seconds between two snapshots of the progress


def live(
    connection: Connection,
    library: Path,
    load: Callable[[], HasEncoders],
    workers: int | None,
    background: bool,
) -> None:
    """Be the index process, from its start to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches it too; the program that asked decides
    if background:
        give_way()
    serve(connection, library, load, workers)


def serve(
    connection: Connection, library: Path, load: Callable[[], HasEncoders], workers: int | None
) -> None:
    """Read what is asked for until the other end is closed: the whole life of the process."""
    models = cache(load)
    with ThreadPoolExecutor(1, thread_name_prefix="index") as pool:
        try:
            while True:
                request = connection.recv()
                if isinstance(request, Request):  # else a wish that came too late for its run
                    _serve_one(pool, _Reading(connection, library, models, workers, request))
        except (EOFError, OSError):
            return  # nobody asks any more


def _serve_one(pool: ThreadPoolExecutor, reading: _Reading) -> None:
    job = pool.submit(reading.run)
    try:
        while not job.done():
            reading.listen()
            reading.say(reading.progress)
        reading.say(_outcome(job))
    finally:
        reading.obey(Wish(stop=True))


def _outcome(job: Future[IndexReport]) -> IndexReport | KnownError | BugError:
    try:
        return job.result()
    except KnownError as error:
        return error
    except Exception:
        return BugError(traceback.format_exc())


class _Reading:
    """One run in the process."""

    def __init__(
        self,
        connection: Connection,
        library: Path,
        models: Callable[[], HasEncoders],
        workers: int | None,
        request: Request,
    ) -> None:
        self._connection, self._saying = connection, threading.Lock()
        self._library, self._models, self._workers, self._request = library, models, workers, request
        self._indexer: Indexer | None = None
        self._stop, self._pause, self._gentle = threading.Event(), threading.Event(), threading.Event()

    @property
    def progress(self) -> Progress:
        if self._indexer is None:
            return Progress("waiting", next(iter(self._request.folders), None))
        return self._indexer.progress

    def run(self) -> IndexReport:
        with Library.open(self._library) as library:
            self._indexer = Indexer(
                library,
                self._models(),
                workers=self._workers,
                gentle=self._gentle.is_set,
                attend=self._attend,
                tell=lambda counts: self._say_if_heard(Written(counts)),
            )
            return self._indexer.run(
                self._request.folders, stop=self._stop, pause=self._pause, caution=self._request.caution
            )

    def say(self, message: object) -> None:
        """Send something to the other end, from any thread."""
        with self._saying:
            self._connection.send(message)

    def listen(self) -> None:
        """Wait a moment for a wish, and obey it."""
        if self._connection.poll(_GLANCE):
            self.obey(self._connection.recv())

    def obey(self, wish: Wish) -> None:
        for event, wished in (
            (self._pause, wish.pause),
            (self._gentle, wish.gentle),
            (self._stop, wish.stop),
        ):
            if wished:
                event.set()
            else:
                event.clear()

    @contextmanager
    def _attend(self, path: Path) -> Iterator[None]:
        """Say which file is being read, on the thread that reads it."""
        self._say_if_heard(Begun(path, self.progress))
        try:
            yield
        finally:
            self._say_if_heard(Ended(path))

    def _say_if_heard(self, message: object) -> None:
        """Say something on a thread that need not know whether anybody still asks."""
        with suppress(OSError):
            self.say(message)
