"""Reads folders into the library, one after the other, and says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

import engine
from app.lanes import INDEX, STORAGE
from app.late import Late
from app.settings import Gentle
from app.tasks import Tasks
from engine import IndexReport, KnownError, Progress

if TYPE_CHECKING:
    from engine import Library


class Reader(Protocol):
    """What brings a library up to date with its folders: an `engine.IndexerProcess`."""

    @property
    def progress(self) -> Progress:
        """A snapshot of the run that is on."""
        ...

    def run(
        self,
        folders: Sequence[Path],
        *,
        stop: threading.Event | None = None,
        pause: threading.Event | None = None,
    ) -> IndexReport:
        """Read folders, until `stop`; wait during `pause`."""
        ...

    def close(self) -> None:
        """Let go of what it needed; another run is possible."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """A folder that is read or waits for it, and what stops that."""

    folder: Path
    stop: threading.Event = field(default_factory=threading.Event)


class Indexing(QObject):
    """The folders that are being read, in the index lane.

    Progress is polled, never signalled: a fast disk would flood the window.

    Signals:
        started: The first of some folders is being read.
        folder_done: A folder and its `IndexReport`.
        folder_failed: A `KnownError`; the folders behind it are read all the same.
        removed: A folder was taken out of the library.
        stopping: Reading is to end, and waits no more if it did.
        finished: No folder is left to read.
    """

    started = Signal()
    folder_done = Signal(object, object)
    folder_failed = Signal(object)
    removed = Signal()
    stopping = Signal()
    finished = Signal()

    def __init__(
        self,
        tasks: Tasks,
        library: Late[Library],
        make_reader: Callable[[Library, Callable[[], bool]], Reader],
        parent: QObject | None = None,
        *,
        gentle: Gentle = "never",
    ) -> None:
        """Build it.

        Args:
            tasks: The worker threads.
            library: Where the photos go.
            make_reader: Gives what reads them, told the library, and what to ask whether to go
                easy on the machine; called on the index lane.
            parent: Qt's parent.
            gentle: When to go easy on the machine.
        """
        super().__init__(parent)
        self._gentle = gentle
        self._tasks = tasks
        self._library = library
        self._reader: Late[Reader] = Late(lambda: make_reader(library.get(), self._is_gentle))
        self._pause = threading.Event()
        self._waiting: list[_Run] = []
        self._reading: Reader | None = None
        self._gone: set[int] = set()  # folders taken out, or about to be; no id is given twice
        self._removals = 0  # those that are not through
        self._interrupted: list[Path] = []  # read on after the last of them

    @property
    def running(self) -> bool:
        """Whether a folder is being read or waits for it."""
        return bool(self._waiting)

    def is_gone(self, root_id: int) -> bool:
        """Return whether a folder was taken out, or is about to be: reading it would bring it back."""
        return root_id in self._gone

    def read(self, folders: Sequence[Path]) -> None:
        """Read folders, adding them to the library; those that already wait are not queued twice."""
        queued = [run.folder for run in self._waiting[1:] if not run.stop.is_set()]
        new = [_Run(folder) for folder in folders if folder not in queued]
        starting = bool(new) and not self.running
        for run in new:
            self._waiting.append(run)
            self._submit(run)
        if starting:
            self._pause.clear()
            self.started.emit()

    def progress(self) -> Progress | None:
        """Return a snapshot of the folder being read; None when nothing is."""
        if not self._waiting:
            return None
        reader = self._reading
        if reader is None:
            return Progress(phase="waiting", folder=self._waiting[0].folder)
        return reader.progress

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
        self._interrupted = []
        self._interrupt()

    def remove(self, root_id: int) -> None:
        """Take a folder out of the library; reading stops first, since it may be reading that one.

        The others that are read or wait are read after that: nobody has stopped them.
        """
        self._interrupted += [run.folder for run in self._waiting if not run.stop.is_set()]
        self._interrupt()
        self._gone.add(root_id)
        self._removals += 1
        self._tasks.submit(
            INDEX,
            lambda _: self._take_out(root_id),
            self._removed,
            partial(self._not_removed, root_id),
        )

    def _interrupt(self) -> None:
        for run in self._waiting:
            run.stop.set()
        self._pause.clear()
        self.stopping.emit()

    def _submit(self, run: _Run) -> None:
        self._tasks.submit(
            INDEX, lambda _: self._run(run), partial(self._done, run), partial(self._failed, run)
        )

    def _run(self, run: _Run) -> IndexReport:
        """Read one folder (on the index lane)."""
        if run.stop.is_set():
            return IndexReport(stopped=True)
        self._reading = self._reader.get()
        try:
            return self._reading.run([run.folder], stop=run.stop, pause=self._pause)
        except KnownError:
            raise
        except Exception:  # the crash hook hears of it, and nobody else would end this run
            self._tasks.post(partial(self._leave, run))
            raise
        finally:
            self._reading = None

    def _take_out(self, root_id: int) -> Path | None:
        """Take a folder out of the library, and return its path (on the index lane)."""
        library = self._library.get()
        path = next((root.path for root in library.roots() if root.id == root_id), None)
        library.remove_root(root_id, prune=False)
        return path

    def _removed(self, path: Path | None) -> None:
        if path is not None:
            self._interrupted = [folder for folder in self._interrupted if not folder.is_relative_to(path)]
        self._tasks.submit(STORAGE, lambda stop: self._library.get().prune(stop), lambda _: None)
        self.removed.emit()
        self._read_on()

    def _not_removed(self, root_id: int, error: KnownError) -> None:
        self._gone.discard(root_id)
        self.folder_failed.emit(error)
        self._read_on()

    def _read_on(self) -> None:
        """Go on with what was interrupted, unless another folder is still to be taken out."""
        self._removals -= 1
        if not self._removals:
            folders, self._interrupted = self._interrupted, []
            self.read(folders)

    def _is_gentle(self) -> bool:
        """Asked on the index lane, every few seconds."""
        gentle = self._gentle
        return gentle == "always" or (gentle == "battery" and engine.on_battery())

    def _done(self, run: _Run, report: IndexReport) -> None:
        self.folder_done.emit(run.folder, report)
        self._leave(run)

    def _failed(self, run: _Run, error: KnownError) -> None:
        self.folder_failed.emit(error)
        self._leave(run)

    def _leave(self, run: _Run) -> None:
        self._waiting.remove(run)
        if not self._waiting:
            self._tasks.submit(INDEX, lambda _: self._let_go(), lambda _: None)
            self.finished.emit()

    def _let_go(self) -> None:
        """Give back what reading needed (on the index lane, behind the last folder)."""
        reader = self._reader.peek()
        if reader is not None and not self._waiting:
            reader.close()
