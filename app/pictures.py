"""The photo that is looked at and its neighbour, read on workers and soon forgotten."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal

from app import absence, loaded_photo
from app.lanes import PICTURES, Job
from app.late import Late
from app.loaded_photo import LoadedPhoto
from app.tasks import Tasks
from engine import KnownError

if TYPE_CHECKING:
    from engine import Library

CHECK_MS = 1000


class Pictures(QObject):
    """Reads the photo that is looked at, then the one that is likely next.

    In memory are three photos at most, each in the size of the screen (the one before,
    the one shown, the one after), and all pixels of the one shown if they were wanted.

    Signals:
        arrived: There is something new to show of the photo with this id.
    """

    arrived = Signal(int)

    def __init__(self, tasks: Tasks, library: Late[Library], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._box = QSize(1, 1)
        self._shown: int | None = None
        self._next: int | None = None
        self._kept: dict[int, LoadedPhoto] = {}
        self._jobs: dict[int, Job] = {}
        self._whole: LoadedPhoto | None = None
        self._reading_whole: Job | None = None
        self._looking: Job | None = None  # a drive may be slow to answer: one question at a time
        self._checking = QTimer(self)
        self._checking.setInterval(CHECK_MS)
        self._checking.timeout.connect(self.check)

    @property
    def kept(self) -> frozenset[int]:
        """The ids of the photos in memory."""
        return frozenset(self._kept)

    def look_at(self, photo_id: int, following: int | None, box: QSize) -> None:
        """Show a photo next; what else was wanted is dropped.

        Args:
            photo_id: The photo; `arrived` follows, unless `get` has it already.
            following: The photo that is likely wanted after it.
            box: The size of the screen in its own pixels.
        """
        if box != self._box:
            self._kept.clear()
        before = self._shown
        self._box, self._shown, self._next = QSize(box), photo_id, following
        self._forget_whole()
        for other in self._kept.keys() - {before, photo_id, following}:
            del self._kept[other]
        for other in self._jobs.keys() - {photo_id, following}:
            self._jobs.pop(other).cancel()
        if photo_id in self._kept:
            self._read_next()
        else:
            self._read(photo_id)
        self._checking.start()

    def get(self, photo_id: int) -> LoadedPhoto | None:
        """Return a photo, with all its pixels where they are there."""
        if photo_id == self._shown and self._whole is not None:
            return self._whole
        return self._kept.get(photo_id)

    def want_detail(self) -> None:
        """Read all pixels of the photo that is shown, unless that is done or being done."""
        photo_id = self._shown
        if photo_id is not None and self._whole is None and self._reading_whole is None:
            self._reading_whole = self._tasks.submit(
                PICTURES,
                lambda _: loaded_photo.load(self._library.get(), photo_id, None),
                self._take_whole,
            )

    def check(self) -> None:
        """See whether the file that is shown is still there, and unchanged; else read it again."""
        photo_id = self._shown
        loaded = None if photo_id is None else self._kept.get(photo_id)
        if photo_id is None or loaded is None or self._looking is not None:
            return

        def look() -> int | None:
            return absence.stamp_of(self._library.get().photo(photo_id))

        def compare(stamp: int | None) -> None:
            self._looking = None
            if photo_id == self._shown and stamp != loaded.stamp:
                self._forget_whole()
                self._kept.pop(photo_id, None)
                self._read(photo_id)

        def fail(error: KnownError) -> None:  # what is shown stays, and the next look may succeed
            self._looking = None

        self._looking = self._tasks.submit(PICTURES, lambda _: look(), compare, fail)

    def forget(self) -> None:
        """Nothing is looked at any more."""
        self._checking.stop()
        self._shown = self._next = None
        self._forget_whole()
        self._kept.clear()
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()

    def _read(self, photo_id: int) -> None:
        if photo_id in self._jobs:
            return
        box = QSize(self._box)
        self._jobs[photo_id] = self._tasks.submit(
            PICTURES,
            lambda _: loaded_photo.load(self._library.get(), photo_id, box),
            partial(self._arrive, photo_id),
        )

    def _arrive(self, photo_id: int, loaded: LoadedPhoto) -> None:
        self._jobs.pop(photo_id, None)
        self._kept[photo_id] = loaded
        if photo_id == self._shown:
            self.arrived.emit(photo_id)
            self._read_next()

    def _read_next(self) -> None:
        """Read the neighbour, once the photo itself is there: it must not wait for the neighbour."""
        if self._next is not None and self._next not in self._kept:
            self._read(self._next)

    def _take_whole(self, loaded: LoadedPhoto) -> None:
        self._reading_whole = None
        if loaded.levels and self._shown is not None:
            self._whole = loaded
            self.arrived.emit(self._shown)

    def _forget_whole(self) -> None:
        if self._reading_whole is not None:
            self._reading_whole.cancel()
        self._reading_whole = self._whole = None
