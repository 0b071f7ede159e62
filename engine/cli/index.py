"""`index FOLDER…`: photos → library."""

from __future__ import annotations

import os
import threading
from argparse import Namespace
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from engine import places
from engine.cli.session import model_loader
from engine.cli.terminal import print_json, print_message, print_result, progress_bar
from engine.errors import FolderError
from engine.indexer import IndexerProcess
from engine.library import Library
from engine.library.paths import Whereabouts
from engine.reports import IndexReport

if TYPE_CHECKING:
    from engine.models import Models

_POLL_SECONDS = 0.1


def run(args: Namespace) -> int:
    """Index folders and print what changed."""
    library = args.library or places.library_file()
    report = index_folders(library, model_loader(args), args.folders)
    if args.json:
        print_json(report_json(report))
    else:
        print_result(summary(report))
    with Library.open(library) as opened:
        empty = [folder for folder in args.folders if is_empty(folder, opened, report)]
    for folder in empty:
        print_message(f"sgraffito: {FolderError('There are no photos here.', path=folder)}")
    return 1 if empty else 0


def read_folder(library: Library, load: Callable[[], Models], folder: Path) -> IndexReport:
    """Index a folder that is to be searched (see `index_folders`).

    Raises:
        FolderError: It can't be read, or holds no photos.
        KeyboardInterrupt: Stopped with Ctrl+C.
    """
    report = index_folders(library.path, load, [folder])
    if not len(library.ids_under(folder)):
        raise FolderError("There are no photos here.", path=folder, hint="Name a folder with photos in it.")
    return report


def index_folders(library: Path, load: Callable[[], Models], folders: Sequence[Path]) -> IndexReport:
    """Index folders with a progress bar, and name the files that were skipped.

    They are read in a process of its own: what a file's decoder makes crash is not this command.

    Raises:
        FolderError: A folder can't be read.
        KeyboardInterrupt: Stopped with Ctrl+C, after saying what was kept.
    """
    stop = threading.Event()
    with (
        closing(IndexerProcess(library, load, background=False)) as indexer,
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="index") as pool,
    ):
        job = pool.submit(indexer.run, folders, stop=stop)
        try:
            _watch(indexer, job)
        except KeyboardInterrupt:
            stop.set()
            kept = summary(job.result())
            raise KeyboardInterrupt(
                f"Stopped: {kept}. That is kept; the same command goes on from there."
            ) from None
    report = job.result()
    for skip in report.skipped:
        print_message(f"skipped {os.fspath(skip.path)}: {skip.reason}")
    return report


def report_json(report: IndexReport) -> dict[str, object]:
    """Return an index report as a JSON object."""
    counts = {name: getattr(report, name) for name in ("added", "updated", "moved", "missing")}
    skipped = [{"path": os.fspath(skip.path), "reason": skip.reason} for skip in report.skipped]
    return {**counts, "skipped": skipped, "seconds": round(report.seconds, 3)}


def summary(report: IndexReport) -> str:
    """Return one line about an index run."""
    return (
        f"{report.added} added, {report.updated} updated, {report.moved} moved, {report.missing} missing, "
        f"{report.unchanged} unchanged, {len(report.skipped)} skipped in {report.seconds:.1f} s"
    )


def is_empty(folder: Path, library: Library, report: IndexReport) -> bool:
    """Return whether there was nothing at all in a folder that was indexed: no photo, and none unreadable."""
    if len(library.ids_under(folder)):
        return False
    return all(Whereabouts(skip.path).within(folder) is None for skip in report.skipped)


def _watch(indexer: IndexerProcess, job: Future[IndexReport]) -> None:
    """Show the progress of a job until it is done."""
    with progress_bar("photo") as show:
        while not wait([job], timeout=_POLL_SECONDS).done:
            progress = indexer.progress
            if progress.phase == "scanning":
                show("Looking for photos", progress.done, progress.total)
            elif progress.phase == "reading":
                show("Reading your photos", progress.done, progress.total)
