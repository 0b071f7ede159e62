"""Which of many rows are meant: a byte for each, 1 or 0, so that no row costs a step of the interpreter."""

from __future__ import annotations

import re
from collections.abc import Iterable


def marked(rows: Iterable[tuple[int, int]], count: int) -> bytearray:
    """Return the marks of `count` rows, of which some, given as (first, last), are meant."""
    marks = bytearray(count)
    for first, last in rows:
        marks[first : last + 1] = b"\1" * (last - first + 1)
    return marks


def ranges(marks: bytes | bytearray) -> list[tuple[int, int]]:
    """Return the rows that are meant, as (first, last), as few as can be."""
    return [(run.start(), run.end() - 1) for run in re.finditer(b"\1+", marks)]


def in_any(one: bytes | bytearray, other: bytes | bytearray) -> bytes:
    """Return the rows that are meant in one or the other."""
    return (int.from_bytes(one, "big") | int.from_bytes(other, "big")).to_bytes(len(one), "big")


def in_one(one: bytes | bytearray, other: bytes | bytearray) -> bytes:
    """Return the rows that are meant in one, but not in the other."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")
