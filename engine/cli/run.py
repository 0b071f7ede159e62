"""Arguments → a verb → an exit code; no failure reaches the user as a traceback."""

from __future__ import annotations

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from engine import places
from engine.cli.parser import build_parser
from engine.cli.terminal import prepare_streams, print_message, print_result
from engine.errors import BugError, KnownError

STOPPED = 130

# Nobody reads a log in a terminal: what matters is printed.
logging.getLogger("engine").addHandler(logging.NullHandler())

OpenWindow: TypeAlias = Callable[[Path | None], int]

# Each verb's module is imported when the verb is used, so that --help costs nothing.
VERBS = {
    "index": "engine.cli.index",
    "search": "engine.cli.search",
    "describe": "engine.cli.describe",
    "similar": "engine.cli.similar",
    "evaluate": "engine.cli.evaluate",
    "evaluate-official": "engine.cli.evaluate_official",
    "demo": "engine.cli.demo",
}


def main(argv: Sequence[str] | None = None, *, open_window: OpenWindow | None = None) -> int:
    """Run the program from a terminal and return its exit code.

    Args:
        argv: Arguments without the program's name; None for the process's own.
        open_window: Opens the window on a library file; None where there is no window.
    """
    prepare_streams()
    parser = build_parser(window=open_window is not None)
    try:
        args = parser.parse_args(argv)
        if wrong := _wrong(args):
            parser.error(wrong)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    if args.selftest:
        return guarded(_selftest)
    if args.verb == "app" and open_window is not None:
        return open_window(args.library)
    return guarded(lambda: _run_verb(args))


def guarded(job: Callable[[], int]) -> int:
    """Return the exit code of a job; its failures become one message on stderr."""
    try:
        code = job()
        sys.stdout.flush()
    except KnownError as error:
        print_message(f"sgraffito: {error}")
        return 1
    except KeyboardInterrupt as stopped:
        print_message(str(stopped) or "Stopped.")
        return STOPPED
    except BrokenPipeError:
        # The reader (such as `head`) has seen enough. Python would complain once more at
        # exit, when it flushes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        print_message(_unexpected(error))
        return 1
    return code


def _wrong(args: Namespace) -> str | None:
    """Return what is wrong with arguments that are right one by one, or None."""
    if args.verb is None and not args.selftest:
        return 'name a verb, for example: search "two dogs on a beach"'
    if args.verb == "demo" and args.library is not None and args.folder is None:
        return "demo: --library needs a FOLDER, as the public photos are gone after the demo"
    return None


def _run_verb(args: Namespace) -> int:
    run: Callable[[Namespace], int] = import_module(VERBS[args.verb]).run
    return run(args)


def _selftest() -> int:
    from engine.selftest import run_selftest

    print_result(run_selftest())
    return 0


def _unexpected(error: Exception) -> str:
    """Log an unexpected error, and return what to tell the user."""
    said = str(error)
    if isinstance(error, BugError):  # it may be the traceback of another process
        said = said.strip().rpartition("\n")[2]
    what = f"sgraffito: something went wrong inside the program ({type(error).__name__}: {said})."
    log = places.log_folder() / "sgraffito.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(log, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return what
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    record = logging.LogRecord(
        "engine.cli",
        logging.ERROR,
        __file__,
        0,
        "unexpected error",
        (),
        (type(error), error, error.__traceback__),
    )
    handler.handle(record)
    handler.close()
    return f"{what} The details are in {log}"
