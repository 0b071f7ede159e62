"""Which files of a folder need reading: the walk held against what the library knows."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import FolderError
from engine.indexer.tally import Tally
from engine.library import FileStamp, KnownFile, Library, Obstacle, Place
from engine.library.paths import absolute, encode, is_online
from engine.scan import FoundFile, Walk


@dataclass(frozen=True, slots=True)
class Territory:
    """A folder to index.

    Attributes:
        place: Where it lies in the library.
        root: Its root's path.
        renamed: Whether the root had another path until now, under which its photos were known.
    """

    place: Place
    root: Path
    renamed: bool = False

    @property
    def folder(self) -> Path:
        """Absolute path of the folder."""
        return self.path_of(self.place.relative)

    def path_of(self, relative: bytes) -> Path:
        """Return the absolute path of a path of this root."""
        return absolute(encode(self.root), relative)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that needs reading, with the territory that it was found in."""

    stamp: FileStamp
    territory: Territory

    @property
    def path(self) -> Path:
        """Absolute path."""
        return self.territory.path_of(self.stamp.path)


@dataclass(slots=True)
class Finding:
    """What a completed walk says about files that were not read.

    Attributes:
        territory: The folder.
        gone: Known files that are not there any more.
        back: Photos that were missing and are there again, as they were.
        closed: Folders that could not be opened.
    """

    territory: Territory
    gone: list[bytes] = field(default_factory=list)
    back: list[bytes] = field(default_factory=list)
    closed: list[Obstacle] = field(default_factory=list)


class Survey(threading.Thread):
    """Walks the territories one after another, ahead of the reading.

    Attributes:
        candidates: Files that need reading, then one None.
        findings: One per completed walk; complete once the None was taken.
        error: What ended the survey early, if anything did.
    """

    def __init__(
        self,
        library: Library,
        territories: Sequence[Territory],
        pack_ids: Sequence[str],
        tally: Tally,
        stopped: Callable[[], bool],
    ) -> None:
        super().__init__(name="survey", daemon=True)
        self.candidates: queue.SimpleQueue[Candidate | None] = queue.SimpleQueue()
        self.findings: list[Finding] = []
        self.error: Exception | None = None
        self._library = library
        self._territories = territories
        self._pack_ids = pack_ids
        self._tally = tally
        self._stopped = stopped

    def run(self) -> None:
        """Walk everything; errors are kept for the thread that reads."""
        try:
            for territory in self._territories:
                self._walk(territory)
            self._tally.surveyed()
        except Exception as error:  # handed over, and raised there
            self.error = error
        finally:
            self.candidates.put(None)

    def _walk(self, territory: Territory) -> None:
        self._tally.enter("scanning", territory.folder)
        place = territory.place
        known = self._library.known_files(place, self._pack_ids)
        finding = Finding(territory)
        walk = Walk(territory.root, place.relative)
        for found in walk.files(self._stopped):
            self._compare(found, known.pop(found.path, None), finding)
        if not walk.complete:
            return
        for folder, reason in walk.unreadable.items():
            self._tally.skip(territory.path_of(folder), reason)
            finding.closed.append(Obstacle(place.root_id, folder, reason))
        finding.gone = [path for path in known if walk.covers(path)]
        self.findings.append(finding)

    def _compare(self, found: FoundFile, known: KnownFile | None, finding: Finding) -> None:
        if known is not None and (known.size, known.mtime_ns) == (found.size, found.mtime_ns):
            if known.reason is not None:
                self._tally.skip(finding.territory.path_of(found.path), known.reason)
                return
            if known.complete:
                if known.missing:
                    finding.back.append(found.path)
                else:
                    self._tally.count("moved" if finding.territory.renamed else "unchanged")
                return
        stamp = FileStamp(finding.territory.place.root_id, found.path, found.size, found.mtime_ns)
        self._tally.found()
        self.candidates.put(Candidate(stamp, finding.territory))


def check_connected(library: Library, territory: Territory) -> None:
    """Raise where a folder that held photos is empty now, as a drive's is when it is unplugged.

    Raises:
        FolderError: The folder is empty or gone, and the library has photos in it.
    """
    if is_online(territory.folder) or not library.ids_under(territory.folder).size:
        return
    raise FolderError(
        "This folder is empty, although the library has photos in it.",
        path=territory.folder,
        hint="Connect its drive; or, if the photos were deleted, remove the folder from the library.",
    )
