"""What can be done with a photo: the context menu, and opening it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app import absence, copied_image, desktop
from app.lanes import FILES, LIBRARY, PICTURES
from app.late import Late
from app.several_photos import EXPORT_KEYS
from app.tasks import Tasks
from engine import Photo, printable

if TYPE_CHECKING:
    from engine import Library

IMAGE_KEYS = QKeySequence("Ctrl+Shift+C")


class PhotoActions(QObject):
    """The actions on one photo; the engine and the desktop do them.

    Signals:
        message: A calm sentence for the window: what could not be done, and why.
        descriptions_wanted: A `Photo` whose descriptions are to be found.
        look_alikes_wanted: A `Photo` whose look-alikes are to be found.
        reasons_wanted: A `Photo` of which the user asks why it was found.
        information_wanted: A `Photo` whose facts are to be shown.
        program_wanted: A `Photo` that is to be opened with a program of the user's choice.
        export_wanted: The ids of photos that are to be copied to a folder.
        opened: A photo was opened: what was searched for was found.
        menu_made: A context menu, before it is shown, and its photo's id: others may add to it.
    """

    message = Signal(str)
    descriptions_wanted = Signal(object)
    look_alikes_wanted = Signal(object)
    reasons_wanted = Signal(object)
    information_wanted = Signal(object)
    program_wanted = Signal(object)
    export_wanted = Signal(object)
    opened = Signal()
    menu_made = Signal(object, int)

    def __init__(self, tasks: Tasks, library: Late[Library], parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._window = parent

    def open(self, photo_id: int) -> None:
        """Open a photo in the system's viewer."""
        self._with_photo(photo_id, self._open)

    def menu(self, photo_id: int, *, searched: bool = False) -> QMenu:
        """Return the context menu of a photo; it deletes itself when it is closed.

        Args:
            photo_id: The photo.
            searched: Whether it is in the answer to a description.
        """
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        self._add(menu, self.tr("Open"), photo_id, self._open)
        self._add(menu, self.tr("Open with…"), photo_id, self.program_wanted.emit)
        self._add(menu, self.tr("Show in folder"), photo_id, self._show)
        menu.addSeparator()
        image = menu.addAction(self.tr("Copy image"))
        image.setShortcut(IMAGE_KEYS)
        image.triggered.connect(lambda checked=False: self.copy_image(photo_id))
        self._add(menu, self.tr("Copy path"), photo_id, self._copy_path).setShortcut(
            QKeySequence.StandardKey.Copy
        )
        export = menu.addAction(self.tr("Export a copy to a folder…"))
        export.setShortcut(EXPORT_KEYS)
        export.triggered.connect(lambda checked=False: self.export_wanted.emit([photo_id]))
        menu.addSeparator()
        why = self._add(menu, self.tr("Why this photo?"), photo_id, self.reasons_wanted.emit)
        why.setShortcut(QKeySequence("Ctrl+Y"))
        why.setEnabled(searched)
        self._add(menu, self.tr("Find similar descriptions"), photo_id, self._describe)
        self._add(menu, self.tr("Find look-alikes"), photo_id, self._look_alikes)
        menu.addSeparator()
        self._add(menu, self.tr("Information"), photo_id, self.information_wanted.emit).setShortcut(
            QKeySequence("Ctrl+I")
        )
        self.menu_made.emit(menu, photo_id)
        return menu

    def copy_path(self, photo_id: int) -> None:
        """Put a photo's path on the clipboard."""
        self._with_photo(photo_id, self._copy_path)

    def copy_image(self, photo_id: int) -> None:
        """Put a photo's picture on the clipboard; a large one takes a moment."""
        self._tasks.submit(
            PICTURES,
            lambda _: copied_image.read(self._library.get(), photo_id),
            lambda read: QGuiApplication.clipboard().setMimeData(copied_image.mime_of(*read)),
            lambda error: self.message.emit(str(error)),
        )

    def explain(self, photo_id: int) -> None:
        """Ask why a photo was found."""
        self._with_photo(photo_id, self.reasons_wanted.emit)

    def _add(self, menu: QMenu, text: str, photo_id: int, act: Callable[[Photo], None]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(partial(self._triggered, photo_id, act))
        return action

    def _triggered(self, photo_id: int, act: Callable[[Photo], None], checked: bool = False) -> None:
        self._with_photo(photo_id, act)

    def _with_photo(self, photo_id: int, act: Callable[[Photo], None]) -> None:
        """Ask the library where the photo is now, then act."""

        def found(photo: Photo | None) -> None:
            if photo is None:
                self.message.emit(absence.sentence(None))
            else:
                act(photo)

        self._tasks.submit(LIBRARY, lambda _: self._library.get().photo(photo_id), found)

    def _open(self, photo: Photo) -> None:
        def hand_over() -> None:
            if desktop.open_path(photo.path):
                self.opened.emit()
            else:
                text = self.tr("No program on this computer opens {name}.")
                self.message.emit(text.format(name=printable(photo.path.name)))

        self._if_there(lambda: absence.of_file(photo), hand_over)

    def _show(self, photo: Photo) -> None:
        def show() -> None:
            if not desktop.show_in_folder(photo.path):
                text = self.tr("The folder of {name} could not be shown.")
                self.message.emit(text.format(name=printable(photo.path.name)))

        self._if_there(lambda: absence.of_folder(photo), show)

    def _describe(self, photo: Photo) -> None:
        self._if_known(photo, lambda: self.descriptions_wanted.emit(photo))

    def _look_alikes(self, photo: Photo) -> None:
        self._if_known(photo, lambda: self.look_alikes_wanted.emit(photo))

    def _if_known(self, photo: Photo, act: Callable[[], None]) -> None:
        """Act on what the library has read of a photo; one that went missing has to be there again."""
        if photo.missing:
            self._if_there(lambda: absence.of_file(photo), act)
        else:
            act()

    def _if_there(self, look: Callable[[], str], act: Callable[[], None]) -> None:
        """Look for a file on a worker; then act, or say why not."""
        self._tasks.submit(
            FILES, lambda _: look(), lambda trouble: self.message.emit(trouble) if trouble else act()
        )

    def _copy_path(self, photo: Photo) -> None:
        desktop.copy_path(photo.path)
