"""Copies of photos in a folder of the user's choice.

Photos are copied, never moved, and nothing is ever overwritten: a name that is taken
gets a number. A copy is written under a name that no photo has, and gets its own name
once it is whole, so that whatever ends the program, no half photo looks like one.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from engine.errors import FolderError, printable
from engine.library import Library
from engine.library.paths import Whereabouts, check_folder
from engine.reports import ExportEnd, ExportProgress, ExportReport, Skip
from engine.types import Photo

CHUNK = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_ELSEWHERE = "Choose another folder."


class Exporter:
    """Copies photos of a library to folders outside of it; one run at a time."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._progress = ExportProgress()

    @property
    def progress(self) -> ExportProgress:
        """A snapshot of the run that is on, or of the last one; to be polled."""
        return self._progress

    def run(
        self, photo_ids: Sequence[int], folder: Path, *, stop: threading.Event | None = None
    ) -> ExportReport:
        """Copy photos in the order given; those that the library doesn't know are left out.

        Args:
            photo_ids: The photos.
            folder: Where the copies go.
            stop: Set it to end early; photos that are copied by then stay copied.

        Raises:
            FolderError: The folder is missing, is part of the library, can't be written, or
                has not enough room. Nothing is copied then.
            LibraryError: The library can't be read.
        """
        stop = stop or threading.Event()
        known = self._library.photos(photo_ids)
        photos = [known[photo_id] for photo_id in dict.fromkeys(photo_ids) if photo_id in known]
        self._progress = ExportProgress(0, len(photos))
        check_folder(folder)
        _check_outside(folder, [root.path for root in self._library.roots()], photos)
        _check_writable(folder)
        _check_room(folder, photos, stop)
        return self._copy_all(photos, _Target(folder), stop)

    def _copy_all(self, photos: Sequence[Photo], target: _Target, stop: threading.Event) -> ExportReport:
        copied, failed = 0, []
        end: ExportEnd = "done"
        detail = ""
        for done, photo in enumerate(photos, 1):
            try:
                target.copy(photo.path, stop)
                copied += 1
            except _Unfit as fault:
                failed.append(Skip(photo.path, str(fault)))
            except _Ended as fault:
                end, detail = fault.end, str(fault)
                break
            self._progress = ExportProgress(done, len(photos))
        return ExportReport(len(photos), copied, tuple(failed), end, detail)


class _Unfit(Exception):  # noqa: N818 (not an error of the run)
    """One photo can't be copied; the others can."""


class _Ended(Exception):  # noqa: N818 (not an error either where the user stopped it)
    """Nothing more can be copied, or shall be."""

    def __init__(self, end: ExportEnd, detail: str = "") -> None:
        super().__init__(detail)
        self.end = end


class _Target:
    """The folder that copies go to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next: dict[str, int] = {}  # from which number on a name may be free

    def copy(self, source: Path, stop: threading.Event) -> None:
        """Copy one file with its times."""
        if stop.is_set():
            raise _Ended("stopped")
        with _opened(source) as reader:
            part = self._folder / f".sgraffito-{uuid.uuid4().hex}.part"
            try:
                self._fill(part, reader, stop)
                self._name(part, source)
            finally:
                with suppress(OSError):  # it has its own name by now, or the folder is gone
                    part.unlink()

    def _fill(self, part: Path, reader: BinaryIO, stop: threading.Event) -> None:
        try:
            with part.open("xb") as writer:
                while chunk := _read(reader):
                    if stop.is_set():
                        raise _Ended("stopped")
                    writer.write(chunk)
        except OSError as error:
            if error.errno == errno.EFBIG:
                raise _Unfit("it is too large for that disk") from error
            raise _ended(error) from error
        facts = os.fstat(reader.fileno())
        with suppress(OSError):  # some cameras and network drives keep times of their own
            os.utime(part, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    def _name(self, part: Path, source: Path) -> None:
        """Give a whole copy the photo's name, or that with a number where it is taken."""
        key = source.name.casefold()
        for number in count(self._next.get(key, 1)):
            name = source.name if number == 1 else f"{source.stem} ({number}){source.suffix}"
            target = self._folder / name
            if not os.path.lexists(target) and _claim(target):
                break
        self._next[key] = number + 1
        try:
            part.replace(target)  # what it replaces is the empty file that `_claim` has just made
        except OSError as error:
            with suppress(OSError):
                target.unlink()
            raise _ended(error) from error


def _claim(target: Path) -> bool:
    """Make an empty file that keeps a name for its copy; return whether the name was free."""
    try:
        target.open("xb").close()
    except FileExistsError:
        return False
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            raise _ended(error) from error
        raise _Unfit(f"its name can't be used there ({_reason(error)})") from error
    return True


def _opened(source: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(source.stat().st_mode):  # opening a pipe would wait for ever
            raise _Unfit("it is not a file")
        return source.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        there = source.parent.is_dir()
        where = "it is no longer in its folder" if there else "its folder is not connected, or was moved"
        raise _Unfit(where) from error
    except (OSError, ValueError) as error:
        raise _Unfit(f"it can't be read: {_reason(error)}") from error


def _read(reader: BinaryIO) -> bytes:
    try:
        return reader.read(CHUNK)
    except OSError as error:
        raise _Unfit(f"it can't be read: {_reason(error)}") from error


def _ended(error: OSError) -> _Ended:
    return _Ended("full") if error.errno in _FULL else _Ended("unwritable", _reason(error))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _check_outside(folder: Path, roots: Sequence[Path], photos: Sequence[Photo]) -> None:
    """Refuse a folder that is in the library, by whatever name or link it was reached."""
    place = Whereabouts(folder)
    for home in (*roots, *_homes(photos)):
        if place.within(home) is not None:
            raise FolderError(
                "This folder is part of your library, and nothing is ever written among your photos.",
                path=folder,
                hint=f"Choose a folder outside of {printable(home.name or home)}.",
            )


def _homes(photos: Iterable[Photo]) -> Iterable[Path]:
    """Return the folders that photos lie in, which a link may have put outside of the library's."""
    return dict.fromkeys(photo.path.parent for photo in photos)


def _check_writable(folder: Path) -> None:
    probe = folder / f".sgraffito-{uuid.uuid4().hex}.part"
    try:
        probe.open("xb").close()
        probe.unlink()
    except OSError as error:
        what = f"Nothing can be written to this folder ({_reason(error)})."
        raise FolderError(what, path=folder, hint=_ELSEWHERE) from error


def _check_room(folder: Path, photos: Sequence[Photo], stop: threading.Event) -> None:
    needed = 0
    for photo in photos:
        if stop.is_set():
            return
        with suppress(OSError, ValueError):  # one that is gone needs no room
            needed += photo.path.stat().st_size
    try:
        free = shutil.disk_usage(folder).free
    except OSError:  # a drive that does not tell
        return
    if needed > free:
        what = f"There is not enough room: the photos need {_size(needed)}, and {_size(free)} are free."
        raise FolderError(what, path=folder, hint="Make room there, or choose another folder.")


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"
