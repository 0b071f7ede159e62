"""The only door from worker threads to the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.garbage import GarbageCollection
from app.lanes import LANES, Job, Lane, WorkQueue
from engine import KnownError

T = TypeVar("T")


class Tasks(QObject):
    """Runs work on lanes and delivers the outcome on the thread that made this object.

    Every delivery is a closure carried by one queued signal, so nothing that a
    worker calls ever touches a widget.

    Signals:
        failed: A `KnownError` of work that came without a failure callback.
    """

    failed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queues = {lane: WorkQueue(lane) for lane in LANES}
        self._closed = False
        self._garbage = GarbageCollection(self)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        lane: Lane,
        work: Callable[[threading.Event], T],
        success: Callable[[T], None],
        failure: Callable[[KnownError], None] | None = None,
    ) -> Job:
        """Queue `work` on a lane; exactly one callback follows, here, unless the job is cancelled.

        Args:
            lane: Where to run it.
            work: Called on a worker with the event that says nobody waits any more.
            success: Called with what `work` returned.
            failure: Called with the world's fault; without it `failed` is emitted.
                Any other exception is raised on this thread, for the crash hook.
        """

        def run(cancelled: threading.Event) -> None:
            closure = _outcome(lambda: work(cancelled), success, failure or self.failed.emit)
            self.post(lambda: None if cancelled.is_set() else closure())

        job = Job(run)
        self._queues[lane].put(job)
        return job

    def post(self, closure: Callable[[], None]) -> None:
        """Run `closure` on the thread of this object, soon; may be called from any thread."""
        if not self._closed:
            self._arrived.emit(closure)

    def close(self, seconds: float = 2.0) -> bool:
        """Cancel everything and wait for the threads.

        Returns:
            Whether every thread has ended in time.
        """
        self._closed = True
        for queue in self._queues.values():
            queue.close()
        deadline = time.monotonic() + seconds
        ended = [queue.join(deadline) for queue in self._queues.values()]
        self._garbage.close()
        return all(ended)

    @Slot(object)
    def _deliver(self, closure: Callable[[], None]) -> None:
        if not self._closed:
            closure()


def _outcome(
    work: Callable[[], T], success: Callable[[T], None], failure: Callable[[KnownError], None]
) -> Callable[[], None]:
    """Do the work here; return what is to be done with its outcome on the other side."""
    try:
        result = work()
    except KnownError as error:
        return _bound(failure, error)
    except Exception as error:  # ours: the crash hook of the GUI thread must see it, traceback included
        return _bound(_reraise, error)
    return lambda: success(result)


def _bound(callback: Callable[[T], None], error: T) -> Callable[[], None]:
    # A function of its own, because Python unbinds an except clause's name at its end.
    return lambda: callback(error)


def _reraise(error: Exception) -> None:
    raise error
