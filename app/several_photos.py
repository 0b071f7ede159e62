"""What can be done with all photos that are selected at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app import desktop
from app.lanes import LIBRARY
from app.late import Late
from app.tasks import Tasks

if TYPE_CHECKING:
    from engine import Library

EXPORT_KEYS = QKeySequence("Ctrl+Shift+E")


class SeveralPhotos(QObject):
    """The actions on several photos.

    Signals:
        export_wanted: The ids of photos that are to be copied to a folder.
        menu_made: A context menu, before it is shown, and the ids of its photos: others may
            add to it.
    """

    export_wanted = Signal(object)
    menu_made = Signal(object, object)

    def __init__(self, tasks: Tasks, library: Late[Library], parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._window = parent

    def menu(self, photo_ids: Sequence[int]) -> QMenu:
        """Return the context menu of several photos; it deletes itself when it is closed."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        copy = self._add(menu, self.tr("Copy"), lambda: self.copy(photo_ids))
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        export = self._add(
            menu, self.tr("Export copies to a folder…"), lambda: self.export_wanted.emit(photo_ids)
        )
        export.setShortcut(EXPORT_KEYS)
        self.menu_made.emit(menu, photo_ids)
        return menu

    def copy(self, photo_ids: Sequence[int]) -> None:
        """Put the photos on the clipboard: for file managers the files, for texts their paths."""
        self._tasks.submit(
            LIBRARY,
            lambda _: _copied(self._library.get(), photo_ids),
            lambda parts: QGuiApplication.clipboard().setMimeData(_mime(parts)),
        )

    def _add(self, menu: QMenu, text: str, act: Callable[[], None]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda checked=False: act())
        return action


def _copied(library: Library, photo_ids: Sequence[int]) -> dict[str, bytes]:
    """Return what the clipboard shall hold, by its kind (on a worker)."""
    photos = library.photos(photo_ids)
    return desktop.clipboard_parts([photos[i].path for i in photo_ids if i in photos])


def _mime(parts: dict[str, bytes]) -> QMimeData:
    mime = QMimeData()
    for kind, content in parts.items():
        if kind == "text/plain":
            mime.setText(content.decode("utf-8"))  # Qt knows what each system calls it
        else:
            mime.setData(kind, content)
    return mime
