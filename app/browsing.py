"""Joins the library panel with the rest of the window: what it lists, when it is seen, what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from app import library_tree
from app.folder_actions import FolderActions
from app.indexing import Indexing
from app.lanes import LIBRARY
from app.late import Late
from app.library_panel import LibraryPanel
from app.library_tree import Entry
from app.navigator import Navigator
from app.photo_grid import PhotoGrid
from app.questions import Browse
from app.refining import Refining
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.settings import Settings
from app.tasks import Tasks
from app.theme import Theme
from app.viewer import Viewer

if TYPE_CHECKING:
    from engine import Library

SOON_MS = 50
READING_MS = 2000  # while photos are read, counts change all the time
ROOM = 880  # pixels of the window's width, below which the photos need all of it


class Browsing(QObject):
    """The library panel.

    It stays hidden while the library is empty, while one looks at a photo, and where the
    window is too narrow for it.

    Attributes:
        panel: The panel.
        toggle: The action that opens and closes it.
    """

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        settings: Settings,
        library: Late[Library],
        session: SearchSession,
        indexing: Indexing,
        folders: FolderActions,
        refining: Refining,
        navigator: Navigator,
        bar: SearchBar,
        grid: PhotoGrid,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._theme = theme
        self._settings = settings
        self._library = library
        self._session = session
        self._indexing = indexing
        self._folders = folders
        self._refining = refining
        self._navigator = navigator
        self._bar = bar
        self._grid = grid
        self._window = parent
        self._pages: QStackedWidget | None = None
        self._splitter: QSplitter | None = None
        self._photos = -1
        self.panel = LibraryPanel(theme)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._read)
        self.toggle = QAction(self.tr("Library panel"), parent)
        self.toggle.setShortcut(QKeySequence("F9"))
        self.toggle.setCheckable(True)
        self.toggle.setChecked(settings.library_panel)
        self.toggle.toggled.connect(self._toggled)
        parent.addAction(self.toggle)
        bar.library.clicked.connect(self.toggle.trigger)
        parent.installEventFilter(self)
        self.panel.chosen.connect(self.choose)
        folders.changed.connect(self._counted)
        indexing.finished.connect(self.refresh)  # as many photos may be in other folders and years
        refining.favourites.kept.connect(self.refresh)
        refining.past.changed.connect(self.refresh)
        navigator.shown.connect(self._mark)
        navigator.empty.connect(lambda _: self._mark())
        self._arrange()

    def join(self, pages: QStackedWidget, splitter: QSplitter) -> None:
        """Stand at the left of the pages, and make room while one looks at a photo."""
        self._pages, self._splitter = pages, splitter
        splitter.insertWidget(0, self.panel)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.splitterMoved.connect(self._keep_width)
        pages.currentChanged.connect(lambda _: self._arrange())

    def refresh(self) -> None:
        """Count again, soon."""
        if not self._soon.isActive():
            self._soon.start(READING_MS if self._indexing.running and self._photos > 0 else SOON_MS)

    def choose(self, entry: Entry) -> None:
        """Show what a line stands for."""
        if entry.kind == "all":
            self._bar.set_text("")
            if self._session.question != Browse():
                self._navigator.go(Browse())
        elif entry.kind == "search":
            self._navigator.choose(entry.text)
        else:
            self._navigator.choose(library_tree.moved_to(self._bar.field.text(), entry.text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Follow the window's width."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._arrange()
        return super().eventFilter(watched, event)

    def _toggled(self, opened: bool) -> None:
        inside = self.panel.tree.hasFocus()
        self._settings.library_panel = opened
        self._arrange()
        if self.panel.isVisible():
            self.panel.enter()
        elif inside:
            self._grid.enter()

    def _arrange(self) -> None:
        looking = self._pages is not None and isinstance(self._pages.currentWidget(), Viewer)
        filled = self._photos > 0
        room = self._window.width() >= ROOM
        shown = self.toggle.isChecked() and filled and not looking and room
        if shown and self.panel.isHidden():
            self._widen()
        self.panel.setVisible(shown)
        self._bar.library.setVisible(filled and room)
        self._bar.library.setChecked(shown)

    def _widen(self) -> None:
        """Open the panel as wide as it was; the photos beside it give the room."""
        if self._splitter is not None:
            self.panel.show()
            panel, photos, *rest = self._splitter.sizes()
            width = self._settings.library_width
            self._splitter.setSizes([width, panel + photos - width, *rest])

    def _keep_width(self) -> None:
        if not self.panel.isHidden():
            self._settings.library_width = self.panel.width()

    def _counted(self) -> None:
        counts = self._folders.counts
        if counts is not None and counts.photos != self._photos:
            self.refresh()
            self._photos = counts.photos
            self._arrange()

    def _read(self) -> None:
        searches = tuple(self._refining.past.saved)
        self._tasks.submit(
            LIBRARY,
            lambda _: library_tree.read(self._library.get(), searches),
            self._show,
            lambda error: None,  # a library that can't be read is said elsewhere
        )

    def _show(self, top: Entry) -> None:
        self.panel.show_tree(top)
        self._mark()

    def _mark(self) -> None:
        """Mark the line that stands for what is shown."""
        question, text = self._session.question, self._bar.field.text().strip()
        if question == Browse():
            self.panel.mark(("all",))
            return
        saved = self.panel.model.key_of("search", text)
        place = library_tree.place_of(text)
        self.panel.mark(saved or (self.panel.model.key_of("place", place) if place else ()))
