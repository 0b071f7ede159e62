"""What the library takes on the disk, and its previews, which can be cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.lanes import STORAGE
from app.late import Late
from app.storage_page import StoragePage
from app.tasks import Tasks
from app.thumbnails import Thumbnails
from engine import ClearReport, KnownError

if TYPE_CHECKING:
    from engine import Library


class Storage(QObject):
    """Measures the library, and clears its previews as the user says.

    Signals:
        measured: A `LibrarySpace`.
        cleared: A `ClearReport`.
        failed: A `KnownError`; what was cleared until then is gone.
    """

    measured = Signal(object)
    cleared = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, library: Late[Library], thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._thumbnails = thumbnails

    def serve(self, page: StoragePage) -> None:
        """Keep a page up to date while it is seen, and do what the user says on it."""
        page.shown.connect(self.measure)
        page.clear_pressed.connect(self.clear)
        self.measured.connect(page.show_space)
        self.cleared.connect(page.show_cleared)
        self.failed.connect(page.show_failure)

    def measure(self) -> None:
        """Look how much the library takes; `measured` follows."""
        self._tasks.submit(
            STORAGE, lambda _: self._library.get().space(), self.measured.emit, self.failed.emit
        )

    def clear(self) -> None:
        """Clear the previews that can be made again; those in sight are at once."""
        self._tasks.submit(
            STORAGE, lambda stop: self._library.get().clear_thumbnails(stop), self._done, self._fail
        )

    def _done(self, report: ClearReport) -> None:
        self.cleared.emit(report)
        self._look_again()

    def _fail(self, error: KnownError) -> None:
        self.failed.emit(error)
        self._look_again()

    def _look_again(self) -> None:
        self.measure()
        self._thumbnails.renew()
