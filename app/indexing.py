"""Reads folders into the library, one after the other, and says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

import engine
from app.lanes import INDEX
from app.late import Late
from app.settings import Gentle
from app.tasks import Tasks
from engine import IndexReport, KnownError, Progress

if TYPE_CHECKING:
    from engine import Indexer, Library, Models


class Indexing(QObject):
    """The folders that are being read, in the index lane.

    Progress is polled, never signalled: a fast disk would flood the window.

    Signals:
        started: The first of some folders is being read.
        folder_done: A folder and its `IndexReport`.
        folder_failed: A `KnownError`; the folders behind it are read all the same.
        removed: A folder was taken out of the library.
        finished: No folder is left to read.
    """

    started = Signal()
    folder_done = Signal(object, object)
    folder_failed = Signal(object)
    removed = Signal()
    finished = Signal()

    def __init__(
        self,
        tasks: Tasks,
        library: Late[Library],
        models: Late[Models],
        parent: QObject | None = None,
        *,
        threads: int | None = None,
        gentle: Gentle = "never",
    ) -> None:
        """Build it.

        Args:
            tasks: The worker threads.
            library: Where the photos go.
            models: What reads them.
            parent: Qt's parent.
            threads: How many photos are decoded at once; None for one per core.
            gentle: When to go easy on the machine.
        """
        super().__init__(parent)
        self._threads = threads
        self._gentle = gentle
        self._tasks = tasks
        self._library = library
        self._models = models
        self._stop = threading.Event()
        self._pause = threading.Event()
        self._waiting: list[Path] = []
        self._indexer: Indexer | None = None

    @property
    def running(self) -> bool:
        """Whether a folder is being read or waits for it."""
        return bool(self._waiting)

    def read(self, folders: Sequence[Path]) -> None:
        """Read folders, adding them to the library; those that already wait are not queued twice."""
        if self._stop.is_set():  # those stopped keep their own event, and end by it
            self._stop = threading.Event()
        new = [folder for folder in folders if folder not in self._waiting[1:]]
        starting = bool(new) and not self.running
        for folder in new:
            self._waiting.append(folder)
            self._submit(folder, self._stop)
        if starting:
            self._pause.clear()
            self.started.emit()

    def progress(self) -> Progress | None:
        """Return a snapshot of the folder being read; None when nothing is."""
        if not self._waiting:
            return None
        indexer = self._indexer
        if indexer is None:
            return Progress(phase="waiting", folder=self._waiting[0])
        return indexer.progress

    def set_paused(self, paused: bool) -> None:
        """Let reading wait, or go on."""
        if paused:
            self._pause.set()
        else:
            self._pause.clear()

    def set_gentle(self, gentle: Gentle) -> None:
        """Say when to go easy on the machine; it holds from the next few photos on."""
        self._gentle = gentle

    def stop(self) -> None:
        """Stop reading; what has been read stays, and the next start goes on from there."""
        self._stop.set()
        self._pause.clear()

    def remove(self, root_id: int) -> None:
        """Take a folder out of the library; reading stops first, since it may be reading that one."""
        self.stop()
        self._tasks.submit(
            INDEX,
            lambda _: self._library.get().remove_root(root_id),
            lambda _: self.removed.emit(),
            self.folder_failed.emit,
        )

    def _submit(self, folder: Path, stop: threading.Event) -> None:
        self._tasks.submit(
            INDEX,
            lambda _: self._run(folder, stop),
            partial(self._done, folder),
            partial(self._failed, folder),
        )

    def _run(self, folder: Path, stop: threading.Event) -> IndexReport:
        """Read one folder (on the index lane)."""
        if stop.is_set():
            return IndexReport(stopped=True)
        self._indexer = engine.Indexer(
            self._library.get(), self._models.get(), workers=self._threads, gentle=self._is_gentle
        )
        try:
            return self._indexer.run([folder], stop=stop, pause=self._pause)
        finally:
            self._indexer = None

    def _is_gentle(self) -> bool:
        """Asked on the index lane after every few photos."""
        gentle = self._gentle
        return gentle == "always" or (gentle == "battery" and engine.on_battery())

    def _done(self, folder: Path, report: IndexReport) -> None:
        self.folder_done.emit(folder, report)
        self._leave(folder)

    def _failed(self, folder: Path, error: KnownError) -> None:
        self.folder_failed.emit(error)
        self._leave(folder)

    def _leave(self, folder: Path) -> None:
        self._waiting.remove(folder)
        if not self._waiting:
            self.finished.emit()
