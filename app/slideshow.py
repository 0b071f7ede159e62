"""Goes on to the next photo by itself."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

PAUSE_MS = 4000


class Slideshow(QObject):
    """A pause after each photo, counted from when it is seen.

    Signals:
        next_wanted: It is time for the next photo.
        changed: It started or stopped.
    """

    next_wanted = Signal()
    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.next_wanted)

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._playing

    @property
    def pause(self) -> QTimer:
        """What runs between two photos."""
        return self._pause

    def toggle(self) -> None:
        """Start, or stop."""
        if not self.stop():
            self._playing = True
            self._pause.start()
            self.changed.emit(True)

    def stop(self) -> bool:
        """Stop; return whether it was playing."""
        was, self._playing = self._playing, False
        self._pause.stop()
        if was:
            self.changed.emit(False)
        return was

    def wait(self) -> None:
        """Another photo is on its way: don't go on before it has been seen."""
        self._pause.stop()

    def seen(self) -> None:
        """The next photo is on the screen: count from now."""
        if self._playing:
            self._pause.start()
