"""What reaches the user's terminal: results, messages, progress bars."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, TypeAlias

ShowProgress: TypeAlias = Callable[[str, int, int], None]


def print_result(text: str) -> None:
    """Write a line to stdout; file names that aren't UTF-8 come out as their own bytes."""
    _write(sys.stdout, f"{text}\n")


def print_json(value: Any) -> None:
    """Write a JSON document to stdout; undecodable bytes of a file name become lone escapes."""
    _write(sys.stdout, json.dumps(value, indent=2) + "\n")


def print_message(text: str) -> None:
    """Write a line to stderr; undecodable bytes of a file name become replacement characters."""
    _write(sys.stderr, _readable(f"{text}\n"))


@contextmanager
def progress_bar(unit: str) -> Iterator[ShowProgress]:
    """Yield a function that shows (stage, done, total) on a terminal, and nothing elsewhere.

    Args:
        unit: What is counted, in the singular.
    """
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from tqdm import tqdm

    with tqdm(unit=f" {unit}", leave=False, dynamic_ncols=True, file=sys.stderr) as bar:

        def show(stage: str, done: int, total: int) -> None:
            if bar.desc != f"{stage}: ":
                bar.reset(total)
                bar.set_description(stage)
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _write(stream: TextIO, text: str) -> None:
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(_readable(text))
        return
    stream.flush()
    try:
        encoded = os.fsencode(text)
    except UnicodeEncodeError:
        encoded = text.encode("utf-8", "replace")
    buffer.write(encoded)
    buffer.flush()


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
