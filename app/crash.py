"""What happens when the program itself is wrong: a line in the log, one calm dialog."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QProcess, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app import desktop
from app.phrases import tr
from app.tasks import Tasks
from engine import KnownError, printable

LOG_BYTES = 2**20
_log = logging.getLogger("sgraffito")


def start_log(folder: Path) -> Path:
    """Write the log to a file in `folder`, which is made where it is missing.

    Returns:
        The log file. On a disk that takes no log, the program goes on without one.
    """
    file = folder / "sgraffito.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            file, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8", errors="backslashreplace", delay=True
        )
    except OSError:
        return file
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
    for log in (_log, logging.getLogger("engine")):
        log.addHandler(handler)
    _log.setLevel(logging.INFO)
    return file


class CrashHook:
    """Catches what nothing else caught, on any thread, and shows it once.

    A `KnownError` is the world's fault and goes to the window as a sentence.
    Everything else is ours: it is logged with its traceback.

    Attributes:
        box: The dialog, while it is open.
        restart_wanted: Whether the user closed the window to start again.
    """

    def __init__(self, tasks: Tasks, log: Path, window: QWidget, say: Callable[[str], None]) -> None:
        self._tasks = tasks
        self._log = log
        self._window = window
        self._say = say
        self.box: QMessageBox | None = None
        self.restart_wanted = False
        self._before = (sys.excepthook, threading.excepthook)

    def install(self) -> None:
        """Begin to catch."""
        sys.excepthook = self.caught
        threading.excepthook = lambda args: self.caught(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def remove(self) -> None:
        """Leave errors to Python again."""
        sys.excepthook, threading.excepthook = self._before

    def caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an error and show it, from whatever thread it comes."""
        if issubclass(kind, KeyboardInterrupt):
            self._tasks.post(QCoreApplication.quit)
            return
        _log.error("uncaught", exc_info=(kind, error, trace))
        self._tasks.post(lambda: self._show(error))

    def _show(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self._say(str(error))
        elif self.box is None:  # one dialog, however many errors follow
            self.box = self._dialog()
            self.box.open()

    def _dialog(self) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Sgraffito")
        box.setText(tr("Something went wrong in Sgraffito."))
        place = tr("Your photos and your library are safe. What happened is written in {log}.")
        box.setInformativeText(place.format(log=printable(self._log)))
        show = box.addButton(tr("Show the log"), QMessageBox.ButtonRole.ActionRole)
        show.clicked.connect(lambda: desktop.show_in_folder(self._log))
        again = box.addButton(tr("Start again"), QMessageBox.ButtonRole.DestructiveRole)
        again.clicked.connect(self._start_again)
        box.setEscapeButton(box.addButton(tr("Go on"), QMessageBox.ButtonRole.AcceptRole))
        box.finished.connect(self._closed)
        return box

    def _closed(self) -> None:
        self.box = None

    def _start_again(self) -> None:
        self.restart_wanted = True
        self._window.close()


def start_again() -> None:
    """Start the program anew, with the arguments it was started with."""
    frozen = getattr(sys, "frozen", False)
    arguments = sys.argv[1:] if frozen else sys.orig_argv[1:]
    QProcess.startDetached(sys.executable, arguments)
