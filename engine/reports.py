"""What long jobs tell of themselves while they run, and at their end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

IndexPhase = Literal["waiting", "scanning", "reading", "done"]
ExportEnd = Literal["done", "stopped", "full", "unwritable"]


@dataclass(frozen=True, slots=True)
class Skip:
    """A file that was not indexed, and why, in words for the user."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of a running index job; front ends poll it.

    Attributes:
        phase: What is being done.
        folder: The folder being worked on, or None.
        done: Files finished so far.
        total: Files found so far that need reading (grows while scanning).
        skipped: Files that could not be read so far.
        seconds: Seconds since the start.
        remaining: Estimated seconds to the end, or None while unknown.
        rate: Photos read in a second, of late: without files that were skipped, and without
            pauses; None while unknown.
        paused: Whether the job waits for the user.
    """

    phase: IndexPhase
    folder: Path | None = None
    done: int = 0
    total: int = 0
    skipped: int = 0
    seconds: float = 0.0
    remaining: float | None = None
    rate: float | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index run did.

    Attributes:
        added: Files that are new in the library, or back in it.
        updated: Files whose content changed, or that were read again for another model.
        moved: Files found again under another name, or in a folder that has another one.
        missing: Files that are gone since the last run.
        unchanged: Files that needed no reading.
        skipped: Files that could not be read.
        seconds: Duration.
        stopped: Whether it was stopped before its end.
    """

    added: int = 0
    updated: int = 0
    moved: int = 0
    missing: int = 0
    unchanged: int = 0
    skipped: tuple[Skip, ...] = ()
    seconds: float = 0.0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class ClearReport:
    """What clearing the thumbnails did.

    Attributes:
        cleared: Thumbnails that are gone.
        size: The bytes that they had.
        kept: Thumbnails that stay, as they can't be made again now.
    """

    cleared: int
    size: int
    kept: int


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """A snapshot of photos being copied; front ends poll it.

    Attributes:
        done: Photos tried so far.
        total: Photos to copy.
    """

    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What became of photos that were to be copied.

    Attributes:
        total: Photos to copy.
        copied: Photos that were copied.
        failed: Photos that could not be copied, each with the reason.
        end: How it ended: all were tried, the user stopped it, the disk was full, or the
            folder could not be written any more.
        detail: What the system said of a folder that could not be written; else "".
    """

    total: int
    copied: int
    failed: tuple[Skip, ...] = ()
    end: ExportEnd = "done"
    detail: str = ""
