"""What can be done with folders: adding, dropping, looking through again, removing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app import phrases
from app.file_dialogs import choose_folder
from app.folders import FoldersPage
from app.indexing import Indexing
from app.lanes import LIBRARY
from app.late import Late
from app.settings import Settings
from app.states import is_away
from app.tasks import Tasks
from engine import LibraryCounts, Root

if TYPE_CHECKING:
    from engine import Library

COUNT_MS = 1000  # how often the counts are read while photos come in


class FolderActions(QObject):
    """Knows the folders and counts of the library, and changes them as the user says.

    Signals:
        changed: The counts or the folders were read again.
        failed: The library can't be read: a `KnownError`.
        unread_wanted: The files that could not be read shall be listed.
    """

    changed = Signal()
    failed = Signal(object)
    unread_wanted = Signal()

    def __init__(
        self, tasks: Tasks, library: Late[Library], indexing: Indexing, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._indexing = indexing
        self._settings = settings
        self._window = parent
        self.counts: LibraryCounts | None = None
        self.roots: tuple[Root, ...] = ()
        self._counting = QTimer(self)
        self._counting.setInterval(COUNT_MS)
        self._counting.timeout.connect(self.refresh)
        indexing.started.connect(self._counting.start)
        indexing.finished.connect(self._counting.stop)
        indexing.finished.connect(self.refresh)
        indexing.removed.connect(self.refresh)

    def refresh(self) -> None:
        """Read the counts and the folders again; `changed` follows."""
        self._tasks.submit(LIBRARY, lambda _: _state(self._library.get()), self._arrive, self.failed.emit)

    def read_known(self) -> None:
        """Look through every folder that is connected, for what has changed since the last time."""

        def arrive(state: tuple[LibraryCounts, tuple[Root, ...]]) -> None:
            self._arrive(state)
            self._read(*(root for root in self.roots if not is_away(root)))

        self._tasks.submit(LIBRARY, lambda _: _state(self._library.get()), arrive, self.failed.emit)

    def choose(self) -> None:
        """Let the user pick a folder, and add it."""
        parent = QApplication.activeWindow() or self._window
        chosen = choose_folder(parent, self.tr("Add a folder of photos"), self._settings.last_folder)
        if chosen:
            self.add([chosen])

    def add(self, folders: Sequence[Path]) -> None:
        """Add folders to the library and read them."""
        if folders:
            self._settings.last_folder = folders[-1]
            self._indexing.read(folders)

    def serve(self, page: FoldersPage) -> None:
        """Keep a page up to date, and do what the user says on it."""
        page.add_pressed.connect(self.choose)
        page.rescan_pressed.connect(self._read)
        page.remove_confirmed.connect(lambda root: self._indexing.remove(root.id))
        page.unread_pressed.connect(self.unread_wanted)
        page.keep.clicked.connect(lambda: self._show(page))  # what came while it was asked
        self.changed.connect(lambda: self._show(page))
        self._show(page)

    def _read(self, *roots: Root) -> None:
        self._indexing.read([root.path for root in roots if not self._indexing.is_gone(root.id)])

    def _show(self, page: FoldersPage) -> None:
        page.show_unread(self.counts.unreadable if self.counts else 0)
        if not page.sentence:  # what is being asked must not change under the pointer
            page.show_roots(self.roots)

    def offline_sentence(self) -> str:
        """Return a sentence on the folders that are not connected; "" where all are."""
        names = [phrases.folder_name(root.path) for root in self.roots if is_away(root)]
        if not names:
            return ""
        if len(names) == 1:
            text = self.tr("{folder} is not connected. Its photos can be found, but not opened.")
        else:
            text = self.tr("{folder} are not connected. Their photos can be found, but not opened.")
        return text.format(folder=", ".join(names))

    def _arrive(self, state: tuple[LibraryCounts, tuple[Root, ...]]) -> None:
        self.counts, self.roots = state
        self.changed.emit()


def _state(library: Library) -> tuple[LibraryCounts, tuple[Root, ...]]:
    return library.counts(), library.roots()
