"""The library as the rest of the program sees it."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from engine import places
from engine.browsing import FolderCount, Listing, Month, Order
from engine.filters import NO_FILTERS, Filters
from engine.library import (
    browsing,
    clearing,
    contents,
    filtering,
    folders,
    gallery,
    marking,
    photos,
    pruning,
    roots,
    searches,
    state,
    thumbnails,
    writing,
)
from engine.library.database import Database
from engine.library.paths import absolute
from engine.library.records import Change, Failure, KnownFile, Obstacle, Reading
from engine.library.roots import Place
from engine.reports import ClearReport, Skip
from engine.types import FloatArray, LibraryCounts, LibrarySpace, Photo, Root, Thumbnail


class Library:
    """Photos, their features, and past searches, in one file.

    May be used from any number of threads and processes at once: reads see one
    unchanging state, writes queue. Every method raises `LibraryError` where the file
    can't be read or written (in use, damaged, disk full); nothing committed is lost.

    Attributes:
        path: The library file.
    """

    def __init__(self, database: Database) -> None:
        """Wrap an open database; programs call `Library.open`."""
        self._database = database
        self.path = database.path

    @classmethod
    def open(cls, path: Path | None = None, *, create: bool = True) -> Library:
        """Open a library file, migrating it where needed.

        Args:
            path: The file; None for the user's own library.
            create: Whether to create it (and its folder) where there is none.

        Raises:
            LibraryError: It can't be opened, is damaged, is no library, or was made by a
                newer version of the program. The file is then left as it was. Or there is
                none, and none shall be created.
        """
        return cls(Database(Path(path) if path is not None else places.library_file(), create=create))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Folders

    def add_root(self, folder: Path) -> Root:
        """Add a folder of photos, and return the root that covers it.

        A folder inside a root gives that root. Roots inside the folder become part of
        the new root and keep their photos and features.

        Raises:
            FolderError: It is missing, not a folder, or may not be read.
        """
        return folders.add_root(self._database, folder)

    def roots(self) -> tuple[Root, ...]:
        """Return the folders of the library in the order they were added."""
        return folders.all_roots(self._database)

    def remove_root(self, root_id: int, *, prune: bool = True) -> None:
        """Forget a folder with its photos and features; the files are not touched.

        The photos are gone at once, for every reader.

        Args:
            root_id: The folder.
            prune: Whether their features and thumbnails shall follow now, which may take minutes.
                Else `prune` deletes them, or the next index run.
        """
        with self._database.write() as connection:
            roots.remove_root(connection, root_id)
        if prune:
            self.prune()

    # Photos

    def counts(self) -> LibraryCounts:
        """Return how much the library holds."""
        with self._database.read() as connection:
            return photos.counts(connection)

    def photo(self, photo_id: int) -> Photo | None:
        """Return one photo, or None."""
        with self._database.read() as connection:
            return photos.photo(connection, photo_id)

    def photos(self, ids: Sequence[int]) -> dict[int, Photo]:
        """Return photo id to photo; ids that the library does not know are left out."""
        with self._database.read() as connection:
            return photos.photos(connection, ids)

    def find(self, path: Path) -> Photo | None:
        """Return the photo at `path`, or None."""
        with self._database.read() as connection:
            return photos.find(connection, path)

    def present_ids(self, folder: Path | None = None, *, filters: Filters = NO_FILTERS) -> list[int]:
        """Return the ids of present photos, newest first (date taken, else date of the file).

        Args:
            folder: Only photos under this folder.
            filters: Only photos that pass these.

        Raises:
            FolderError: `folder` is in no root.
        """
        with self._database.read() as connection:
            return photos.present_ids(connection, folder, filters)

    def listing(
        self, *, filters: Filters = NO_FILTERS, order: Order = "newest", without: Collection[int] = ()
    ) -> Listing:
        """Return the present photos in an order, with the months they fall into.

        Args:
            filters: Only photos that pass these.
            order: The order; photos without a date come last in an order of dates.
            without: Ids of photos to leave out.
        """
        with self._database.read() as connection:
            return browsing.listing(connection, filters, order, without)

    def ids_under(self, folder: Path) -> NDArray[np.int64]:
        """Return the sorted ids of the present photos under `folder`.

        Raises:
            FolderError: `folder` is in no root.
        """
        with self._database.read() as connection:
            return photos.ids_under(connection, folder)

    def passing_ids(self, filters: Filters) -> NDArray[np.int64]:
        """Return the sorted ids of the present photos that pass the filters."""
        with self._database.read() as connection:
            return photos.passing_ids(connection, filters)

    def set_favourite(self, photo_ids: Sequence[int], favourite: bool) -> None:
        """Make photos favourites, or not any more; ids that the library does not know are left out."""
        with self._database.write() as connection:
            photos.set_favourite(connection, photo_ids, favourite)
            state.bump_revision(connection)

    def favourites(self) -> frozenset[int]:
        """Return the ids of the favourites, missing photos among them."""
        with self._database.read() as connection:
            return photos.favourites(connection)

    def folders(self) -> list[str]:
        """Return the folders that hold photos, each as the value of a folder filter that finds them."""
        with self._database.read() as connection:
            return filtering.folders(connection)

    def folder_counts(self) -> tuple[FolderCount, ...]:
        """Return how many present photos lie in each folder that has any, in the order of their names."""
        with self._database.read() as connection:
            return browsing.folder_counts(connection)

    def month_counts(self) -> tuple[Month, ...]:
        """Return how many present photos there are of each month, latest first, those without a date last."""
        with self._database.read() as connection:
            return browsing.month_counts(connection)

    def years(self) -> list[int]:
        """Return the years in which photos were taken, latest first."""
        with self._database.read() as connection:
            return filtering.years(connection)

    def cameras(self) -> list[str]:
        """Return the cameras that photos were taken with."""
        with self._database.read() as connection:
            return filtering.cameras(connection)

    def skipped(self) -> tuple[Skip, ...]:
        """Return the files that could not be read as photos (and folders that can't be opened), and why."""
        with self._database.read() as connection:
            return photos.skipped(connection)

    def retry_skipped(self) -> None:
        """Have the next index run try every skipped file again, though it has not changed."""
        with self._database.write() as connection:
            writing.try_again(connection)

    def thumbnail(self, photo_id: int) -> bytes | None:
        """Return a photo's thumbnail (JPEG, upright, longest side 320 px at most), or None."""
        with self._database.read() as connection:
            return thumbnails.thumbnail(connection, photo_id)

    def captions(self, limit: int | None = None) -> list[str]:
        """Return the distinct descriptions found in the photos' own headers, at most so many."""
        with self._database.read() as connection:
            return photos.captions(connection, limit)

    # Room on the disk

    def space(self) -> LibrarySpace:
        """Return how much the library takes on the disk; takes seconds where it is large."""
        with self._database.read() as connection:
            taken = thumbnails.bytes_taken(connection)
        total, spare = self._database.space()
        return LibrarySpace(total, taken, spare)

    def clear_thumbnails(self, stop: threading.Event | None = None) -> ClearReport:
        """Delete the thumbnails that can be made again, and give their room back to the disk.

        A thumbnail stays where no file is at hand that it could be made of: on a drive that
        is not connected, deleted, or changed since it was read. Others may read and write
        meanwhile. What was cleared before an error stays cleared.

        Args:
            stop: Set it to end early.
        """
        return clearing.clear_thumbnails(self._database, stop or threading.Event())

    def origins(self, photo_id: int) -> tuple[bytes, tuple[Path, ...]] | None:
        """Return the hash of a photo's content and the files that had it: its own, then the copies."""
        with self._database.read() as connection:
            return thumbnails.origins(connection, photo_id)

    def keep_thumbnail(self, photo_id: int, thumbnail: Thumbnail) -> None:
        """Store a thumbnail that was made of a photo, unless that has one or has another content."""
        with self._database.write() as connection:
            thumbnails.add_made(connection, photo_id, thumbnail)

    # Searches

    def add_search(self, text: str) -> None:
        """Remember a text that was searched, as the latest."""
        with self._database.write() as connection:
            searches.add(connection, text)

    def recent_searches(self, limit: int = 200) -> list[str]:
        """Return past searches, latest first."""
        with self._database.read() as connection:
            return searches.recent(connection, limit)

    def save_search(self, text: str) -> None:
        """Keep a search until it is forgotten, as the latest."""
        with self._database.write() as connection:
            searches.save(connection, text)

    def saved_searches(self) -> list[str]:
        """Return the searches that were saved, latest first."""
        with self._database.read() as connection:
            return searches.saved(connection)

    def forget_search(self, text: str) -> None:
        """Forget a saved search, if there is one of this text."""
        with self._database.write() as connection:
            searches.forget(connection, text)

    # Features

    def revision(self) -> int:
        """Return a number that grows with every committed change that a search must see."""
        with self._database.read() as connection:
            return state.revision(connection)

    def gallery_rows(self, pack_id: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return photo, content and root ids of present photos with an embedding, by photo id."""
        with self._database.read() as connection:
            return gallery.gallery_rows(connection, pack_id)

    def embeddings(self, pack_id: str, *, after: int = 0) -> tuple[NDArray[np.int64], FloatArray]:
        """Return content ids above `after` that have an embedding, and the (n, E) embeddings.

        New photos have ever higher content ids. Only while known photos are read again
        for another pack do lower ids appear later: a reader that finds content ids in
        `gallery_rows` that it does not hold asks `embeddings_of` for them.
        """
        with self._database.read() as connection:
            return gallery.embeddings(connection, pack_id, after=after)

    def embeddings_of(self, pack_id: str, content_ids: Sequence[int]) -> tuple[NDArray[np.int64], FloatArray]:
        """Return those of the content ids that have an embedding, sorted, and the embeddings."""
        with self._database.read() as connection:
            return gallery.embeddings_of(connection, pack_id, content_ids)

    def region_codes(self, photo_ids: Sequence[int], pack_id: str) -> dict[int, bytes]:
        """Return photo id to region code, for the photos that have one."""
        with self._database.read() as connection:
            return gallery.region_codes(connection, photo_ids, pack_id)

    # For the indexer

    def locate(self, folder: Path) -> Place:
        """Return the root and relative path of a folder in the library.

        Raises:
            FolderError: It is in no root.
        """
        with self._database.read() as connection:
            return roots.require(connection, folder)

    def root_paths(self) -> dict[int, Path]:
        """Return root id to path; unlike `roots`, it asks no drive."""
        with self._database.read() as connection:
            return {root_id: absolute(path, b"") for root_id, path in roots.stored(connection).items()}

    def known_files(self, place: Place, pack_ids: Sequence[str]) -> dict[bytes, KnownFile]:
        """Return stored path to what is remembered of it, for every file under a place."""
        with self._database.read() as connection:
            return writing.known_files(connection, place, pack_ids)

    def has_content(self, digest: bytes, pack_ids: Sequence[str]) -> bool:
        """Return whether a content is known with the features of all these packs."""
        with self._database.read() as connection:
            return contents.has_content(connection, digest, pack_ids)

    def record(self, readings: Sequence[Reading], failures: Sequence[Failure] = ()) -> list[Change | None]:
        """Write a batch of files in one transaction; return what became of each reading.

        None stands for a known content that another program deleted in the meantime: the
        file is left for the next run.

        Raises:
            FolderError: Another program took a folder that they are in out of the library.
        """
        with self._database.read() as connection:
            copies = writing.copies_of_new(connection, readings)
        gone = writing.gone_among(copies)
        with self._database.write() as connection:
            changes = writing.record(connection, readings, failures, gone)
            state.bump_revision(connection)
            return changes

    def note_obstacles(self, obstacles: Sequence[Obstacle]) -> None:
        """Remember files and folders that could not be opened; they are tried again in the next run."""
        with self._database.write() as connection:
            writing.note_obstacles(connection, obstacles)

    def mark_missing(self, root_id: int, paths: Sequence[bytes], stop: threading.Event | None = None) -> int:
        """Mark photos as gone (features stay) and forget such unreadable files; return how many photos.

        Others may read and write meanwhile.

        Args:
            root_id: Their root.
            paths: Where they were.
            stop: Set it to end early.
        """
        return marking.mark(self._database, root_id, paths, stop or threading.Event(), gone=True)

    def mark_present(self, root_id: int, paths: Sequence[bytes], stop: threading.Event | None = None) -> int:
        """Bring back missing photos that were found again, as `mark_missing` works; return how many."""
        return marking.mark(self._database, root_id, paths, stop or threading.Event(), gone=False)

    def prune(self, stop: threading.Event | None = None) -> int:
        """Delete features and thumbnails of contents that no photo has any more; return how many contents.

        Others may read and write meanwhile.

        Args:
            stop: Set it to end early.
        """
        return pruning.prune(self._database, stop or threading.Event())

    def tidy(self, pack_ids: Collection[str], stop: threading.Event) -> None:
        """Prune, and delete the features of older weights of the program's own, until `stop` is set.

        They stay as long as a present photo still waits for the features of `pack_ids`.
        """
        pruning.tidy(self._database, pack_ids, stop)
