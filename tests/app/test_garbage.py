import gc
import threading

from PySide6.QtCore import QObject, Qt

from app.lanes import LIBRARY
from app.tasks import Tasks


class Cycle(QObject):
    """Only the garbage collector finds it."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def make_much(_: threading.Event) -> list[list[int]]:
    return [[number] for number in range(200_000)]


def test_what_qt_made_for_the_window_is_destroyed_on_its_thread_however_much_a_worker_makes(qtbot, tasks):
    threads = []
    lost = Cycle()
    lost.destroyed.connect(lambda: threads.append(threading.get_ident()), Qt.ConnectionType.DirectConnection)
    del lost
    done = []
    tasks.submit(LIBRARY, make_much, done.append)
    qtbot.waitUntil(lambda: bool(done and threads), timeout=20_000)
    assert threads == [threading.get_ident()]


def test_garbage_does_not_pile_up(qtbot, tasks):
    class Node:
        def __init__(self) -> None:
            self.itself = self

    def live() -> int:
        return sum(type(thing) is Node for thing in gc.get_objects())

    for _ in range(20_000):
        Node()
    assert live() == 20_000  # or Python collects by itself
    qtbot.waitUntil(lambda: live() == 0, timeout=20_000)


def test_python_collects_by_itself_again_when_the_workers_have_ended(qapp):
    tasks = Tasks()
    assert not gc.isenabled()
    assert tasks.close(5)
    assert gc.isenabled()
    tasks.deleteLater()
