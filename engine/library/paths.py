"""Folders and files as the library stores them: bytes, relative to a root.

File names need not be UTF-8, so paths are kept as the bytes that `os.fsencode`
gives, with `/` between the parts on every system.
"""

from __future__ import annotations

import os
import unicodedata
from functools import cached_property
from pathlib import Path

from engine.errors import FolderError

_FARTHEST = (1 << 63) - 1


def encode(path: str | os.PathLike[str]) -> bytes:
    """Return a path as stored bytes."""
    encoded = os.fsencode(path)
    return encoded if os.sep == "/" else encoded.replace(os.fsencode(os.sep), b"/")


def absolute(root: bytes, relative: bytes) -> Path:
    """Return the absolute path of a stored path under a stored root."""
    folder = Path(os.fsdecode(root))
    return folder / os.fsdecode(relative) if relative else folder


def relative_to(path: Path, root: Path) -> bytes | None:
    """Return `path` relative to `root` as stored bytes, or None where it lies outside.

    `b""` is the root itself. Symbolic links are followed only where the names alone
    don't match, so that a user's own names are kept wherever possible.
    """
    return Whereabouts(path).within(root)


class Whereabouts:
    """Tells of a path, for any number of folders, where it lies in them (see `relative_to`).

    What the drives are asked of the path itself, they are asked once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def within(self, root: Path) -> bytes | None:
        """Return the path relative to `root`, or None, from what costs nothing to what asks the drives."""
        ways_in = (self.named, self.linked, self.same)
        return next((relative for way in ways_in if (relative := way(root)) is not None), None)

    def named(self, root: Path) -> bytes | None:
        """Return what `within` does, going by the names alone: no drive is asked."""
        return _relative(_lexical(self._path), _lexical(root))

    def linked(self, root: Path) -> bytes | None:
        """Return what `within` does, once symbolic links are followed."""
        return _relative(self._real, os.path.realpath(root))

    def same(self, root: Path) -> bytes | None:
        """Return what `within` does where the root has more than one name that is no link.

        It has where the file system doesn't care for case, or for how accents are written, and
        where it is mounted twice.
        """
        sought = _identity_at(root)
        return None if sought is None else self._above.get(sought)

    @cached_property
    def _real(self) -> str:
        return os.path.realpath(self._path)

    @cached_property
    def _above(self) -> dict[tuple[int, int] | None, bytes]:
        """The path relative to itself and to all folders above it, by their identities."""
        real = Path(self._real)
        folders = reversed((real, *real.parents))
        return {_identity_at(folder): _relative(self._real, str(folder)) or b"" for folder in folders}


def identity(facts: os.stat_result) -> tuple[int, int] | None:
    """Return what a file or folder has in common with itself under another name, None where nothing.

    Some file systems, mostly of network drives, give all files the number 0.
    """
    return (facts.st_dev, facts.st_ino) if facts.st_ino else None


def subtree_bounds(folder: bytes) -> tuple[bytes, bytes]:
    """Return the bounds (from, below) between which all stored paths under `folder` sort.

    `folder` is relative and not empty.
    """
    return folder + b"/", folder + b"0"  # "0" is the byte after "/"


def check_folder(folder: Path) -> None:
    """Raise unless `folder` can be listed.

    Raises:
        FolderError: It is missing, not a folder, or may not be read.
    """
    try:
        with os.scandir(folder):
            return
    except FileNotFoundError:
        what = "There is no such folder."
        hint = "Check the name, or connect the drive that it is on."
    except NotADirectoryError:
        what, hint = "This is not a folder.", "Choose the folder that the photos are in."
    except PermissionError:
        what, hint = "This folder may not be read.", "Allow reading it, or choose another folder."
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        what, hint = f"This folder can't be read ({reason}).", "Check the drive that it is on."
    raise FolderError(what, path=folder, hint=hint)


def mtime_of(facts: os.stat_result) -> int:
    """Return a file's modification time in nanoseconds, or the nearest one that SQLite can hold.

    Some file systems have dates beyond the years 1677 to 2262, mostly where they are damaged.
    """
    return min(max(facts.st_mtime_ns, -_FARTHEST), _FARTHEST)


def is_respelt(old: Path, new: Path) -> bool:
    """Return whether two spellings, such as IMG.JPG and img.jpg, are one name of one file.

    They are where the file system doesn't care for case, or for how accents are written.
    """
    if _spelling(old) != _spelling(new):
        return False
    try:
        before, after = old.lstat(), new.lstat()
    except (OSError, ValueError):
        return False
    return (same := identity(before)) is not None and same == identity(after) and before.st_nlink == 1


def is_online(folder: Path) -> bool:
    """Return whether `folder` is there and holds anything.

    An unplugged drive leaves nothing, or an empty folder where it was mounted.
    """
    return _holds_anything(folder) is True


def is_away(folder: Path) -> bool:
    """Return whether `folder` is not there, or is empty: it was renamed, or its drive is unplugged.

    Where it merely can't be asked, nothing is known.
    """
    return _holds_anything(folder) is False


def is_cut_off(path: Path) -> bool:
    """Return whether a link on the way to a file leads nowhere: to a drive that is away, perhaps."""
    return any(os.path.islink(above) and not os.path.exists(above) for above in path.parents)  # noqa: PTH110, PTH114 - no errors


def _holds_anything(folder: Path) -> bool | None:
    """Return whether a folder is there and not empty; None where it can't be asked."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return None


def _identity_at(path: Path) -> tuple[int, int] | None:
    try:
        return identity(path.stat())
    except (OSError, ValueError):
        return None


def _spelling(path: Path) -> str:
    return unicodedata.normalize("NFC", os.fspath(path)).casefold()


def _lexical(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links


def _relative(path: str, root: str) -> bytes | None:
    if os.path.normcase(path) == os.path.normcase(root):
        return b""
    prefix = root if root.endswith(os.sep) else root + os.sep
    if not os.path.normcase(path).startswith(os.path.normcase(prefix)):
        return None
    return encode(path[len(prefix) :])
