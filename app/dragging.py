"""Dragging photos out of the window, to a folder, a letter or another program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, QRect, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from app import desktop, phrases
from app.lanes import LIBRARY, Slot
from app.late import Late
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.tasks import Tasks
from app.theme import Theme
from app.thumbnails import Thumbnails

if TYPE_CHECKING:
    from engine import Library

MOST = 2000  # photos in one drag; more are better exported
LOOK_MS = 60  # after the last change of the selection
SIDE = 96
STACKED = 3
STEP = 8
BADGE = 24


class Dragging(QObject):
    """Knows where the selected photos are before they are dragged, and drags them.

    The photo under the pointer is known, because the grid shows it; of several, some may
    never have been in sight, so the library is asked as soon as they are selected.

    Signals:
        message: Why nothing is dragged, in a sentence.
    """

    message = Signal(str)

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        library: Late[Library],
        grid: PhotoGrid,
        model: PhotoModel,
        thumbnails: Thumbnails,
    ) -> None:
        super().__init__(grid)
        self._tasks = tasks
        self._theme = theme
        self._library = library
        self._grid = grid
        self._model = model
        self._thumbnails = thumbnails
        self._urls: dict[int, QUrl] = {}
        self._looking = Slot()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_MS)
        self._soon.timeout.connect(self._look)
        grid.selection.changed.connect(self._soon.start)
        grid.drag_wanted.connect(self._drag_selected)

    def drag(self, photo_ids: Sequence[int], source: QWidget) -> None:
        """Drag photos, until they are dropped.

        Args:
            photo_ids: The photos.
            source: Where the drag begins.
        """
        drag = self.prepare(photo_ids, source)
        if drag is not None:
            drag.exec(Qt.DropAction.CopyAction)

    def forget(self) -> None:
        """Look up again where the selected photos are, because files have other names now."""
        self._looking.cancel()
        self._urls.clear()
        self._soon.start()

    def prepare(self, photo_ids: Sequence[int], source: QWidget) -> QDrag | None:
        """Return a drag of photos, or say why there is none."""
        if len(photo_ids) > MOST:
            text = self.tr("{photos} are too many to drag. Export copies of them to a folder instead.")
            self.message.emit(text.format(photos=phrases.photos(len(photo_ids))))
            return None
        urls = [self._url(photo_id) for photo_id in photo_ids]
        known = [url for url in urls if url is not None]
        if len(known) < len(urls):
            self._look()
            self.message.emit(self.tr("These photos are being looked up. Drag them again in a moment."))
            return None
        mime = QMimeData()
        mime.setUrls(known)
        drag = QDrag(source)
        drag.setMimeData(mime)
        drag.setPixmap(self._stack(photo_ids))
        drag.setHotSpot(QPoint(SIDE // 2, SIDE // 2))
        return drag

    def _drag_selected(self) -> None:
        if photo_ids := self._grid.selected_ids():
            self.drag(photo_ids, self._grid)

    def _url(self, photo_id: int) -> QUrl | None:
        photo = self._model.photo(photo_id)
        return self._urls.get(photo_id) if photo is None else desktop.url_of(photo.path)

    def _look(self) -> None:
        """Ask the library where the selected photos are, of which the grid has not seen all."""
        self._looking.cancel()
        count = self._grid.selection.count
        wanted = self._grid.selected_ids() if count <= MOST else []
        self._urls = {i: self._urls[i] for i in wanted if i in self._urls}
        unknown = [i for i in wanted if i not in self._urls and self._model.photo(i) is None]
        if unknown:
            self._looking.put(
                self._tasks.submit(
                    LIBRARY,
                    lambda _: _urls(self._library.get(), unknown),
                    self._urls.update,
                    lambda error: None,
                )
            )

    def _stack(self, photo_ids: Sequence[int]) -> QPixmap:
        """Return a picture of a few of the photos on top of each other, with their number."""
        ratio = self._grid.devicePixelRatioF()
        side = SIDE + (STACKED - 1) * STEP
        stack = QPixmap(round(side * ratio), round(side * ratio))
        stack.setDevicePixelRatio(ratio)
        stack.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stack)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for at in reversed(range(min(STACKED, len(photo_ids)))):
            self._paint_photo(painter, photo_ids[at], QRect(at * STEP, at * STEP, SIDE, SIDE))
        if len(photo_ids) > 1:
            self._paint_count(painter, phrases.number(len(photo_ids)), side)
        painter.end()
        return stack

    def _paint_photo(self, painter: QPainter, photo_id: int, room: QRect) -> None:
        pixmap = self._thumbnails.pixmap(photo_id)
        place = QRect(room)
        if pixmap is not None:
            size = pixmap.deviceIndependentSize().toSize()
            place.setSize(size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio))
            place.moveCenter(room.center())
        painter.setPen(self._theme.colour("surface"))
        painter.setBrush(self._theme.colour("placeholder"))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        if pixmap is not None:
            painter.drawPixmap(place.adjusted(1, 1, -1, -1), pixmap)

    def _paint_count(self, painter: QPainter, count: str, side: int) -> None:
        width = max(BADGE, painter.fontMetrics().horizontalAdvance(count) + 16)
        badge = QRect(side - width, side - BADGE, width, BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(badge, BADGE / 2, BADGE / 2)
        painter.setPen(self._theme.colour("on_accent"))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), count)


def _urls(library: Library, photo_ids: Sequence[int]) -> dict[int, QUrl]:
    """Return where photos are (on a worker)."""
    return {i: desktop.url_of(photo.path) for i, photo in library.photos(photo_ids).items()}
