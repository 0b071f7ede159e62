"""A thread that asks the GUI thread for a sign of life, and notes where it is when none comes.

A stall has three parts, told apart by what the system's scheduler knows of the GUI thread
(on Linux): its own work, waiting for a free core, and waiting for something else, which
in a Python program with worker threads is nearly always the interpreter's lock.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, Qt, Signal, Slot

BEAT = 0.01
STALL = 0.05
MACHINE_SHARE = 0.5  # of a stall, during which an idle process got no turn either: the machine's fault

LONELY = """
import json, sys, time
from PySide6.QtCore import QCoreApplication, QSocketNotifier, QTimer
qt, gaps, last = QCoreApplication([]), [], time.monotonic()
def beat():
    global last
    now = time.monotonic()
    if now - last > 0.03:
        gaps.append((last, now))
    last = now
timer = QTimer(); timer.timeout.connect(beat); timer.start(10)
end = QSocketNotifier(0, QSocketNotifier.Type.Read); end.activated.connect(qt.quit)
qt.exec(); print(json.dumps(gaps))
"""


@dataclass(frozen=True, slots=True)
class Stall:
    """A while in which the window did not answer.

    Attributes:
        start: When it was asked, on `time.monotonic`'s clock.
        end: When it answered.
        working: Seconds of it that the GUI thread worked.
        queued: Seconds of it that the GUI thread could have worked, but no core was free.
        stack: Where the GUI thread was after `STALL` seconds.
        workers: Where the other threads were then, a line each.
    """

    start: float
    end: float
    working: float
    queued: float
    stack: str
    workers: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def waiting(self) -> float:
        """Seconds of waiting for something else than a core."""
        return max(0.0, self.seconds - self.working - self.queued)


class Watchdog(QObject):
    """Beats through the event loop of the thread that makes it."""

    _asked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[Stall] = []
        self.watched = 0.0
        self._gui = threading.get_ident()
        self._task = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._answer = threading.Event()
        self._answered = 0.0
        self._spent = (0.0, 0.0)
        self._stop = threading.Event()
        self._asked.connect(self._beat, Qt.ConnectionType.QueuedConnection)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs; the block must run the event loop."""
        self._stop.clear()
        thread = threading.Thread(target=self._watch, name="watchdog")
        thread.start()
        started = time.monotonic()
        try:
            yield
        finally:
            self.watched += time.monotonic() - started
            self._stop.set()
            self._answer.set()
            thread.join()

    @Slot(float)
    def _beat(self, asked: float) -> None:
        self._answered = time.monotonic()
        self._spent = self._read()
        self._answer.set()

    def _watch(self) -> None:
        while not self._stop.wait(BEAT):
            self._answer.clear()
            if self._stop.is_set():  # its answer may just have been taken away
                return
            before, asked, stack, workers = self._read(), time.monotonic(), "", ()
            self._asked.emit(asked)
            if not self._answer.wait(STALL):
                stack, workers = self._seen()
                self._answer.wait()
            if self._stop.is_set():
                return
            if self._answered - asked > STALL:
                working, queued = (now - then for now, then in zip(self._spent, before, strict=True))
                self.stalls.append(Stall(asked, self._answered, working, queued, stack, workers))

    def _seen(self) -> tuple[str, tuple[str, ...]]:
        """Return where all are; no frame may be held longer, for its painter would live on with it."""
        frames = sys._current_frames()
        stack, workers = "".join(traceback.format_stack(frames[self._gui])), tuple(self._workers(frames))
        frames.clear()  # it holds this frame, too, and so itself
        return stack, workers

    def _workers(self, frames: dict[int, FrameType]) -> Iterator[str]:
        """Say where the other threads are that are not just waiting."""
        for thread in threading.enumerate():
            frame = frames.get(thread.ident or 0)
            if frame is None or thread.ident in (self._gui, threading.get_ident()):
                continue
            called = [call for call in traceback.extract_stack(frame) if "threading.py" not in call.filename]
            last = called[-1]
            if "lanes.py" not in last.filename:
                yield f"{thread.name}: {'/'.join(Path(last.filename).parts[-2:])}:{last.lineno} {last.name}"

    def _read(self) -> tuple[float, float]:
        """Return the seconds that the GUI thread has worked, and waited for a core, so far."""
        try:
            working, queued, _ = self._task.read_text().split()
        except OSError:
            return 0.0, 0.0
        return int(working) / 1e9, int(queued) / 1e9


class Neighbour:
    """A process with a bare event loop: what it misses, the machine was too busy for."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", LONELY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def gaps(self) -> list[tuple[float, float]]:
        """End it, and return when it got no turn."""
        out, _ = self._process.communicate("end\n")
        return [(start, end) for start, end in json.loads(out)]


def of_the_machine(stall: Stall, gaps: list[tuple[float, float]]) -> bool:
    """Return whether the machine, not the program, is to blame for a stall."""
    shared = sum(max(0.0, min(stall.end, end) - max(stall.start, start)) for start, end in gaps)
    return max(shared, stall.queued) >= MACHINE_SHARE * stall.seconds
