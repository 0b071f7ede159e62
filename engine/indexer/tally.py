"""What a run has done so far, and how long it will still take."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import replace
from pathlib import Path

from engine.reports import IndexPhase, IndexReport, Progress, Skip

_SURE_AFTER = 2.0  # seconds of reading before the remaining time and the rate are worth showing
_OF_LATE = 10.0  # seconds of reading that the rate tells of
_STEADY = 1.0  # seconds that a rate stands at least, so that it can be read


class Tally:
    """Counts of one run; written by its threads, read by front ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes: Counter[str] = Counter()
        self._skipped: list[Skip] = []
        self._phase: IndexPhase = "waiting"
        self._folder: Path | None = None
        self._done = self._total = self._read = 0
        self._marks: deque[tuple[float, int]] = deque()  # when so many photos were read, pauses left out
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

    def finish(self, photos: int, skipped: int = 0) -> None:
        """Count photos that were read, and files that needed reading but could not be read."""
        with self._lock:
            self._done += photos + skipped
            self._read += photos
            self._mark(self._spent(time.monotonic()))

    def count(self, change: str, number: int = 1) -> None:
        """Count files by what became of them."""
        with self._lock:
            self._changes[change] += number

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
                rate=self._rate(now),
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
        if not self._surveyed or not self._done:
            return None
        spent = self._spent(now)
        return spent / self._done * (self._total - self._done) if spent >= _SURE_AFTER else None

    def _spent(self, now: float) -> float:
        """Return the seconds of reading up to now, without pauses."""
        if self._reading_since is None:
            return 0.0
        if self._paused_since is not None:
            now = self._paused_since
        return now - self._reading_since - self._paused

    def _mark(self, spent: float) -> None:
        """Note how many photos were read by now, once in a while."""
        if self._marks and spent - self._marks[-1][0] < _STEADY:
            return
        self._marks.append((spent, self._read))
        while len(self._marks) > 2 and self._marks[1][0] <= spent - _OF_LATE:
            self._marks.popleft()

    def _rate(self, now: float) -> float | None:
        """Return the photos read in a second of late; where nothing comes for long, they become fewer."""
        if self._phase != "reading" or not self._marks:
            return None
        (since, before), (until, read) = self._marks[0], self._marks[-1]
        if until - since < _SURE_AFTER:
            return None
        return (read - before) / (max(until, self._spent(now) - _OF_LATE) - since)
