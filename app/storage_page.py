"""The settings' page on where things are kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from app import desktop, phrases
from app.form import FormPage, read_only
from engine import printable

COMPANIONS = ("", "-wal", "-shm")  # SQLite's own files beside a library


class StoragePage(FormPage):
    """Where the library and the log are, and how much the library takes."""

    def __init__(self, library: Path, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = read_only(printable(library))
        self.show_library = self._button(library, self.tr("Show the library in its folder"))
        self.library_note = self.add_field(
            self.tr("Library"), self.library, note="", button=self.show_library
        )
        self.log = read_only(printable(log))
        self.show_log = self._button(log / "sgraffito.log", self.tr("Show the log in its folder"))
        self.add_field(self.tr("Log folder"), self.log, button=self.show_log)
        self.add_note(
            self.tr(
                "The library holds what was read about your photos, with a small picture of each, so that "
                "they can be found and seen while their drive is not connected. Your photos stay in their "
                "folders, and nothing is ever written there."
            )
        )
        self.answer = self.add_note()
        self.column.addStretch(1)

    def show_size(self, size: int) -> None:
        """Say how much the library takes on the disk."""
        self.library_note.setText(phrases.size(size))
        self.library.setAccessibleDescription(self.library_note.text())

    def _button(self, path: Path, name: str) -> QPushButton:
        button = QPushButton(self.tr("Show in folder"))
        button.setAccessibleName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._show(path))
        return button

    def _show(self, path: Path) -> None:
        shown = desktop.show_in_folder(path)
        self.answer.setText("" if shown else self.tr("The folder could not be shown."))


def taken(library: Path) -> int:
    """Return how many bytes a library takes on the disk; 0 where it is not there."""
    return sum(_size(library.with_name(library.name + suffix)) for suffix in COMPANIONS)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # it is not there, or no longer
        return 0
