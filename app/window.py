"""The one window: search field, photos, panel and status line, joined together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import phrases, states
from app.about_photo import AboutPhoto
from app.descriptions_panel import DescriptionsPanel
from app.folder_actions import FolderActions
from app.indexing import Indexing
from app.late import Late
from app.main_menu import MainMenu
from app.messages import EmptyState, MessageLine
from app.navigator import Navigator
from app.photo_actions import PhotoActions
from app.photo_grid import PhotoGrid
from app.photo_menus import PhotoMenus
from app.photo_model import PhotoModel
from app.pictures import Pictures
from app.questions import Browse
from app.refining import Refining
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.settings import Settings
from app.side_panels import SidePanels
from app.states import State
from app.status_line import StatusLine
from app.tasks import Tasks
from app.theme import Theme
from app.thumbnails import Thumbnails
from app.viewer import Viewer
from app.viewing import Viewing
from engine import IndexReport, KnownError, LibraryError

if TYPE_CHECKING:
    from engine import Library

POLL_MS = 100
NOTE_MS = 10_000


class Window(QMainWindow):
    """The main window.

    Attributes:
        bar: The search field and its neighbours.
        grid: The photos.
        model: What the grid shows.
        panel: The descriptions of a photo.
        status: The line at the bottom.
        message: The sentence above the photos.
        empty: The page in the place of photos.
        folders: The library's folders and counts.
        menu: The menu behind the button at the top right.
        photos: The actions on a photo.
        navigator: Questions, answers, and the way back.
        refining: Filters, past searches and favourites.
        side: The panels beside the photos.
        about: Why a photo was found, and its facts.
        viewing: One photo in the whole window.
    """

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        settings: Settings,
        library: Late[Library],
        session: SearchSession,
        indexing: Indexing,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Sgraffito")
        self.setAcceptDrops(True)
        self._settings = settings
        self._session = session
        self._indexing = indexing
        self._photos_shown = -1
        self._offline_said = ""
        self.folders = FolderActions(tasks, library, indexing, settings, self)
        self.photos = PhotoActions(tasks, library, self)
        self._add = QAction(self.tr("Add folder…"), self)
        self._add.setToolTip(self.tr("Add a folder of photos to the library (Ctrl+O)"))
        self._add.setShortcut(QKeySequence.StandardKey.Open)
        self.addAction(self._add)
        self._thumbnails = Thumbnails(tasks, library, parent=self)
        self.model = PhotoModel(self)
        self.grid = PhotoGrid(self._thumbnails, theme)
        self.grid.setObjectName("photoGrid")
        self.grid.setModel(self.model)
        self.menu = MainMenu(self, self._add, self.folders)
        self.bar = SearchBar(theme, self._add, self.menu)
        self.message = MessageLine(theme)
        self.empty = EmptyState()
        self.panel = DescriptionsPanel(theme)
        self.status = StatusLine()
        self.navigator = Navigator(
            session, self.bar, self.grid, self.model, self.panel, self._thumbnails, self
        )
        self.refining = Refining(
            tasks,
            theme,
            library,
            session,
            self.bar,
            self.grid,
            self.model,
            self.photos,
            self.navigator,
            self,
        )
        self.side = SidePanels()
        self.side.add(self.panel, self.navigator.close_panel)
        self.about = AboutPhoto(
            tasks, theme, library, session, self.grid, self.model, self.photos, self.side, self
        )
        self._pages = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._polling = QTimer(self)
        self._polling.setInterval(POLL_MS)
        self._note = QTimer(self)
        self._note.setSingleShot(True)
        self._note.setInterval(NOTE_MS)
        self._arrange()
        pictures, chrome = Pictures(tasks, library, self), (self.bar, self.status)
        self.viewing = Viewing(Viewer(theme), pictures, session, self.grid, self.model, self._pages, chrome)
        PhotoMenus(self.photos, self.grid, self.model, self.viewing, self.about)
        self._connect()
        self._add_shortcuts()
        self._restore()
        self.show_state(states.of_library(None, (), reading=False))

    def start(self) -> None:
        """Open the library, look through its folders, and load the models, all behind the window."""
        self.bar.focus()
        self._session.ask(Browse())
        self.refining.load()
        self.folders.read_known()
        self._session.warm_up()
        if not self._session.is_ready:
            self.status.show_note(self.tr("Getting ready to search…"))

    def show_state(self, state: State) -> None:
        """Show a sentence in the place of photos."""
        acts = {"": None, "add": self.folders.choose, "clear": self._show_all, "retry": self._retry}
        acts["unfilter"] = self.bar.remove_filters
        self.empty.show_state(state.sentence, state.action, acts[state.act], detail=state.detail)
        self._pages.setCurrentWidget(self.empty)

    def escape(self) -> None:
        """Take away one thing, the last that came; else go to the search field."""
        if self.bar.field.hasFocus() and self.bar.field.text():
            self.bar.clear()
        elif self.viewing.calm():
            return
        elif self.side.close_open():
            self.viewing.enter()
        elif self.viewing.close():
            return
        elif self.message.isVisible():
            self.message.clear()
        else:
            self.bar.focus()

    # Events ---------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Be gone at once; what still runs is stopped after that, unseen."""
        self._settings.geometry = self.saveGeometry()
        self._settings.splitter = self._splitter.saveState()
        self._settings.save()
        self._polling.stop()
        self._indexing.stop()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take files and folders of the user's own machine."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Add the folders that are dropped."""
        event.acceptProposedAction()
        self.folders.drop(event.mimeData())

    # The parts' news ------------------------------------------------------------------------

    def _library_changed(self) -> None:
        counts = self.folders.counts
        if counts is None:
            return
        self.status.show_counts(counts)
        if counts.photos != self._photos_shown and isinstance(self._session.question, Browse):
            self._photos_shown = counts.photos
            self.navigator.repeat()
        elif not self.model.rowCount() and isinstance(self._session.question, Browse):
            self._nothing_to_show(None)
        sentence = self.folders.offline_sentence()
        if counts.photos and sentence and sentence != self._offline_said:  # said once, not every second
            self.message.show_message(sentence, self.tr("Try again"), self.folders.read_known)
        self._offline_said = sentence

    def _nothing_to_show(self, state: State | None) -> None:
        folders = self.folders
        self.show_state(state or states.of_library(folders.counts, folders.roots, self._indexing.running))

    def _library_failed(self, error: KnownError) -> None:
        self.show_state(states.of_library_error(error))

    def _search_failed(self, error: KnownError) -> None:
        self.status.show_note("")
        if isinstance(error, LibraryError):
            self._library_failed(error)
        else:
            self.message.show_message(str(error), self.tr("Try again"), self._retry_search)

    def _folder_done(self, folder: Path, report: IndexReport) -> None:
        if report.updated:
            self._thumbnails.clear()
        if report.skipped:
            unread = self.tr("{files} in {folder} could not be read").format(
                files=phrases.files(len(report.skipped)), folder=phrases.folder_name(folder)
            )
            self.status.show_note(unread)
            self._note.start()

    def _reading_started(self) -> None:
        self._polling.start()
        self._poll()
        if not self.model.rowCount():
            self._nothing_to_show(None)

    def _reading_finished(self) -> None:
        self._polling.stop()
        self.status.show_progress(None)
        if not isinstance(self._session.question, Browse):
            self.navigator.repeat()

    def _poll(self) -> None:
        self.status.show_progress(self._indexing.progress())

    def _show_all(self) -> None:
        self.bar.clear()
        self.bar.focus()
        if not isinstance(self._session.question, Browse):
            self.navigator.go(Browse())

    def _retry(self) -> None:
        self.show_state(states.of_library(None, (), reading=False))
        self.folders.read_known()
        self.navigator.repeat()

    def _retry_search(self) -> None:
        self._session.warm_up()
        self.navigator.repeat()

    def _find(self) -> None:
        self.viewing.close()
        self.bar.focus()

    def _back(self) -> None:
        if not self.viewing.close():
            self.navigator.back()

    # Building -------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.empty)
        self._splitter.addWidget(self._pages)
        self._splitter.addWidget(self.side)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setChildrenCollapsible(False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, self.message, self._splitter, self.status):
            column.addWidget(widget, 1 if widget is self._splitter else 0)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self._add.triggered.connect(self.folders.choose)
        self._polling.timeout.connect(self._poll)
        self._note.timeout.connect(lambda: self.status.show_note(""))
        self._session.ready.connect(lambda: self.status.show_note(""))
        self.bar.leave_pressed.connect(self.grid.enter)
        self.grid.typed.connect(self.bar.type_text)
        self.viewing.opened.connect(self.navigator.remember_search)
        self.photos.message.connect(self.message.say)
        self.photos.descriptions_wanted.connect(self.navigator.describe)
        self.photos.look_alikes_wanted.connect(self.navigator.look_alikes)
        self.photos.opened.connect(self.navigator.remember_search)
        self.navigator.said.connect(self.message.say)
        self.navigator.shown.connect(self.viewing.show_results)
        self.navigator.shown.connect(self.about.follow)
        self.about.message.connect(self.message.say)
        self.navigator.empty.connect(self._nothing_to_show)
        self.navigator.search_failed.connect(self._search_failed)
        self.folders.changed.connect(self._library_changed)
        self.folders.failed.connect(self._library_failed)
        self.folders.message.connect(self.message.say)
        self.status.pause_toggled.connect(self._indexing.set_paused)
        self.status.stop_pressed.connect(self._indexing.stop)
        self._indexing.started.connect(self._reading_started)
        self._indexing.finished.connect(self._reading_finished)
        self._indexing.folder_done.connect(self._folder_done)
        self._indexing.folder_failed.connect(lambda error: self.message.show_message(str(error)))

    def _add_shortcuts(self) -> None:
        keys = QKeySequence.StandardKey
        for key, what, act in (
            (QKeySequence(keys.Find), self.tr("Go to the search field"), self._find),
            (QKeySequence(Qt.Key.Key_Escape), self.tr("Close or clear what came last"), self.escape),
            (QKeySequence(keys.Back), self.tr("Back"), self._back),
        ):
            shortcut = QShortcut(key, self)
            shortcut.setWhatsThis(what)
            shortcut.activated.connect(act)

    def _restore(self) -> None:
        if not self.restoreGeometry(self._settings.geometry):
            self.resize(1200, 800)
        self._splitter.restoreState(self._settings.splitter)
