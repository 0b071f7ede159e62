import threading

import pytest

from app.late import Late
from engine import LibraryError


def test_makes_its_value_once_whatever_thread_asks():
    made: list[object] = []
    slow = threading.Barrier(4)

    def make() -> object:
        made.append(object())
        return made[-1]

    late = Late(make)
    got: list[object] = []

    def ask() -> None:
        slow.wait()
        got.append(late.get())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert got == made * 4


def test_peek_never_makes():
    late = Late(lambda: 3)
    assert late.peek() is None
    late.get()
    assert late.peek() == 3


def test_a_failure_is_tried_again():
    attempts = iter([LibraryError("locked"), "open"])

    def make() -> str:
        attempt = next(attempts)
        if isinstance(attempt, Exception):
            raise attempt
        return attempt

    late = Late(make)
    with pytest.raises(LibraryError):
        late.get()
    assert late.peek() is None
    assert late.get() == "open"
