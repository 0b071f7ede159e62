"""What reaches the user's terminal: results, messages, progress bars."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from engine.errors import KnownError

ShowProgress: TypeAlias = Callable[[str, int, int], None]


def prepare_streams() -> None:
    """Let nothing that is printed end the program, whatever its streams are.

    A stream that was closed before the start takes everything and shows nothing. A help text goes
    through Python's own encoding, which may be an old one without our quotation marks.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (until the end)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


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
    try:
        buffer.write(encoded)
        buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise KnownError(f"the output can't be written ({error.strerror or error}).") from error


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
