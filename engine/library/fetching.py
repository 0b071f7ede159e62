"""Reading many rows, a few at a time.

One step of native code that fetches a hundred thousand rows keeps the interpreter for
longer than a window may stand still (`tests/benchmarks/bench_turns.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select

IdArray = NDArray[np.int64]

_ROWS = 1000


def parts_of(
    connection: Connection, query: Select[*tuple[Any, ...]]
) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Yield the rows of a query, so many at a time that another thread need not wait for them."""
    return connection.execute(query).partitions(_ROWS)


def numbers(connection: Connection, query: Select[*tuple[Any, ...]], columns: int) -> IdArray:
    """Return the rows (N, columns) of a query for whole numbers."""
    parts = [np.array([tuple(row) for row in part], np.int64) for part in parts_of(connection, query)]
    return np.concatenate([np.empty((0, columns), np.int64), *parts])
