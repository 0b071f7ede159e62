"""The index run: walk, read, encode in batches, write.

Three kinds of thread work side by side: one walks the folders, a pool reads and
decodes a few batches ahead, and the thread that called `Indexer.run` encodes the
batches and does every write. A batch is one transaction, so whenever the process
ends, at most the batch in flight is lost; the next run finds those files unread.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.indexer.batch import Batch
from engine.indexer.caution import DEADLY, NO_CAUTION, Caution
from engine.indexer.reading import Outcome, Refused, read_candidate
from engine.indexer.survey import Candidate, Survey, Territory, check_connected
from engine.indexer.tally import Tally
from engine.library import Failure, Library
from engine.library.paths import check_folder
from engine.reports import IndexReport, Progress

if TYPE_CHECKING:
    from engine.models import Encoder

BATCH_SIZE = 8
BATCHES_AHEAD = 3
_GLANCE = 0.1  # seconds between looks at the events while waiting


class HasEncoders(Protocol):
    """What the indexer needs of `engine.models.Models`."""

    @property
    def encoders(self) -> Sequence[Encoder]:
        """All encoders whose features are stored."""
        ...


class Indexer:
    """Indexes folders into a library; one run at a time.

    Args:
        library: Where photos and features are kept.
        models: Whose encoders to apply; they load when the first photo needs them.
        workers: Threads that read and decode; None for one per core.
        batch_size: Photos per pass of the encoders, and per transaction.
        gentle: Asked before a run and after every batch whether to go easy on the machine: to decode
            one photo at a time, and to rest after a batch as long as it took; None for never.
        attend: Gives what is entered with a file's path before the file is read, and left after that,
            on whatever thread reads it; None for nothing.
        tell: Called after every transaction with what the run has done so far, without the files
            that were skipped; None for nobody.
    """

    def __init__(
        self,
        library: Library,
        models: HasEncoders,
        *,
        workers: int | None = None,
        batch_size: int = BATCH_SIZE,
        gentle: Callable[[], bool] | None = None,
        attend: Callable[[Path], AbstractContextManager[None]] | None = None,
        tell: Callable[[IndexReport], None] | None = None,
    ) -> None:
        self._library = library
        self._models = models
        self._workers = workers or _cores()
        self._batch_size = batch_size
        self._gentle = gentle or (lambda: False)
        self._attend = attend or (lambda _: nullcontext())
        self._tell = tell or (lambda _: None)
        self._tally = Tally()

    @property
    def progress(self) -> Progress:
        """A snapshot of the run that is on, or of the last one; to be polled."""
        return self._tally.progress()

    def run(
        self,
        folders: Sequence[Path],
        *,
        stop: threading.Event | None = None,
        pause: threading.Event | None = None,
        caution: Caution = NO_CAUTION,
    ) -> IndexReport:
        """Bring the library up to date with `folders`, adding them where they are new.

        Photos that are gone are marked as missing only after their folder was walked
        completely; their features stay.

        Args:
            folders: Folders of photos; each is walked with all that is below it.
            stop: Set it to end early; what was read so far is kept.
            pause: The run waits while it is set.
            caution: Which files are not read like the others.

        Raises:
            FolderError: A folder is missing or can't be read (before anything is done); its drive
                was disconnected (nothing in it is then marked as missing); or another program
                took it out of the library.
            LibraryError: The library can't be written; batches written before are kept.
            PackError: A model can't be loaded.
        """
        self._tally = Tally()
        run = _Run(self, stop or threading.Event(), pause or threading.Event(), caution)
        try:
            return run.run(folders)
        finally:
            self._tally.enter("done")


class _Run:
    """The state of one run."""

    def __init__(
        self, indexer: Indexer, stop: threading.Event, pause: threading.Event, caution: Caution
    ) -> None:
        self._library = indexer._library
        self._encoders = tuple(indexer._models.encoders)
        self._gentle = indexer._gentle
        self._workers = 1 if self._gentle() else indexer._workers
        self._batch_size = indexer._batch_size
        self._attend = indexer._attend
        self._tell = indexer._tell
        self._tally = indexer._tally
        self._stop = stop
        self._pause = pause
        self._caution = caution
        self._alone: list[Candidate] = []
        self._over = threading.Event()

    def run(self, folders: Sequence[Path]) -> IndexReport:
        territories = self._territories(folders)
        survey = Survey(
            self._library,
            territories,
            [encoder.pack_id for encoder in self._encoders],
            self._tally,
            self._stopped,
        )
        pool = ThreadPoolExecutor(self._workers, thread_name_prefix="decode")
        survey.start()
        try:
            vanished = self._read_all(survey, pool)
        finally:
            self._over.set()
            pool.shutdown(wait=True, cancel_futures=True)
            survey.join()
        if not self._stop.is_set():
            self._settle(survey, vanished)
        if survey.error is not None:
            raise survey.error
        self._tally.enter("done")
        return self._tally.report(stopped=self._stop.is_set())

    def _territories(self, folders: Sequence[Path]) -> list[Territory]:
        """Return the folders as places in the library, none inside another.

        All are checked before the first is added.
        """
        for folder in folders:
            check_folder(folder)
        before = self._library.root_paths()
        for folder in folders:
            self._library.add_root(folder)
        roots = self._library.root_paths()
        places = dict.fromkeys(self._library.locate(folder) for folder in folders)
        territories = [
            Territory(
                place,
                roots[place.root_id],
                renamed=before.get(place.root_id) not in (None, roots[place.root_id]),
            )
            for place in places
            if not any(place.is_inside(other) for other in places)
        ]
        for territory in territories:
            check_connected(self._library, territory)
        return territories

    def _read_all(self, survey: Survey, pool: ThreadPoolExecutor) -> list[Candidate]:
        """Read every candidate of the survey; return those that had vanished."""
        batch = Batch(self._library, self._encoders, self._tally)
        reading: deque[Future[Outcome]] = deque()
        surveying = True
        while (surveying or reading) and self._may_go_on():
            if surveying:
                surveying = self._submit(survey, pool, reading)
            if reading:
                batch.add(reading.popleft().result())
            if batch.is_full(self._batch_size) or not (reading or surveying):
                began = time.monotonic()
                self._write(batch)
                if self._gentle():
                    self._stop.wait(time.monotonic() - began)
        for candidate in self._alone:
            if not self._may_go_on():
                break
            with self._attend(candidate.path):
                batch.add(read_candidate(self._library, self._encoders, candidate))
                self._write(batch)
        return batch.vanished

    def _write(self, batch: Batch) -> None:
        batch.write()
        self._tell(self._tally.counts())

    def _submit(self, survey: Survey, pool: ThreadPoolExecutor, reading: deque[Future[Outcome]]) -> bool:
        """Keep the pool a few batches ahead; return whether the survey may still find more.

        Waits, but not for long, where there is nothing else to do.
        """
        while len(reading) < self._batch_size * BATCHES_AHEAD + self._workers:
            try:
                candidate = survey.candidates.get(block=not reading, timeout=_GLANCE)
            except queue.Empty:
                return True
            if candidate is None:
                return False
            self._tally.enter("reading", candidate.territory.folder)
            if candidate.path in self._caution.alone:
                self._alone.append(candidate)
            else:
                reading.append(pool.submit(self._read, candidate))
        return True

    def _read(self, candidate: Candidate) -> Outcome:
        """Read one file (on the pool)."""
        if candidate.path in self._caution.refused:
            return Refused(candidate, Failure(candidate.stamp, DEADLY))
        with self._attend(candidate.path):
            return read_candidate(self._library, self._encoders, candidate)

    def _settle(self, survey: Survey, vanished: Sequence[Candidate]) -> None:
        """Mark what completed walks did not find, and bring back what they found again."""
        for finding in survey.findings:
            if self._stop.is_set():
                return
            territory = finding.territory
            gone = finding.gone + [lost.stamp.path for lost in vanished if lost.territory == territory]
            if gone:
                check_connected(self._library, territory)
            root_id = territory.place.root_id
            self._tally.count("missing", self._library.mark_missing(root_id, gone, self._stop))
            self._tally.count("added", self._library.mark_present(root_id, finding.back, self._stop))
            if finding.closed:
                self._library.note_obstacles(finding.closed)
        self._library.tidy([encoder.pack_id for encoder in self._encoders], self._stop)

    def _may_go_on(self) -> bool:
        """Wait while paused; return whether the run was not stopped."""
        while self._pause.is_set() and not self._stop.is_set():
            self._tally.pause(True)
            self._stop.wait(_GLANCE)
        self._tally.pause(False)
        return not self._stop.is_set()

    def _stopped(self) -> bool:
        return self._stop.is_set() or self._over.is_set()


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
