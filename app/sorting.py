"""The order of the photos: a quiet button with a menu."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QListView, QMenu, QPushButton, QWidget

from app.navigator import Navigator
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.search_session import SearchSession
from app.settings import Settings
from app.theme import Theme
from app.under_mouse import look_after
from engine import Order

Choice = Order | None  # None: the best match first


class Sorting(QObject):
    """Lets the user choose the order, for the library and for answers each on its own.

    The library's order is kept for the next start. Answers begin with the best match at
    every start, because that is what one searches for; what is chosen holds until then.

    Attributes:
        menu: The menu of the orders that there are for what is shown.
    """

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        session: SearchSession,
        navigator: Navigator,
        grid: PhotoGrid,
        model: PhotoModel,
        button: QPushButton,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        self._session = session
        self._navigator = navigator
        self._grid = grid
        self._model = model
        self._button = button
        self._of_answers: Choice = None
        self._moved = False
        self.menu = QMenu(button)
        self.menu.aboutToShow.connect(self._fill)
        button.setMenu(self.menu)
        look_after(button, self.menu)
        session.order = settings.order
        navigator.shown.connect(self._follow)
        navigator.empty.connect(lambda _: button.hide())
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        button.hide()

    @property
    def order(self) -> Choice:
        """The order of what is shown."""
        return self._session.order if self._model.results is None else self._of_answers

    def choose(self, order: Choice) -> None:
        """Put what is shown into an order; the selected photo stays selected, and in sight."""
        if order == self.order:
            return
        if self._model.results is not None:
            self._of_answers = order
            self._model.set_order(order)
            self._come_along()
        elif order is not None:
            self._settings.order = self._session.order = order
            self._moved = True
            self._navigator.repeat()
        self._name()

    def _follow(self) -> None:
        self._button.show()
        self._name()
        if self._moved:
            self._moved = False
            self._come_along()

    def _come_along(self) -> None:
        """Show the selected photo in its new place, or else the beginning."""
        index = self._grid.currentIndex()
        if self._grid.selected_id() is not None:
            self._grid.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
        else:
            self._grid.scrollToTop()

    def _choices(self) -> tuple[Choice, ...]:
        dated: tuple[Choice, ...] = ("newest", "oldest", "name")
        return dated if self._model.results is None else (None, *dated)

    def _fill(self) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        for order in self._choices():
            action = self.menu.addAction(self._words(order))
            action.setCheckable(True)
            action.setChecked(order == self.order)
            action.triggered.connect(partial(self._chosen, order))
            group.addAction(action)

    def _chosen(self, order: Choice, checked: bool = False) -> None:
        self.choose(order)

    def _words(self, order: Choice) -> str:
        return {
            None: self.tr("Best match first"),
            "newest": self.tr("Newest first"),
            "oldest": self.tr("Oldest first"),
            "name": self.tr("By name"),
        }[order]

    def _name(self) -> None:
        words = self._words(self.order)
        self._button.setText(words)
        self._button.setAccessibleName(self.tr("Order of the photos: {order}").format(order=words))
        self._button.setToolTip(self.tr("Order of the photos"))

    def _draw_icon(self) -> None:
        self._button.setIcon(self._theme.icon("sort", "accent"))
