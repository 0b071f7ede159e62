"""Opening a photo with a program of the user's choice, in the way of each system."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QMimeDatabase, QObject, Signal
from PySide6.QtWidgets import QWidget

from app import absence, desktop, desktop_entries
from app.desktop_entries import Program
from app.file_dialogs import choose_file
from app.lanes import FILES, PICTURES
from app.program_chooser import ProgramChooser
from app.tasks import Tasks
from engine import Photo, printable

if TYPE_CHECKING:
    from collections.abc import Sequence


class OpenWith(QObject):
    """Lets the user choose a program, and starts it with a photo.

    Signals:
        message: Why that was not possible, in a sentence.
        opened: A program was started with a photo.
    """

    message = Signal(str)
    opened = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._window = parent

    def ask(self, photo: Photo) -> None:
        """Ask with which program, then open the photo with it."""
        self._tasks.submit(FILES, lambda _: absence.of_file(photo), lambda trouble: self._ask(photo, trouble))

    def open(self, photo: Photo, program: Program) -> None:
        """Open a photo with a program that a desktop entry tells of."""
        url = bytes(desktop.url_of(photo.path).toEncoded().data()).decode("ascii")
        # Qt's arguments are text: a name that isn't is given as a URL, which most programs take as well.
        path = str(photo.path) if printable(photo.path) == str(photo.path) else url
        line = desktop_entries.command_line(program, path, url)
        self._start(line, photo, program.name, program.folder)

    def _ask(self, photo: Photo, trouble: str) -> None:
        if trouble:
            self.message.emit(trouble)
        elif sys.platform == "win32":  # the system's own chooser
            if not desktop.ask_windows(photo.path):
                self._fail(photo, "Windows")
        elif sys.platform == "darwin":
            self._ask_on_a_mac(photo)
        else:
            self._tasks.submit(
                PICTURES, lambda _: programs_for(photo.path), lambda found: self._choose(photo, found)
            )

    def _ask_on_a_mac(self, photo: Photo) -> None:
        title = self.tr("Open {name} with").format(name=printable(photo.path.name))
        chosen = choose_file(self._window, title, "/Applications", self.tr("Programs (*.app)"))
        if chosen:
            self._start(["open", "-a", str(chosen), str(photo.path)], photo, chosen.stem)

    def _choose(self, photo: Photo, found: Sequence[Program]) -> None:
        if not found:
            text = self.tr("No program on this computer says that it opens photos like {name}.")
            self.message.emit(text.format(name=printable(photo.path.name)))
            return
        chooser = ProgramChooser(printable(photo.path.name), found, self._window)
        chooser.chosen.connect(lambda program: self.open(photo, program))
        chooser.open()

    def _start(self, line: Sequence[str], photo: Photo, program: str, folder: str = "") -> None:
        if desktop.start(line, folder):
            self.opened.emit()
        else:
            self._fail(photo, program)

    def _fail(self, photo: Photo, program: str) -> None:
        text = self.tr("{name} could not be opened with {program}. Choose another program.")
        self.message.emit(text.format(name=printable(photo.path.name), program=program))


def programs_for(path: Path) -> list[Program]:
    """Return the programs for a file on a Linux desktop (on a worker: it reads many small files)."""
    kind = QMimeDatabase().mimeTypeForFile(printable(path), QMimeDatabase.MatchMode.MatchExtension)
    kinds = [kind.name(), *kind.aliases(), *kind.allAncestors()]
    return desktop_entries.programs(
        [name for name in kinds if name.startswith("image/")], os.environ, QLocale().name()
    )
