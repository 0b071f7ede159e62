"""The settings' page on where things are kept, and how much they take."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app import desktop, phrases
from app.absence import is_folder
from app.form import FormPage, read_only
from engine import ClearReport, KnownError, LibrarySpace, printable

WORTH_TELLING = 1_000_000  # bytes free in the library's file


class StoragePage(FormPage):
    """Where the library and the log are, what takes how much, and a button that clears the previews.

    Signals:
        shown: The page is seen, so that its numbers are wanted.
        clear_pressed: The previews shall be cleared.
    """

    shown = Signal()
    clear_pressed = Signal()

    def __init__(self, library: Path, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clearing = False
        self._previews = 0
        self.library = read_only(printable(library))
        self.show_library = self._button(library, self.tr("Show the library in its folder"))
        self.library_note = self.add_field(
            self.tr("Library"), self.library, note="", button=self.show_library
        )
        self.previews = read_only()
        self.clear = QPushButton(self.tr("Clear previews"))
        self.clear.setAutoDefault(False)
        self.clear.clicked.connect(self._clear)
        self.add_field(
            self.tr("Previews"),
            self.previews,
            note=self.tr(
                "Cleared previews are made again when you look at their photos; those of photos that can't "
                "be reached now stay."
            ),
            button=self.clear,
        )
        self.search_data = read_only()
        self.add_field(
            self.tr("Search data"),
            self.search_data,
            note=self.tr("What was read in your photos, so that they can be found. It stays."),
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
        self._offer()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask for the numbers, which may have changed since the last time."""
        super().showEvent(event)
        self.shown.emit()

    def show_space(self, space: LibrarySpace) -> None:
        """Say what takes how much on the disk."""
        total, spare = phrases.size(space.total), phrases.size(space.spare)
        if space.spare >= WORTH_TELLING:
            total = self.tr("{size}, {free} of it free for photos to come").format(size=total, free=spare)
        self.library_note.setText(total)
        self.library.setAccessibleDescription(total)
        self.previews.setText(phrases.size(space.thumbnails))
        self.search_data.setText(phrases.size(space.total - space.spare - space.thumbnails))
        self._previews = space.thumbnails
        self._offer()

    def show_cleared(self, report: ClearReport) -> None:
        """Say what became of the previews."""
        self._clearing = False
        self._offer()
        if not report.cleared:
            text = self.tr("No previews were cleared: their photos can't be reached now, or have changed.")
        else:
            text = self.tr("{size} of previews were cleared.").format(size=phrases.size(report.size))
        if report.cleared and report.kept:
            stay = self.tr("Those of {photos} stay: these can't be reached now, or have changed.")
            text = f"{text} {stay.format(photos=phrases.photos(report.kept))}"
        self.answer.setText(text)

    def show_failure(self, error: KnownError) -> None:
        """Say why the previews could not be cleared, or the library not be measured."""
        self._clearing = False
        self._offer()
        self.answer.setText(str(error))

    def _clear(self) -> None:
        self._clearing = True
        self._offer()
        self.answer.setText(self.tr("Clearing previews…"))
        self.clear_pressed.emit()

    def _offer(self) -> None:
        self.clear.setEnabled(self._previews > 0 and not self._clearing)

    def _button(self, path: Path, name: str) -> QPushButton:
        button = QPushButton(self.tr("Show in folder"))
        button.setAccessibleName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._show(path))
        return button

    def _show(self, path: Path) -> None:
        shown = is_folder(path.parent) and desktop.show_in_folder(path)  # the user's own: no dead drive
        self.answer.setText("" if shown else self.tr("The folder could not be shown."))
