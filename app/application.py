"""Builds the app, runs it, and takes it apart in the right order."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

import engine
from app import languages
from app.crash import CrashHook, start_again, start_log
from app.indexing import Indexing, Reader
from app.late import Late
from app.search_session import SearchSession
from app.settings import Settings
from app.side_windows import SideWindows
from app.single_instance import SingleInstance
from app.tasks import Tasks
from app.theme import Theme
from app.unread_files import UnreadFiles
from app.window import Window
from engine import log_folder

if TYPE_CHECKING:
    from engine import Library, Models

# How long a worker keeps the interpreter before the window gets its turn: painting asks for it at every
# cell, and Python's own 5 ms would add up (tests/benchmarks/bench_stalls.py).
TURN_SECONDS = 0.0002
CLOSE_SECONDS = 1.5  # what a batch of photos takes at most to come to its end, on most machines


class Application:
    """The window and everything behind it.

    Nothing heavy happens here: the library opens and the models load on workers, after
    the window is seen.

    Attributes:
        window: The main window.
        tasks: The worker threads.
        indexing: The folders being read.
        session: The question being answered.
        theme: The colours.
        beside: The windows beside the main one.
    """

    def __init__(
        self,
        qt: QApplication,
        *,
        library: Path | None = None,
        load: Callable[[], Models] | None = None,
        make_reader: Callable[[Library, Callable[[], bool]], Reader] | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Build it.

        Args:
            qt: Qt's application.
            library: The library file; None for the user's own.
            load: Gives the models; None for the bundled ones.
            make_reader: Gives what reads folders into the library, told what to ask whether to go
                easy on the machine; None for a process of its own, which `load` is sent to.
            settings: The user's settings; None for those of the data folder.
        """
        sys.setswitchinterval(TURN_SECONDS)
        settings = settings or Settings()
        load = load or engine.ModelLoader(device=settings.device, threads=settings.threads)
        self._library: Late[Library] = Late(lambda: engine.Library.open(library))
        self.tasks = Tasks()
        self.session = SearchSession(self.tasks, self._library, Late(load), self.tasks)
        self.indexing = Indexing(
            self.tasks,
            self._library,
            make_reader or partial(_process, load, settings.threads),
            self.tasks,
            gentle=settings.gentle,
        )
        self.theme = Theme(qt, settings.scheme)
        self.window = Window(self.tasks, self.theme, settings, self._library, self.session, self.indexing)
        folders = self.window.folders
        unread = UnreadFiles(self.tasks, self._library, folders, self.indexing, self.window)
        self.beside = SideWindows(
            self.window,
            self.tasks,
            self.theme,
            settings,
            self.indexing,
            library or engine.library_file(),
            unread,
        )

    def show(self) -> None:
        """Show the window, and start work once it has been painted."""
        self.window.show()
        QTimer.singleShot(0, self.window, self.window.start)

    def come_forward(self) -> None:
        """Bring the window to the front, wherever it is."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def shutdown(self, seconds: float = CLOSE_SECONDS) -> bool:
        """Stop, cancel, join, close the library, and only then destroy the widgets.

        Returns:
            Whether every worker ended in time.
        """
        self.window.close()
        self.indexing.stop()
        ended = self.tasks.close(seconds)
        opened = self._library.peek()
        if opened is not None:
            opened.close()
        self.window.deleteLater()
        self.tasks.deleteLater()
        return ended


def _process(
    load: Callable[[], Models], threads: int | None, library: Library, gentle: Callable[[], bool]
) -> Reader:
    return engine.IndexerProcess(library.path, load, workers=threads, gentle=gentle)


def leave_in_peace_what_stays(app: Application) -> None:
    """Keep Python's garbage collector from looking through all that was loaded with the models.

    It stays to the end, and every full collection would go through it and hold up the window for a
    tenth of a second.
    """
    app.session.ready.connect(lambda: gc.freeze())


def run(argv: list[str], library: Path | None = None) -> int:
    """Run the app until its window is closed, or bring forward the one that is open already.

    Args:
        argv: The command line, Qt's own options included.
        library: The library file; None for the user's own.

    Returns:
        The exit code.
    """
    qt = QApplication.instance()
    if not isinstance(qt, QApplication):
        qt = QApplication(argv or ["sgraffito"])
    qt.setApplicationName("Sgraffito")
    qt.setDesktopFileName("sgraffito")
    only = SingleInstance(library or engine.library_file())
    if not only.claim():
        return 0
    log = start_log(log_folder())
    settings = Settings()
    languages.install(qt, settings.language)
    app = Application(qt, library=library, settings=settings)
    only.called.connect(app.come_forward)
    hook = CrashHook(app.tasks, log, app.window, app.window.message.show_message)
    hook.install()
    leave_in_peace_what_stays(app)
    app.show()
    code = qt.exec()
    only.release()
    ended = app.shutdown()
    hook.remove()
    if hook.restart_wanted:
        start_again()
    if not ended:
        # A model that is still loading can't be interrupted, and must not keep a closed program alive.
        logging.shutdown()
        os._exit(code)
    return code
