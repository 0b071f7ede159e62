"""Joins the search field with what narrows, repeats and marks: filters, past searches, favourites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.favourites import KEYS, Favourites
from app.filter_menu import FilterMenu
from app.late import Late
from app.navigator import Navigator
from app.past_searches import PastSearches
from app.photo_actions import PhotoActions
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.questions import query_of
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.tasks import Tasks
from app.theme import Theme
from app.viewing import Viewing

if TYPE_CHECKING:
    from engine import Library


class Refining(QObject):
    """Builds the filter menu, the past searches and the favourites, and wires them up.

    Attributes:
        filters: The menu behind "+ Filter".
        past: Past and saved searches.
        favourites: The user's favourites.
    """

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        library: Late[Library],
        session: SearchSession,
        bar: SearchBar,
        grid: PhotoGrid,
        model: PhotoModel,
        photos: PhotoActions,
        navigator: Navigator,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._grid = grid
        self._model = model
        self._navigator = navigator
        self.filters = FilterMenu(tasks, library, parent)
        self.past = PastSearches(tasks, theme, library, session, bar, parent)
        self.favourites = Favourites(tasks, library, parent)
        mark = QAction(self.tr("Add to favourites, or remove"), parent)
        mark.setShortcut(KEYS)
        mark.triggered.connect(self._toggle_favourite)
        parent.addAction(mark)
        bar.refinements.add.clicked.connect(self._open_filters)
        self.filters.chosen.connect(bar.add_filter)
        self.past.chosen.connect(navigator.choose)
        photos.menu_made.connect(self.favourites.extend)
        self.favourites.changed.connect(lambda: model.set_favourites(self.favourites.ids))
        self.favourites.kept.connect(self._look_again)
        self.favourites.message.connect(photos.message)

    def join(self, viewing: Viewing) -> None:
        """Show in the viewer whether its photo is a favourite, and change it there."""
        viewer = viewing.viewer

        def show() -> None:
            viewer.bar.show_favourite(self._grid.looked_at in self.favourites.ids)

        viewing.looked.connect(show)
        self.favourites.changed.connect(show)
        self.favourites.changed.connect(viewer.wake)  # the bar may be hidden, and it tells of the change
        viewer.bar.favourite.triggered.connect(self._toggle_favourite)

    def load(self) -> None:
        """Read what the library remembers."""
        self.favourites.load()
        self.past.load()

    def _toggle_favourite(self) -> None:
        if photo_ids := self._grid.chosen_ids():
            self.favourites.toggle(photo_ids)

    def _look_again(self) -> None:
        """Ask the same again where the favourites are what is shown."""
        query = query_of(self._session.question)
        if query is not None and query.filters.favourite:
            self._navigator.repeat()

    def _open_filters(self) -> None:
        button = self._bar.refinements.add
        self.filters.open(button.mapToGlobal(QPoint(0, button.height() + 4)))
