"""Copies of photos for a folder of the user's choice: asked for, made on a worker, and told of."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

import engine
from app import phrases
from app.copy_progress import CopyProgress
from app.file_dialogs import choose_folder
from app.lanes import COPYING
from app.late import Late
from app.settings import Settings
from app.tasks import Tasks
from engine import ExportReport, KnownError

if TYPE_CHECKING:
    from engine import Exporter, Library

POLL_MS = 100


class Exporting(QObject):
    """Copies photos to one folder at a time; progress is polled.

    Attributes:
        progress: How far it is, for the status line.

    Signals:
        message: A calm sentence on why nothing is copied.
        finished: What became of it, in a sentence, and the folder with the copies, or None
            where there are none.
    """

    message = Signal(str)
    finished = Signal(str, object)

    def __init__(self, tasks: Tasks, settings: Settings, library: Late[Library], parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._settings = settings
        self._library = library
        self._window = parent
        self._folder: Path | None = None  # None while nothing is copied
        self._exporter: Exporter | None = None
        self._stop = threading.Event()
        self._polling = QTimer(self)
        self._polling.setInterval(POLL_MS)
        self._polling.timeout.connect(self._poll)
        self.progress = CopyProgress()
        self.progress.stop_pressed.connect(self.stop)

    @property
    def running(self) -> bool:
        """Whether photos are being copied."""
        return self._folder is not None

    def choose(self, photo_ids: Sequence[int]) -> None:
        """Let the user pick a folder, and copy photos to it."""
        if not photo_ids:
            self.message.emit(self.tr("Choose a photo first."))
            return
        if self.running:
            self.message.emit(self.tr("Photos are being copied already. Wait for them, or stop it first."))
            return
        title = self.tr("Copy {photos} to a folder").format(photos=phrases.photos(len(photo_ids)))
        chosen = choose_folder(self._window, title, self._settings.export_folder)
        if chosen:
            self.export(photo_ids, chosen)

    def export(self, photo_ids: Sequence[int], folder: Path) -> None:
        """Copy photos to a folder; `finished` follows, or `message`."""
        self._folder = self._settings.export_folder = folder
        self._stop = threading.Event()
        self._exporter = None
        self._tasks.submit(
            COPYING,
            lambda _: self._run(photo_ids, folder, self._stop),
            lambda report: self._done(report, folder),
            self._failed,
        )
        self._polling.start()
        self._poll()

    def stop(self) -> None:
        """Copy no more; what was copied stays."""
        self._stop.set()

    def _run(self, photo_ids: Sequence[int], folder: Path, stop: threading.Event) -> ExportReport:
        """Copy (on the copying lane)."""
        self._exporter = engine.Exporter(self._library.get())
        return self._exporter.run(photo_ids, folder, stop=stop)

    def _poll(self) -> None:
        if self._folder is not None:
            progress = engine.ExportProgress() if self._exporter is None else self._exporter.progress
            self.progress.show_progress(progress, phrases.folder_name(self._folder))

    def _done(self, report: ExportReport, folder: Path) -> None:
        self._end()
        text = phrases.exported(report, phrases.folder_name(folder))
        self.finished.emit(text, folder if report.copied else None)

    def _failed(self, error: KnownError) -> None:
        self._end()
        self.message.emit(str(error))

    def _end(self) -> None:
        self._folder = self._exporter = None
        self._polling.stop()
        self.progress.show_progress(None)
