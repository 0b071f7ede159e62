"""What a run has done so far, and how long it will still take."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from engine.reports import IndexPhase, IndexReport, Progress, Skip

_SURE_AFTER = 2.0  # seconds of reading before the remaining time is worth showing


class Tally:
    """Counts of one run; written by its threads, read by front ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes: Counter[str] = Counter()
        self._skipped: list[Skip] = []
        self._phase: IndexPhase = "waiting"
        self._folder: Path | None = None
        self._done = self._total = 0
        self._surveyed = False
        self._started = time.monotonic()
        self._reading_since: float | None = None
        self._paused_since: float | None = None
        self._paused = 0.0
        self._ended: float | None = None

    def enter(self, phase: IndexPhase, folder: Path | None = None) -> None:
        """Note what is being done now."""
        with self._lock:
            if self._phase != "reading" or phase != "scanning":  # the survey walks on beside the reading
                self._phase = phase
            self._folder = folder if folder is not None else self._folder
            if phase == "reading" and self._reading_since is None:
                self._reading_since = time.monotonic() - self._paused
            if phase == "done" and self._ended is None:
                self._ended = time.monotonic()

    def found(self) -> None:
        """Count a file that needs reading."""
        with self._lock:
            self._total += 1

    def surveyed(self) -> None:
        """Note that no more files will be found."""
        with self._lock:
            self._surveyed = True

    def finish(self, files: int) -> None:
        """Count files that needed reading and are done with, whatever came of them."""
        with self._lock:
            self._done += files

    def count(self, change: str, number: int = 1) -> None:
        """Count files by what became of them."""
        with self._lock:
            self._changes[change] += number

    def counted(self, change: str) -> int:
        """Return how often a change was counted."""
        with self._lock:
            return self._changes[change]

    def skip(self, path: Path, reason: str) -> None:
        """Note a file or folder that could not be read."""
        with self._lock:
            self._skipped.append(Skip(path, reason))

    def pause(self, paused: bool) -> None:
        """Note that the run waits for the user, or goes on."""
        with self._lock:
            now = time.monotonic()
            if paused and self._paused_since is None:
                self._paused_since = now
            elif not paused and self._paused_since is not None:
                self._paused += now - self._paused_since
                self._paused_since = None

    def progress(self) -> Progress:
        """Return a snapshot."""
        with self._lock:
            now = self._ended if self._ended is not None else time.monotonic()
            return Progress(
                phase=self._phase,
                folder=self._folder,
                done=self._done,
                total=self._total,
                skipped=len(self._skipped),
                seconds=now - self._started,
                remaining=self._remaining(now),
                paused=self._paused_since is not None,
            )

    def report(self, *, stopped: bool) -> IndexReport:
        """Return what the run did; files that were skipped come in the order of their paths."""
        with self._lock:
            skipped = tuple(sorted(self._skipped, key=lambda skip: skip.path))
            return replace(self._counts(), skipped=skipped, stopped=stopped)

    def counts(self) -> IndexReport:
        """Return what the run has done so far, without the files that were skipped."""
        with self._lock:
            return self._counts()

    def _counts(self) -> IndexReport:
        now = self._ended if self._ended is not None else time.monotonic()
        return IndexReport(
            added=self._changes["added"],
            updated=self._changes["updated"],
            moved=self._changes["moved"],
            missing=self._changes["missing"],
            unchanged=self._changes["unchanged"],
            seconds=now - self._started,
        )

    def _remaining(self, now: float) -> float | None:
        if self._phase == "done":
            return 0.0
        if not self._surveyed or self._reading_since is None or not self._done:
            return None
        if self._paused_since is not None:
            now = self._paused_since
        spent = now - self._reading_since - self._paused
        return spent / self._done * (self._total - self._done) if spent >= _SURE_AFTER else None
