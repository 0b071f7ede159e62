"""Parts that are heavy: made when first asked for, once, whichever thread asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 (used as a decorator, like `cached_property`)
    """A cached property whose owner makes one at a time, under the lock `_lock` that it brings.

    Python's own has no lock from 3.12 on. A failure is not kept: the next to ask tries again.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> once[T]: ...
    @overload
    def __get__(self, owner: object, kind: type) -> T: ...
    def __get__(self, owner: Any, kind: type) -> once[T] | T:
        """Return the part, which then stands in the owner itself and is found there."""
        if owner is None:
            return self
        lock: threading.RLock = owner._lock
        with lock:
            if self._name not in owner.__dict__:
                owner.__dict__[self._name] = self._make(owner)
            part: T = owner.__dict__[self._name]
            return part
