"""Walking folders: which files could be photos.

Nothing is opened here. Hidden files and folders are left out, as are what cameras,
desktops and file servers put beside photos. Links to folders are followed after
everything else, each real folder once, so loops end; a link to a place inside the same
root is left to that place. A link to a file is a photo as a copy of the file would be:
what it leads to may be hidden, or have another name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.image import SUFFIXES
from engine.library.paths import absolute, check_folder, identity, mtime_of, relative_to

_SYSTEM_FOLDERS = frozenset(
    {"@eadir", "#recycle", "$recycle.bin", "system volume information", "__macosx", "lost+found"}
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that could be a photo: its path relative to the root, size and modification time."""

    path: bytes
    size: int
    mtime_ns: int


@dataclass(slots=True)
class Walk:
    """One walk over a root, or over one folder of it.

    Attributes:
        root: Absolute path of the root.
        folder: Path of the folder to walk, relative to the root; `b""` for all of it.
        unreadable: Relative paths of folders that could not be listed, with the reason;
            nothing is known of the files in them.
        unknown: Relative paths of files whose facts could not be read, and of links that lead
            nowhere, to a drive that is away perhaps; likewise.
        complete: Whether the walk came to its end.
    """

    root: Path
    folder: bytes = b""
    unreadable: dict[bytes, str] = field(default_factory=dict)
    unknown: set[bytes] = field(default_factory=set)
    complete: bool = False
    _visited: set[tuple[int, int] | str] = field(default_factory=set)
    _links: list[bytes] = field(default_factory=list)

    def files(self, stopped: Callable[[], bool] = lambda: False) -> Iterator[FoundFile]:
        """Yield the files that could be photos, folder by folder in the order of names.

        Args:
            stopped: Asked for every file; the walk ends early, incomplete, once it is true.

        Raises:
            FolderError: The folder to walk is missing or can't be read.
        """
        check_folder(absolute(os.fsencode(self.root), self.folder))
        waiting = [self.folder]
        while waiting or self._links:
            folder = waiting.pop() if waiting else self._links.pop(0)
            folders: list[bytes] = []
            for entry in self._entries(folder):
                if stopped():
                    return
                yield from self._look(entry, folder, folders)
            waiting.extend(reversed(folders))
        check_folder(absolute(os.fsencode(self.root), self.folder))  # unplugged meanwhile?
        self.complete = True

    def covers(self, path: bytes) -> bool:
        """Return whether this walk would have found the file at `path`, were it there."""
        parts = path.split(b"/")
        above = {b"/".join(parts[:depth]) for depth in range(len(parts) + 1)}
        return self.unknown.isdisjoint(above) and above.isdisjoint(self.unreadable)

    def _entries(self, folder: bytes) -> list[os.DirEntry[str]]:
        """Return a folder's entries sorted by name; none where it was visited before."""
        path = absolute(os.fsencode(self.root), folder)
        try:
            place = identity(path.stat()) or os.path.normcase(os.path.realpath(path))
            if place in self._visited:
                return []
            self._visited.add(place)
            with os.scandir(path) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if folder == self.folder:
                check_folder(path)
            self.unreadable[folder] = f"This folder can't be read ({error.strerror or error})."
            return []

    def _look(self, entry: os.DirEntry[str], folder: bytes, folders: list[bytes]) -> Iterator[FoundFile]:
        """Yield `entry` if it could be a photo; note it if it is a folder to walk."""
        path = (folder + b"/" if folder else b"") + os.fsencode(entry.name)
        if _is_hidden(entry):
            return
        try:
            if entry.is_dir():
                self._note_folder(entry, path, folders)
            elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:  # noqa: PTH122 - per file
                facts = entry.stat()
                if stat.S_ISREG(facts.st_mode):
                    yield FoundFile(path, facts.st_size, mtime_of(facts))
            elif entry.is_symlink():
                entry.stat()
        except FileNotFoundError:  # gone since the folder was listed, or a link that leads nowhere
            if entry.is_symlink():
                self.unknown.add(path)
        except OSError:
            self.unknown.add(path)

    def _note_folder(self, entry: os.DirEntry[str], path: bytes, folders: list[bytes]) -> None:
        if entry.name.lower() in _SYSTEM_FOLDERS:
            return
        if not entry.is_symlink():
            folders.append(path)
        elif relative_to(Path(os.path.realpath(entry.path)), Path(os.path.realpath(self.root))) is None:
            self._links.append(path)


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):  # and so `._IMG.jpg`
        return True
    if os.name != "nt":
        return False
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)
