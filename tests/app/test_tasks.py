import threading

import pytest
from PySide6.QtCore import QThread
from pytestqt.exceptions import capture_exceptions

from app.lanes import LIBRARY, SEARCH
from app.tasks import Tasks
from engine import LibraryError


def test_success_comes_back_on_the_gui_thread(qtbot, tasks):
    seen = []
    tasks.submit(
        SEARCH,
        lambda _: threading.current_thread().name,
        lambda name: seen.append((name, QThread.currentThread().isMainThread())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("search-1", True)]


def test_a_known_error_goes_to_the_failure_callback(qtbot, tasks):
    def work(_):
        raise LibraryError("The disk is full.")

    seen = []
    tasks.submit(LIBRARY, work, lambda _: seen.append("success"), seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert [str(error) for error in seen] == ["The disk is full."]


def test_without_a_failure_callback_a_known_error_is_signalled(qtbot, tasks):
    def work(_):
        raise LibraryError("The disk is full.")

    with qtbot.waitSignal(tasks.failed) as signal:
        tasks.submit(LIBRARY, work, lambda _: None)
    assert isinstance(signal.args[0], LibraryError)


def test_our_own_bugs_surface_on_the_gui_thread(qtbot, tasks):
    with capture_exceptions() as caught:
        tasks.submit(LIBRARY, lambda _: 1 // 0, lambda _: None)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_a_job_cancelled_while_it_runs_delivers_nothing(qtbot, tasks):
    started, seen = threading.Event(), []

    def work(cancelled):
        started.set()
        return cancelled.wait(5)

    job = tasks.submit(SEARCH, work, seen.append)
    assert started.wait(5)
    job.cancel()
    tasks.submit(SEARCH, lambda _: "next", seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["next"]


def test_cancelling_after_the_work_but_before_delivery_still_drops_it(qtbot, tasks):
    done, seen = threading.Event(), []
    job = tasks.submit(SEARCH, lambda _: done.set(), seen.append)
    assert done.wait(5)
    job.cancel()  # the closure may already be in the event queue: it must look again
    tasks.submit(SEARCH, lambda _: "next", seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["next"]


def test_nothing_is_delivered_after_close(qtbot, qapp):
    tasks, seen = Tasks(), []
    tasks.submit(SEARCH, lambda _: 1, seen.append)
    assert tasks.close(5)
    tasks.post(lambda: seen.append(2))
    qtbot.wait(20)
    assert seen == []


def test_close_says_when_work_does_not_end_in_time(qapp):
    tasks, started, gate = Tasks(), threading.Event(), threading.Event()
    tasks.submit(SEARCH, lambda _: (started.set(), gate.wait(5)), lambda _: None)
    assert started.wait(5)
    assert not tasks.close(0)
    gate.set()
    assert tasks.close(5)


@pytest.mark.parametrize("posts", [1, 500])
def test_posts_arrive_in_order(qtbot, tasks, posts):
    seen: list[int] = []
    thread = threading.Thread(
        target=lambda: [tasks.post(lambda number=number: seen.append(number)) for number in range(posts)]
    )
    thread.start()
    qtbot.waitUntil(lambda: len(seen) == posts)
    thread.join()
    assert seen == list(range(posts))
