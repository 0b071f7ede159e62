"""Keeps the window with the files that could not be read up to date, and tries them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app import absence, desktop
from app.folder_actions import FolderActions
from app.indexing import Indexing
from app.lanes import FILES, LIBRARY, Slot
from app.late import Late
from app.tasks import Tasks
from app.unread_model import UnreadFile
from app.unread_window import UnreadWindow
from engine import KnownError

if TYPE_CHECKING:
    from engine import Library


class UnreadFiles(QObject):
    """Joins the window with the library and the reading.

    Attributes:
        window: The window.
    """

    def __init__(
        self,
        tasks: Tasks,
        library: Late[Library],
        folders: FolderActions,
        indexing: Indexing,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._folders = folders
        self._indexing = indexing
        self._asking = Slot()
        self.window = UnreadWindow(parent)
        self.window.shown.connect(self.refresh)
        self.window.again_pressed.connect(self._try_again)
        self.window.folder_wanted.connect(self._show_in_folder)
        folders.changed.connect(self._follow)
        folders.failed.connect(self._fail)
        indexing.started.connect(self._follow)
        indexing.finished.connect(self._follow)

    def refresh(self) -> None:
        """Read the list anew."""
        self.window.set_reading(self._indexing.running)
        self._asking.put(
            self._tasks.submit(
                LIBRARY, lambda _: _listed(self._library.get()), self.window.show_files, self._fail
            )
        )

    def _follow(self) -> None:
        if self.window.isVisible():
            self.refresh()

    def _show_in_folder(self, file: UnreadFile) -> None:
        def show(there: bool) -> None:
            if not (there and desktop.show_in_folder(file.path)):
                self.window.say_unreachable(file)

        self._tasks.submit(FILES, lambda _: absence.is_folder(file.path.parent), show)

    def _try_again(self) -> None:
        self.window.set_reading(True)
        library = self._library
        self._tasks.submit(
            LIBRARY, lambda _: library.get().retry_skipped(), lambda _: self._folders.read_known(), self._fail
        )

    def _fail(self, error: KnownError) -> None:
        self.window.set_reading(self._indexing.running)
        self.window.say(error.sentences)


def _listed(library: Library) -> tuple[UnreadFile, ...]:
    return tuple(UnreadFile.of(skip) for skip in library.skipped())
