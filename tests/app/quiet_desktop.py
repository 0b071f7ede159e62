"""A desktop that answers at once: dialogs of the system are answered, its programs only noted.

Everything here stands on Qt's own side of the border; the program under test is all real.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QProcess, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDrag
from PySide6.QtWidgets import QFileDialog, QWidget

SCHEMES = ("file", "http", "https")


def answer_dialogs(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[QFileDialog], Sequence[Path | None]]
) -> None:
    """Have every dialog for folders or files answered; nothing is "Cancel"."""
    answers: dict[QFileDialog, list[str]] = {}

    def execute(dialog: QFileDialog) -> bool:
        answers[dialog] = [str(path) for path in answer(dialog) if path]
        return bool(answers[dialog])

    monkeypatch.setattr(QFileDialog, "exec", execute)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda dialog: answers[dialog])


class QuietDesktop(QObject):
    """Takes the place of the file dialog, of other programs, and of who would take what is dragged.

    Attributes:
        folder: What a dialog for folders answers; None is "Cancel".
        files: What a dialog for files answers.
        opened: What another program was to open.
        asked: How often a dialog was shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder: Path | None = None
        self.files: list[Path] = []
        self.opened: list[QUrl] = []
        self.asked = 0

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.opened.append(url)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the desktop's place until `remove`."""
        for scheme in SCHEMES:
            QDesktopServices.setUrlHandler(scheme, self, "show")
        answer_dialogs(monkeypatch, self._answer)
        monkeypatch.setattr(QProcess, "startDetached", lambda *_, **__: True)
        monkeypatch.setattr(QDrag, "exec", lambda *_, **__: Qt.DropAction.IgnoreAction)

    def remove(self) -> None:
        for scheme in SCHEMES:
            QDesktopServices.unsetUrlHandler(scheme)

    def _answer(self, dialog: QFileDialog) -> Sequence[Path | None]:
        self.asked += 1
        return [self.folder] if dialog.fileMode() == QFileDialog.FileMode.Directory else self.files


class StaysOpen(QObject):
    """Keeps a window open, as if the window manager had lost the wish to close it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Close:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
