"""Leads from the grid into the viewer, through the photos shown, and back."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from app import phrases
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.pictures import Pictures
from app.questions import Question
from app.search_session import SearchSession
from app.viewer import Viewer
from engine import printable


class Viewing(QObject):
    """Joins the grid, its pages and the viewer.

    Signals:
        opened: A photo was opened: what was searched for was found.
        looked: Another photo is looked at.
        menu_wanted: A right click on the photo with this id, at a point of the screen.
    """

    opened = Signal()
    looked = Signal()
    menu_wanted = Signal(int, QPoint)

    def __init__(
        self,
        viewer: Viewer,
        pictures: Pictures,
        session: SearchSession,
        grid: PhotoGrid,
        model: PhotoModel,
        pages: QStackedWidget,
        chrome: tuple[QWidget, ...],
    ) -> None:
        """Put the viewer among the pages.

        Args:
            viewer: The viewer.
            pictures: Reads what it shows.
            session: Knows what was searched for.
            grid: The photos; its selection follows the viewer.
            model: The photos' order.
            pages: Where the grid and the viewer take turns.
            chrome: What is hidden while one looks at a photo.
        """
        super().__init__(viewer)
        self._viewer = viewer
        self._pictures = pictures
        self._session = session
        self._grid = grid
        self._model = model
        self._pages = pages
        self._chrome = chrome
        self._photo_id: int | None = None
        self._seen: int | None = None  # the photo on the canvas, which may still be the one before
        self._row = 0
        self._behind: QWidget = grid  # where one goes back to
        self._question: Question | None = None
        pages.addWidget(viewer)
        self._connect()

    @property
    def is_open(self) -> bool:
        """Whether a photo is looked at."""
        return self._photo_id is not None

    @property
    def viewer(self) -> Viewer:
        """The viewer."""
        return self._viewer

    def open_selected(self) -> None:
        """Look at the photo that is selected; select the current one first where it is not."""
        if (photo_id := self._grid.selected_id()) is not None:
            self.open(photo_id)
        else:
            self._grid.selection.toggle_current()

    def open(self, photo_id: int) -> None:
        """Look at a photo."""
        self._question = self._session.question
        self._behind = self._grid
        for widget in self._chrome:
            widget.hide()
        self._pages.setCurrentWidget(self._viewer)
        self._viewer.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go(photo_id)
        self.opened.emit()

    def close(self) -> bool:
        """Go back to the photos, or to what stands in their place; return whether one was looked at."""
        if not self.is_open:
            return False
        self._pages.setCurrentWidget(self._behind)
        self.enter()
        return True

    def enter(self) -> None:
        """Take the focus: the photo that is looked at, else the grid, or what stands in its place."""
        page = self._pages.currentWidget()
        if page is self._grid:
            self._grid.enter()
        elif page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def calm(self) -> bool:
        """End the slideshow, else the full screen; return whether there was either."""
        if self._viewer.slideshow.stop():
            return True
        if not self._viewer.window().isFullScreen():
            return False
        self.toggle_full_screen()
        return True

    def show_page(self, page: QWidget) -> None:
        """Show an answer, unless a photo is looked at and the question is the same: then on the way back.

        Args:
            page: The grid, or what stands in its place where there are no photos.
        """
        self._behind = page
        if self.is_open and self._session.question == self._question:
            self._select()
            self._tell()
        else:
            self._pages.setCurrentWidget(page)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back to the window."""
        window = self._viewer.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._viewer.arrange()

    def step(self, count: int) -> None:
        """Go on by so many photos; a slideshow begins again after the last one."""
        rows = self._model.rowCount()
        if self._photo_id is None or not rows:
            return
        before, after = self._rows_around()
        row, ahead = before + count + 1, range(before + 1)
        if count > 0:
            row, ahead = after + count - 1, range(after, rows)
        if self._viewer.slideshow.playing:
            row, ahead = row % rows, range(rows)
        photo_id = self._model.photo_id(max(ahead[0], min(row, ahead[-1]))) if ahead else self._photo_id
        if photo_id == self._photo_id:
            self._viewer.slideshow.seen()
        else:
            self._viewer.slideshow.wait()
            self._go(photo_id, 1 if count > 0 else -1)

    def _go(self, photo_id: int, way: int = 1) -> None:
        self._photo_id = self._grid.looked_at = photo_id
        self.looked.emit()
        self._select()
        following = self._present_row() + way
        neighbour = self._model.photo_id(following) if 0 <= following < self._model.rowCount() else None
        screen = self._viewer.screen()
        size = screen.size() * screen.devicePixelRatio()
        self._tell()
        self._pictures.look_at(photo_id, neighbour, QSize(size))
        if self._pictures.get(photo_id) is not None:
            self._show(photo_id)

    def _present_row(self) -> int:
        """Return the row of the photo, or where it was if it is shown no more."""
        row = -1 if self._photo_id is None else self._model.row_of(self._photo_id)
        if row >= 0:
            self._row = row
        return max(0, min(self._row, self._model.rowCount() - 1))

    def _rows_around(self) -> tuple[int, int]:
        """Return the rows before and after the photo, or around the gap if it is shown no more."""
        row = -1 if self._photo_id is None else self._model.row_of(self._photo_id)
        gap = min(self._row, self._model.rowCount())
        return (row - 1, row + 1) if row >= 0 else (gap - 1, gap)

    def _select(self) -> None:
        """Have the grid go along with the photo, as long as it is shown there."""
        row = -1 if self._photo_id is None else self._model.row_of(self._photo_id)
        if row >= 0:
            self._grid.selection.go_to(self._model.index(row))

    def _tell(self) -> None:
        """Say which photo it is, and where it stands."""
        row, rows = self._present_row(), self._model.rowCount()
        before, after = self._rows_around()
        loaded = None if self._photo_id is None else self._pictures.get(self._photo_id)
        photo = loaded.photo if loaded else None
        photo = photo or (None if self._photo_id is None else self._model.photo(self._photo_id))
        place = self.tr("{n} of {all}").format(n=phrases.number(row + 1), all=phrases.number(rows))
        count = place if rows else ""
        self._viewer.wait_for(printable(photo.path.name) if photo else "", count)
        self._viewer.bar.previous.setEnabled(before >= 0)
        self._viewer.bar.following.setEnabled(after < rows)

    def _show(self, photo_id: int) -> None:
        loaded = self._pictures.get(photo_id)
        if loaded is not None and photo_id == self._photo_id:
            same = self._seen == photo_id and self._viewer.canvas.loaded is not None
            self._seen = photo_id
            self._viewer.show_photo(loaded, same=same and loaded.full == self._full())
            self._tell()

    def _full(self) -> QSize:
        shown = self._viewer.canvas.loaded
        return QSize() if shown is None else shown.full

    def _page_changed(self) -> None:
        """Clean up when the viewer is left, whatever way."""
        if self.is_open and self._pages.currentWidget() is not self._viewer:
            self._photo_id = self._seen = self._grid.looked_at = None
            self._pictures.forget()
            self._viewer.clear()
            for widget in self._chrome:
                widget.show()

    def _open_menu(self, point: QPoint) -> None:
        if self._photo_id is not None:
            self.menu_wanted.emit(self._photo_id, self._viewer.mapToGlobal(point))

    def _connect(self) -> None:
        self._pictures.arrived.connect(self._show)
        self._pages.currentChanged.connect(self._page_changed)
        self._viewer.stepped.connect(self.step)
        self._viewer.left.connect(self.close)
        self._viewer.canvas.detail_wanted.connect(self._pictures.want_detail)
        self._viewer.customContextMenuRequested.connect(self._open_menu)
        self._viewer.bar.fill.triggered.connect(self.toggle_full_screen)
        self._grid.activated.connect(lambda index: self.open(self._model.photo_id(index.row())))
        window, viewer = self._pages.window(), self._viewer
        keys, where = Qt.Key, Qt.ShortcutContext
        alone, within = where.WidgetShortcut, where.WidgetWithChildrenShortcut
        for key, place, context, what, act in (  # the grid's buttons take Space for themselves
            (keys.Key_Space, self._grid, alone, self.tr("Look at the photo"), self.open_selected),
            (keys.Key_F11, window, where.WindowShortcut, self.tr("Full screen"), self.toggle_full_screen),
            (keys.Key_F5, viewer, within, self.tr("Slideshow"), viewer.slideshow.toggle),
        ):
            shortcut = QShortcut(QKeySequence(key), place)
            shortcut.setWhatsThis(what)
            shortcut.setContext(context)
            shortcut.activated.connect(act)
