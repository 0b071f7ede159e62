"""What the status line tells of the reading of photos: progress, and what could not be read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app import phrases
from app.indexing import Indexing
from app.status_line import StatusLine
from app.thumbnails import Thumbnails
from engine import IndexReport

POLL_MS = 100
NOTE_MS = 30_000


class ReadingNews(QObject):
    """Polls the progress while photos are read, and says in passing what came of it.

    Signals:
        moved: Photos have other names or places now than one knew.
    """

    moved = Signal()

    def __init__(
        self, indexing: Indexing, status: StatusLine, thumbnails: Thumbnails, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._indexing = indexing
        self._status = status
        self._thumbnails = thumbnails
        self._polling = QTimer(self)
        self._polling.setInterval(POLL_MS)
        self._polling.timeout.connect(self._poll)
        self._note = QTimer(self)
        self._note.setSingleShot(True)
        self._note.setInterval(NOTE_MS)
        self._note.timeout.connect(lambda: status.show_note(""))
        status.pause_toggled.connect(indexing.set_paused)
        status.stop_pressed.connect(indexing.stop)
        indexing.started.connect(self._started)
        indexing.stopping.connect(status.end_pause)
        indexing.finished.connect(self._finished)
        indexing.folder_done.connect(self._folder_done)

    def stop(self) -> None:
        """Look no more, and end the reading."""
        self._polling.stop()
        self._indexing.stop()

    def _started(self) -> None:
        self._polling.start()
        self._poll()

    def _finished(self) -> None:
        self._polling.stop()
        self._status.show_progress(None)

    def _poll(self) -> None:
        self._status.show_progress(self._indexing.progress())

    def _folder_done(self, folder: Path, report: IndexReport) -> None:
        if report.moved:
            self.moved.emit()
        if report.updated or report.moved:
            self._thumbnails.renew()
        else:
            self._thumbnails.retry()
        if report.skipped:
            unread = self.tr("{files} in {folder} could not be read").format(
                files=phrases.files(len(report.skipped)), folder=phrases.folder_name(folder)
            )
            self._status.show_note(unread, self.tr("Show which"))
            self._note.start()
