import threading
import time
from collections.abc import Iterator

import pytest

from app.lanes import Job, Lane, Slot, WorkQueue


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


@pytest.fixture
def queue(gate: threading.Event) -> Iterator[WorkQueue]:
    queue = WorkQueue(Lane("test"))
    yield queue
    gate.set()
    queue.close()
    assert queue.join(time.monotonic() + 5)


def run_behind(gate: threading.Event, queue: WorkQueue, names: str) -> list[str]:
    """Queue jobs behind one that holds the lane, then let go; return the order they ran in."""
    order: list[str] = []
    started, done = threading.Event(), threading.Semaphore(0)

    def hold(_: threading.Event) -> None:
        started.set()
        gate.wait(5)

    queue.put(Job(hold))
    assert started.wait(5)
    for name in names:
        queue.put(Job(lambda _, name=name: (order.append(name), done.release())[0]))
    gate.set()
    for _ in names:
        assert done.acquire(timeout=5)
    return order


def test_jobs_run_in_order(gate, queue):
    assert run_behind(gate, queue, "abc") == ["a", "b", "c"]


def test_newest_first(gate):
    queue = WorkQueue(Lane("test", newest_first=True))
    assert run_behind(gate, queue, "abc") == ["c", "b", "a"]
    queue.close()
    assert queue.join(time.monotonic() + 5)


def test_a_cancelled_job_is_not_started(gate, queue):
    ran = []
    queue.put(Job(lambda _: gate.wait(5)))
    job = Job(lambda _: ran.append("cancelled"))
    queue.put(job)
    job.cancel()
    last = threading.Event()
    queue.put(Job(lambda _: last.set()))
    gate.set()
    assert last.wait(5)
    assert ran == []


def test_close_cancels_what_runs_and_what_waits(gate, queue):
    running, told = threading.Event(), threading.Event()

    def work(cancelled: threading.Event) -> None:
        running.set()
        assert cancelled.wait(5)
        told.set()

    waiting = Job(lambda _: None)
    queue.put(Job(work))
    queue.put(waiting)
    assert running.wait(5)
    queue.close()
    assert queue.join(time.monotonic() + 5)
    assert told.is_set()
    assert waiting.cancelled.is_set()


def test_join_says_when_a_thread_does_not_end(gate, queue):
    started = threading.Event()
    queue.put(Job(lambda _: (started.set(), gate.wait(5))[0]))
    assert started.wait(5)
    queue.close()
    assert not queue.join(time.monotonic())


def test_a_closed_queue_cancels_new_jobs(queue):
    queue.close()
    job = Job(lambda _: None)
    queue.put(job)
    assert job.cancelled.is_set()


def test_two_threads_work_side_by_side():
    queue = WorkQueue(Lane("pair", threads=2))
    meeting = threading.Barrier(3)
    for _ in range(2):
        queue.put(Job(lambda _: (meeting.wait(5), None)[1]))
    meeting.wait(5)  # breaks unless both jobs run at once
    queue.close()
    assert queue.join(time.monotonic() + 5)


def test_a_slot_waits_for_one_job_only():
    slot, older, newer = Slot(), Job(lambda _: None), Job(lambda _: None)
    slot.cancel()
    slot.put(older)
    assert not older.cancelled.is_set()
    slot.put(newer)
    assert older.cancelled.is_set()
    assert not newer.cancelled.is_set()
    slot.cancel()
    assert newer.cancelled.is_set()
