"""Search by example: a picture that is dropped, pasted or picked, and photos like it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QAction, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app import absence, desktop
from app.file_dialogs import choose_file
from app.folder_actions import FolderActions
from app.lanes import FILES, PICTURES, Slot
from app.navigator import Navigator
from app.offered_picture import Offer, first_picture, is_text, on_clipboard, picture_of
from app.questions import LikePicture
from app.search_bar import SearchBar
from app.tasks import Tasks
from engine import KnownError, Picture, printable

T = TypeVar("T")

KEYS = QKeySequence("Ctrl+Shift+F")
_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class Examples(QObject):
    """Takes pictures and asks for photos like them; folders go to the library.

    Pictures from outside are taken everywhere in the window, photos that it gives itself by the search
    field and by the picture beside it.

    Signals:
        message: A calm sentence for the window.
    """

    message = Signal(str)

    def __init__(
        self,
        tasks: Tasks,
        navigator: Navigator,
        bar: SearchBar,
        folders: FolderActions,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._navigator = navigator
        self._bar = bar
        self._folders = folders
        self._window = parent
        self._reading = Slot()
        self._turn = 0  # a picture found after another one came, or a question, is too late
        self._last = ""
        self.pick = QAction(self.tr("Find photos like a picture…"), parent)
        self.pick.setShortcut(KEYS)
        self.pick.triggered.connect(self.choose)
        parent.addAction(self.pick)
        bar.picture.clicked.connect(self.pick.trigger)
        bar.example.closed.connect(navigator.drop_example)
        navigator.asking.connect(bar.show_example)
        navigator.asking.connect(lambda _: self._forget())
        bar.example.setAcceptDrops(True)
        for place in (bar.field, bar.example):
            place.installEventFilter(self)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), parent)
        paste.setWhatsThis(self.tr("Find photos like the picture on the clipboard, or paste text"))
        paste.activated.connect(self.paste)

    @staticmethod
    def takes(event: QDropEvent) -> bool:
        """Return whether a drag is worth an answer; what this window itself gives is not."""
        mime = event.mimeData()
        return event.source() is None and (mime.hasUrls() or mime.hasImage())

    @staticmethod
    def accept(event: QDropEvent) -> None:
        """Take what is dragged as a copy: what a file manager proposes to move, it would take away."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def drop(self, mime: QMimeData) -> None:
        """Add the folders that were dropped, or else look for photos like the first picture."""
        self._take(
            Offer.of(mime),
            self.tr("the dropped picture"),
            self.tr("There is no picture in what was dropped."),
        )

    def paste(self) -> None:
        """Do with the clipboard what would be done with a drop; text goes to the search field."""
        mime = on_clipboard()
        if is_text(mime):
            self._bar.type_text(mime.text())
        else:
            none = self.tr("There is no picture on the clipboard.")
            self._take(Offer.of(mime), self.tr("the pasted picture"), none)

    def choose(self) -> None:
        """Let the user pick a picture file."""
        parent = QApplication.activeWindow() or self._window
        chosen = choose_file(parent, self.tr("Find photos like a picture"), self._last)
        if chosen:
            self._last = str(chosen.parent)
            self._read_files((chosen,))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take photos of this window, and leave files and pictures from outside to it; they are no text."""
        if event.type() in _DRAGS and isinstance(event, QDropEvent):
            if event.mimeData().hasUrls() or event.mimeData().hasImage():
                self._drag(event)
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            pasting = event.matches(QKeySequence.StandardKey.Paste)
            if pasting and not is_text(on_clipboard()):
                self.paste()
                return True
        return super().eventFilter(watched, event)

    def _drag(self, event: QDropEvent) -> None:
        if event.source() is None:
            event.ignore()
            return
        self.accept(event)
        if event.type() == QEvent.Type.Drop:
            self._read_files(tuple(desktop.path_of(url) for url in event.mimeData().urls()))

    def _take(self, offer: Offer, name: str, none: str) -> None:
        if offer.paths:
            self._take_paths(offer.paths)
        elif not offer.image.isNull():
            image = offer.image
            self._read(lambda: picture_of(image), lambda picture: self._ask(picture, name))
        elif offer.on_the_web:
            self.message.emit(
                self.tr("Nothing is fetched from the web. Save the picture first, then drop its file here.")
            )
        else:
            self.message.emit(none)

    def _take_paths(self, paths: tuple[Path, ...]) -> None:
        """Find out on a worker what they are; a folder is added however long that takes."""
        self._forget()
        turn = self._turn

        def take(folders: tuple[Path, ...]) -> None:
            if folders:
                self._folders.add(folders)
            elif turn == self._turn:
                self._read_files(paths)

        self._tasks.submit(FILES, lambda _: tuple(filter(absence.is_folder, paths)), take)

    def _forget(self) -> None:
        """Wait for no picture any more."""
        self._turn += 1
        self._reading.cancel()

    def _read_files(self, files: tuple[Path, ...]) -> None:
        def ask(read: tuple[Picture, Path]) -> None:
            name = printable(read[1].name)
            one = self.tr("One picture at a time: these are photos like {name}.").format(name=name)
            self._ask(read[0], name, one if len(files) > 1 else "")

        self._read(lambda: first_picture(files), ask)

    def _read(self, work: Callable[[], T], success: Callable[[T], None]) -> None:
        self._forget()
        self._reading.put(self._tasks.submit(PICTURES, lambda _: work(), success, self._fail))

    def _ask(self, picture: Picture, name: str, notice: str = "") -> None:
        self._navigator.like_picture(LikePicture(picture, name, notice=notice))

    def _fail(self, error: KnownError) -> None:
        self.message.emit(error.sentences)
