"""What a program and its index process say to each other, as pickles through a pipe.

The program sends a `Request`, and a `Wish` whenever something else is wished. The process
answers with snapshots of its `Progress`, with every file that it begins and ends to read,
with what it has `Written`, and at the end with its `IndexReport` or the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.indexer.caution import NO_CAUTION, Caution
from engine.reports import IndexReport, Progress


@dataclass(frozen=True, slots=True)
class Request:
    """Folders to be read, and how."""

    folders: tuple[Path, ...]
    caution: Caution = NO_CAUTION


@dataclass(frozen=True, slots=True)
class Wish:
    """How to go on with the run that is on."""

    stop: bool = False
    pause: bool = False
    gentle: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A file that is being read, from now on."""

    path: Path
    progress: Progress


@dataclass(frozen=True, slots=True)
class Ended:
    """A file that has been read."""

    path: Path


@dataclass(frozen=True, slots=True)
class Written:
    """What the process has done so far, without the files that were skipped."""

    counts: IndexReport
