"""Python's cyclic garbage, collected on the window's thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 1000


class GarbageCollection(QObject):
    """Keeps Python from collecting garbage in worker threads, and does it here instead.

    By itself Python collects in whatever thread happens to make an object. Qt's timers and
    models that are found then are destroyed there, beside the window that uses them, with
    the interpreter locked: Qt may wait for a lock that the window holds, and the window for
    the interpreter.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(LOOK_MS)

    def close(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        """Collect the oldest generation that Python would."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(2 if due[2] else 1 if due[1] else 0)
