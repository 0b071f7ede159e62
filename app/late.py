"""Something heavy that is made when it is first asked for, from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Late(Generic[T]):
    """Makes its value on the first `get`, once, whatever thread asks.

    A failure is not remembered: the next `get` tries again, so that "Try again"
    in the window is nothing but asking once more.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._value: T | None = None

    def get(self) -> T:
        """Return the value, making it first if need be (may take long: call it on a worker)."""
        with self._lock:
            if self._value is None:
                self._value = self._make()
            return self._value

    def peek(self) -> T | None:
        """Return the value if it has been made, without waiting for one in the making."""
        return self._value
