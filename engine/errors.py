"""The engine's errors: what the world did wrong, and what we did wrong.

A `KnownError` is the world's fault (a missing folder, a full disk, a damaged
library). Its text says what happened, to which file, and what to do; front ends
show it as it is. A `BugError` is ours: front ends log it and offer the log.
"""

from __future__ import annotations

import os


class EngineError(Exception):
    """Base class of everything the engine raises on purpose."""


class KnownError(EngineError):
    """A failure that the user can understand and mend.

    Attributes:
        what: One sentence that says what happened.
        path: The file or folder concerned, if there is one.
        hint: One sentence that says what to do, or an empty string.
    """

    def __init__(self, what: str, *, path: str | os.PathLike[str] | None = None, hint: str = "") -> None:
        self.what = what
        self.path = None if path is None else os.fspath(path)
        self.hint = hint
        super().__init__(what)

    @property
    def sentences(self) -> str:
        """What happened and what to do, for a place that names the file itself."""
        return f"{self.what} {self.hint}".rstrip()

    def __str__(self) -> str:
        """The whole message: the file, what happened, what to do."""
        return self.sentences if self.path is None else f"{printable(self.path)}: {self.sentences}"


class QueryError(KnownError):
    """The caption that was typed can't be searched for."""


class ImageError(KnownError):
    """A file that can't be read as a photo."""


class LibraryError(KnownError):
    """The library file can't be opened, read or written."""


class FolderError(KnownError):
    """A folder of photos that can't be read."""


class PackError(KnownError):
    """A model pack that is missing, incomplete or altered."""


class BugError(EngineError):
    """A broken promise inside the program: it should be reported."""


def printable(path: str | os.PathLike[str]) -> str:
    """Return `path` as text that any terminal or widget can show.

    Undecodable bytes of a file name (kept as lone surrogates by `os.fsdecode`), and
    any other lone surrogate, become the replacement character.
    """
    return os.fspath(path).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
