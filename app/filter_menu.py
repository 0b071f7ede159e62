"""The menu behind "+ Filter": what a search can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.lanes import LIBRARY
from app.late import Late
from app.tasks import Tasks
from engine import printable

if TYPE_CHECKING:
    from engine import Library

MOST = 24  # entries of a submenu; whatever else there is can be typed


@dataclass(frozen=True, slots=True)
class Choices:
    """What the library's photos can be told apart by."""

    years: tuple[int, ...]
    folders: tuple[str, ...]
    cameras: tuple[str, ...]


class FilterMenu(QMenu):
    """Offers filters; folders, years and cameras are the library's own.

    Signals:
        chosen: The key of a refinement, and its value; "" where the user is to type it.
    """

    chosen = Signal(str, str)

    def __init__(self, tasks: Tasks, library: Late[Library], parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._dates = self.addMenu(self.tr("Date"))
        self._folders = self.addMenu(self.tr("Folder"))
        self._cameras = self.addMenu(self.tr("Camera"))
        types = [("JPEG", "jpg"), ("HEIC", "heic"), ("PNG", "png"), ("WebP", "webp"), ("AVIF", "avif")]
        types += [("TIFF", "tiff"), ("GIF", "gif"), ("BMP", "bmp")]
        self._offer(self.addMenu(self.tr("File type")), "type", types)
        shapes = [(self.tr("Portrait"), "portrait"), (self.tr("Landscape"), "landscape")]
        shapes.append((self.tr("Square"), "square"))
        self._offer(self.addMenu(self.tr("Orientation")), "is", shapes)
        self.addSeparator()
        self._offer(self, "is", [(self.tr("Favourites"), "favourite")])
        self._offer(self, "has", [(self.tr("Has a place"), "location")])
        self.addSeparator()
        self._offer(self, "not", [(self.tr("Without…"), "")])
        self._show(Choices((), (), ()))

    def open(self, place: QPoint) -> None:
        """Open at a place of the screen; what the library offers follows in a moment."""
        self._tasks.submit(LIBRARY, lambda _: self._find(), self._show)
        self.popup(place)

    def _find(self) -> Choices:
        """Ask the library (on a worker)."""
        library = self._library.get()
        return Choices(tuple(library.years()), tuple(library.folders()), tuple(library.cameras()))

    def _show(self, choices: Choices) -> None:
        years = [(str(year), str(year)) for year in choices.years]
        folders = [(printable(folder).rstrip("/"), folder) for folder in choices.folders]
        cameras = [(name, name) for name in choices.cameras]
        for menu, key, offered, other in (
            (self._dates, "date", years, self.tr("Other dates…")),
            (self._folders, "folder", folders, self.tr("Other folder…")),
            (self._cameras, "camera", cameras, self.tr("Other camera…")),
        ):
            menu.clear()
            self._offer(menu, key, offered[:MOST])
            if offered:
                menu.addSeparator()
            self._offer(menu, key, [(other, "")])

    def _offer(self, menu: QMenu, key: str, offered: Iterable[tuple[str, str]]) -> None:
        for text, value in offered:
            action = menu.addAction(text.replace("&", "&&"))
            action.triggered.connect(partial(self._choose, key, value))

    def _choose(self, key: str, value: str, checked: bool = False) -> None:
        self.chosen.emit(key, value)
