"""The one window: search field, photos, panel and status line, joined together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.about_photo import AboutPhoto
from app.browsing import Browsing
from app.descriptions_panel import DescriptionsPanel
from app.examples import Examples
from app.folder_actions import FolderActions
from app.indexing import Indexing
from app.late import Late
from app.library_news import LibraryNews
from app.main_menu import MainMenu
from app.messages import EmptyState, MessageLine
from app.navigator import Navigator
from app.own_description import OwnDescription
from app.photo_actions import PhotoActions
from app.photo_grid import PhotoGrid
from app.photo_menus import PhotoMenus
from app.photo_model import PhotoModel
from app.pictures import Pictures
from app.questions import Browse
from app.reading_news import ReadingNews
from app.refining import Refining
from app.scroll_label import ScrollLabel
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.settings import Settings
from app.side_panels import SidePanels
from app.sorting import Sorting
from app.spelling_help import SpellingHelp
from app.spoken_answers import SpokenAnswers
from app.status_line import StatusLine
from app.storage import Storage
from app.strictness import StrictnessSwitch
from app.taking_out import TakingOut
from app.tasks import Tasks
from app.theme import Theme
from app.thumbnail_size import ThumbnailSize
from app.thumbnails import Thumbnails
from app.viewer import Viewer
from app.viewing import Viewing
from engine import KnownError, LibraryError

if TYPE_CHECKING:
    from engine import Library


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
        browsing: The library panel.
        sorting: The order of the photos.
        examples: Pictures from outside that photos are looked for by.
        strictness: How sure a match must be.
        size_of_photos: How large they are in the grid.
        taking: Photos copied, dragged and opened elsewhere.
        storage: What the library takes on the disk.
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
        self._tasks = tasks
        self._settings = settings
        self._session = session
        self._indexing = indexing
        self._getting_ready = self.tr("Getting ready to search…")
        self.folders = FolderActions(tasks, library, indexing, settings, self)
        self.photos = PhotoActions(tasks, library, self)
        self._add = QAction(self.tr("Add folder…"), self)
        self._add.setToolTip(self.tr("Add a folder of photos to the library (Ctrl+O)"))
        self._add.setShortcut(QKeySequence.StandardKey.Open)
        self.addAction(self._add)
        self._thumbnails = Thumbnails(tasks, library, parent=self)
        self.storage = Storage(tasks, library, self._thumbnails, self)
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
        self.browsing = Browsing(
            tasks,
            theme,
            settings,
            library,
            session,
            indexing,
            self.folders,
            self.refining,
            self.navigator,
            self.bar,
            self.grid,
            self,
        )
        self.sorting = Sorting(
            theme, settings, session, self.navigator, self.grid, self.model, self.bar.sort, self
        )
        self.examples = Examples(tasks, self.navigator, self.bar, self.folders, self)
        OwnDescription(session, self.panel, self)
        SpellingHelp(session, self.navigator, self.bar, self.message, self)
        SpokenAnswers(session, self.navigator, self.grid, self.model, self.empty, self)
        self.strictness = StrictnessSwitch(settings, self.grid, self.model)
        self.size_of_photos = ThumbnailSize(theme, settings, self.grid)
        self.status.add_tool(self.size_of_photos.control)
        ScrollLabel(self.grid)
        self._reading = ReadingNews(indexing, self.status, self._thumbnails, self)
        self._arrange()
        pictures, chrome = Pictures(tasks, library, self), (self.bar, self.status)
        self.viewing = Viewing(Viewer(theme), pictures, session, self.grid, self.model, self._pages, chrome)
        self.browsing.join(self._pages, self._splitter)
        self.taking = TakingOut(
            tasks,
            theme,
            settings,
            library,
            self.photos,
            self.refining.favourites,
            self.grid,
            self.model,
            self._thumbnails,
            self.status,
            self.message,
            self,
        )
        self.taking.join(self.viewing)
        self.refining.join(self.viewing)
        self._news = LibraryNews(
            self.folders,
            indexing,
            session,
            self.refining,
            self.navigator,
            self.viewing,
            self.model,
            self.bar,
            self.status,
            self.message,
            self._pages,
            self.empty,
            self,
        )
        PhotoMenus(self.photos, self.taking.several, self.grid, self.model, self.viewing, self.about)
        self._connect()
        self._add_shortcuts()
        self._restore()

    def start(self) -> None:
        """Open the library, look through its folders, and load the models, all behind the window."""
        self.bar.focus()
        self._session.ask(Browse())
        self.refining.load()
        self.folders.read_known()
        self._session.warm_up()
        if not self._session.is_ready:
            self.status.show_note(self._getting_ready)

    def escape(self) -> None:
        """Take away one thing, the last that came; else go to the search field."""
        if self.grid.drop_band():
            return
        if (self.bar.field.hasFocus() and self.bar.take_away()) or self.viewing.calm():
            return
        if self.side.close_open():
            self.viewing.enter()
        elif self.viewing.close():
            return
        elif self.message.isVisible():
            self.message.dismiss()
        elif self.grid.hasFocus() and self.grid.selection.keep_current():
            return
        else:
            self.bar.focus()

    # Events ---------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Be gone at once; what still runs is stopped after that, unseen."""
        self._settings.geometry = self.saveGeometry()
        self._settings.splitter = self._splitter.saveState()
        self._settings.save()
        self._reading.stop()
        self.taking.stop()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take folders and pictures, but none that this window itself gives."""
        if self.examples.takes(event):
            self.examples.accept(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 (Qt's name)
        """Go on to take what was taken where the drag entered."""
        if self.examples.takes(event):
            self.examples.accept(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Add the folders that are dropped, or look for photos like the picture."""
        self.examples.accept(event)
        self.examples.drop(event.mimeData())

    # The parts' news ------------------------------------------------------------------------

    def _search_failed(self, error: KnownError, again: Callable[[], None]) -> None:
        self.status.drop_note(self._getting_ready)
        if isinstance(error, LibraryError):
            self._news.show_failure(error)
        else:
            act = partial(self._retry_search, again)
            self.message.show_message(str(error), self.tr("Try again"), act)

    def _retry_search(self, again: Callable[[], None]) -> None:
        self._session.warm_up()
        again()

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
        self._tasks.failed.connect(lambda error: self.message.show_message(error.sentences))
        self._session.ready.connect(lambda: self.status.drop_note(self._getting_ready))
        self.bar.leave_pressed.connect(self.grid.enter)
        self.grid.typed.connect(self.bar.type_text)
        self.viewing.opened.connect(self.navigator.remember_search)
        self.side.left.connect(self.viewing.enter)
        self.photos.message.connect(self.message.say)
        self.photos.descriptions_wanted.connect(self.navigator.describe)
        self.photos.look_alikes_wanted.connect(self.navigator.look_alikes)
        self.photos.opened.connect(self.navigator.remember_search)
        self.navigator.said.connect(self.message.say)
        self.navigator.unsaid.connect(self.message.drop)
        self.navigator.shown.connect(lambda: self.viewing.show_page(self.grid))
        self.navigator.shown.connect(self.about.follow)
        self.viewing.looked.connect(self.about.follow)  # among several selected, the selection stays
        self.about.message.connect(self.message.say)
        self.examples.message.connect(self.message.say)
        self.navigator.search_failed.connect(self._search_failed)
        for changed in (self._indexing.finished, self._indexing.removed):
            changed.connect(self.navigator.repeat)  # other photos may have come, be they as many as before
        for forget in (self.model.forget, self.taking.dragging.forget, self.navigator.repeat):
            self._reading.moved.connect(forget)
        self._indexing.removed.connect(self.navigator.look_again)
        self._indexing.removed.connect(self.about.look_again)
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
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)  # one photo had it
        self._splitter.restoreState(self._settings.splitter)
