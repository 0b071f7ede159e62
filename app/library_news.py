"""What the window says of the library: its counts, folders that are away, and why there are no photos."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from app import states
from app.folder_actions import FolderActions
from app.indexing import Indexing
from app.messages import EmptyState, MessageLine
from app.navigator import Navigator
from app.photo_model import PhotoModel
from app.questions import Browse
from app.refining import Refining
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.states import State
from app.status_line import StatusLine
from app.viewing import Viewing
from engine import KnownError


class LibraryNews(QObject):
    """Follows the library's folders and counts, and fills the page that stands in the place of photos."""

    def __init__(
        self,
        folders: FolderActions,
        indexing: Indexing,
        session: SearchSession,
        refining: Refining,
        navigator: Navigator,
        viewing: Viewing,
        model: PhotoModel,
        bar: SearchBar,
        status: StatusLine,
        message: MessageLine,
        pages: QStackedWidget,
        empty: EmptyState,
        parent: QObject,
    ) -> None:
        """Build it.

        Args:
            folders: The library's folders and counts.
            indexing: Reads them.
            session: Knows what is asked.
            refining: Past searches and favourites, which are loaded again with the library.
            navigator: Asks again.
            viewing: One photo in the whole window, which the page must not cover.
            model: The photos that are shown.
            bar: The search field.
            status: Shows the counts.
            message: Says which folders are away.
            pages: The grid and the page are among them.
            empty: The page.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._folders = folders
        self._indexing = indexing
        self._session = session
        self._refining = refining
        self._navigator = navigator
        self._viewing = viewing
        self._model = model
        self._bar = bar
        self._status = status
        self._message = message
        self._pages = pages
        self._empty = empty
        self._photos_shown = -1
        self._offline_said = ""
        navigator.empty.connect(self._nothing_to_show)
        folders.changed.connect(self._changed)
        folders.failed.connect(self.show_failure)
        indexing.started.connect(self._reading_started)
        self._wait_for_library()

    def show_failure(self, error: KnownError) -> None:
        """Say in the place of photos why the library can't be opened or read."""
        self._show(states.of_library_error(error))

    def _changed(self) -> None:
        counts = self._folders.counts
        if counts is None:
            return
        self._status.show_counts(counts)
        if counts.photos != self._photos_shown and isinstance(self._session.question, Browse):
            self._photos_shown = counts.photos
            self._navigator.repeat()
        elif not self._model.rowCount() and isinstance(self._session.question, Browse):
            self._nothing_to_show(None)
        sentence = self._folders.offline_sentence()
        if counts.photos and sentence and sentence != self._offline_said:  # said once, not every second
            self._message.show_message(sentence, self.tr("Try again"), self._look_for_folders)
        elif not sentence:
            self._message.drop(self._offline_said)  # it is true no more
        self._offline_said = sentence

    def _look_for_folders(self) -> None:
        self._offline_said = ""  # a folder that is still away is said again
        self._folders.read_known()

    def _reading_started(self) -> None:
        counts = self._folders.counts
        if counts is None or not counts.photos:  # else a search that finds nothing would seem to be read
            self._nothing_to_show(None)

    def _nothing_to_show(self, state: State | None) -> None:
        folders = self._folders
        if state is None or (folders.counts is not None and not folders.counts.photos):
            state = states.of_library(folders.counts, folders.roots, self._indexing.running)
        self._put(state)
        self._viewing.show_page(self._empty)

    def _wait_for_library(self) -> None:
        self._show(states.of_library(None, (), reading=False))

    def _show(self, state: State) -> None:
        self._put(state)
        self._pages.setCurrentWidget(self._empty)

    def _put(self, state: State) -> None:
        acts = {"": None, "add": self._folders.choose, "clear": self._show_all, "retry": self._retry}
        acts["unfilter"] = self._bar.remove_filters
        self._empty.show_state(state.sentence, state.action, acts[state.act], detail=state.detail)

    def _show_all(self) -> None:
        self._bar.clear()
        self._bar.focus()
        if not isinstance(self._session.question, Browse):
            self._navigator.go(Browse())

    def _retry(self) -> None:
        self._wait_for_library()
        self._refining.load()
        self._folders.read_known()
        self._navigator.repeat()
