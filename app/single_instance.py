"""One window per library: a second start brings the first one's window to the front."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QDir, QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER = b"ok"
WAIT_MS = 2000


class SingleInstance(QObject):
    """The door that a second start knocks at; it belongs to one library file.

    Signals:
        called: Another start asked for this window.
    """

    called = Signal()

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = _name(library)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def claim(self) -> bool:
        """Become the one window of the library.

        Returns:
            Whether that came about; if not, the window that is open already was called.
            A window that doesn't answer, because its process hangs or was killed, is not
            waited for long: this one then takes its place.
        """
        lock = QLockFile(QDir(QDir.tempPath()).filePath(f"{self.name}.lock"))
        locked = lock.tryLock(2 * WAIT_MS)  # two starts at the same moment come one after the other
        try:
            if self._call():
                return False
            QLocalServer.removeServer(self.name)  # what a killed process left behind
            self._server.listen(self.name)
            return True
        finally:
            if locked:
                lock.unlock()

    def release(self) -> None:
        """Answer no more: the next start opens a window of its own."""
        self._server.close()

    def _call(self) -> bool:
        """Call the window that is open already; return whether it answered."""
        socket = QLocalSocket()
        socket.connectToServer(self.name)
        if not socket.waitForConnected(WAIT_MS):
            return False
        answered = socket.waitForReadyRead(WAIT_MS) and socket.readAll().data() == ANSWER
        socket.disconnectFromServer()
        return answered

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.write(ANSWER)
            socket.flush()
            self.called.emit()


def _name(library: Path) -> str:
    """Return a name for a library file; its path would be too long for a socket on some systems."""
    return f"sgraffito-{hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:20]}"
