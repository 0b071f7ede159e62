"""Files on their way into the library: encoded together, written in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.indexer.reading import Outcome, Prepared, Recognised, Refused, Unreachable
from engine.indexer.survey import Candidate
from engine.indexer.tally import Tally
from engine.library import Failure, Features, Library, NewContent, Obstacle, Reading

if TYPE_CHECKING:
    from engine.models import Encoder

_LIGHT_FACTOR = 16  # files that need no encoding are cheap: so many more go into one transaction


class Batch:
    """Collects outcomes of the pool until they are worth writing.

    Attributes:
        vanished: Files that were gone when they should have been read.
    """

    def __init__(self, library: Library, encoders: Sequence[Encoder], tally: Tally) -> None:
        self.vanished: list[Candidate] = []
        self._library = library
        self._encoders = encoders
        self._tally = tally
        self._prepared: list[Prepared] = []
        self._readings: list[Reading] = []
        self._failures: list[Failure] = []
        self._obstacles: list[Obstacle] = []
        self._unreachable = 0

    def add(self, outcome: Outcome) -> None:
        """Take in what became of one file."""
        match outcome:
            case Prepared():
                self._prepared.append(outcome)
            case Recognised():
                self._readings.append(outcome.reading)
            case Refused():
                self._failures.append(outcome.failure)
                self._tally.skip(outcome.candidate.path, outcome.failure.reason)
            case Unreachable():
                self._tally.skip(outcome.candidate.path, outcome.reason)
                self._unreachable += 1
                if outcome.vanished:
                    self.vanished.append(outcome.candidate)
                else:
                    stamp = outcome.candidate.stamp
                    self._obstacles.append(Obstacle(stamp.root_id, stamp.path, outcome.reason))

    def is_full(self, size: int) -> bool:
        """Return whether `size` photos wait for the encoders, or many files for the library."""
        light = len(self._readings) + len(self._failures) + self._unreachable
        return len(self._prepared) >= size or light >= size * _LIGHT_FACTOR

    def write(self) -> None:
        """Encode what was decoded, write everything in one transaction, and start anew."""
        readings = self._readings + self._encoded()
        if readings or self._failures:
            for change in self._library.record(readings, self._failures):
                if change is not None:
                    self._tally.count(change)
        if self._obstacles:
            self._library.note_obstacles(self._obstacles)
        # Only now: a process that dies at its first batch, again and again, has done nothing.
        self._tally.finish(len(readings), len(self._failures) + self._unreachable)
        self._prepared, self._readings, self._failures, self._obstacles = [], [], [], []
        self._unreachable = 0

    def _encoded(self) -> list[Reading]:
        if not self._prepared:
            return []
        features: list[dict[str, Features]] = [{} for _ in self._prepared]
        for number, encoder in enumerate(self._encoders):
            found = encoder.encode_images([prepared.arrays[number] for prepared in self._prepared])
            regions = found.regions if found.regions is not None else (None,) * len(features)
            for own, embedding, region in zip(features, found.embeddings, regions, strict=True):
                own[encoder.pack_id] = Features(embedding, region)
        return [
            Reading(
                prepared.candidate.stamp,
                prepared.digest,
                NewContent(prepared.metadata, prepared.thumbnail, own),
            )
            for prepared, own in zip(self._prepared, features, strict=True)
        ]
