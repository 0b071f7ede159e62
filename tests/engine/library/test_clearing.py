"""Clearing thumbnails: what goes, what stays, and that nobody is in anybody's way."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.library import FileStamp, Library, NewContent, Reading, database
from engine.types import LibrarySpace, PhotoMetadata, Root, Thumbnail
from tests.engine.library.records import PACK, content, digest
from tests.small_disk import fill, small_disk

JPEG = 12_000


def record(library: Library, root: Root, files: dict[str, int]) -> None:
    """Write files and have them read; equal numbers are equal contents."""
    readings = []
    for name, number in files.items():
        path = root.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"photo %d" % number)
        facts = path.stat()
        stamp = FileStamp(root.id, os.fsencode(name), facts.st_size, facts.st_mtime_ns)
        new = NewContent(PhotoMetadata(40, 30), picture_of(number), content(number).features)
        readings.append(Reading(stamp, digest(number), new))
    library.record(readings)


def picture_of(number: int) -> bytes:
    return random.Random(number).randbytes(JPEG)


def add(library: Library, folder: Path, files: dict[str, int]) -> Root:
    folder.mkdir(exist_ok=True)
    (folder / "not a photo.txt").touch()  # or a folder without photos counts as unplugged
    root = library.add_root(folder)
    record(library, root, files)
    return root


def has_thumbnail(library: Library, path: Path) -> bool:
    photo = library.find(path)
    assert photo is not None
    return library.thumbnail(photo.id) is not None


def size(path: Path) -> int:
    return sum(path.with_name(path.name + suffix).stat().st_size for suffix in ("", "-wal", "-shm"))


def test_the_space_is_told_apart(library: Library, tmp_path: Path) -> None:
    assert library.space().thumbnails == 0
    add(library, tmp_path / "p", {"a.jpg": 1, "b.jpg": 2, "copy of b.jpg": 2})
    space = library.space()
    assert space == LibrarySpace(size(library.path), 2 * JPEG, 0)


def test_thumbnails_go_and_everything_else_stays(library: Library, tmp_path: Path) -> None:
    add(library, tmp_path / "p", {f"{n}.jpg": n for n in range(600)})
    before = library.revision(), library.present_ids(), library.embeddings(PACK)[1].tolist()
    codes = library.region_codes(library.present_ids(), PACK)
    report = library.clear_thumbnails()
    assert (report.cleared, report.size, report.kept) == (600, 600 * JPEG, 0)
    assert library.space().thumbnails == 0
    assert all(library.thumbnail(photo_id) is None for photo_id in library.present_ids())
    assert (library.revision(), library.present_ids(), library.embeddings(PACK)[1].tolist()) == before
    assert library.region_codes(library.present_ids(), PACK) == codes


def test_the_disk_gets_the_space_back(library: Library, tmp_path: Path) -> None:
    add(library, tmp_path / "p", {f"{n}.jpg": n for n in range(1500)})
    before = library.space()
    library.clear_thumbnails()
    after = library.space()
    assert after.spare == 0
    assert before.total - after.total > 0.9 * 1500 * JPEG
    with closing(sqlite3.connect(library.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_library_from_before_keeps_the_space_for_what_comes_next(tmp_path: Path) -> None:
    Library.open(tmp_path / "l.db").close()
    with closing(sqlite3.connect(tmp_path / "l.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA auto_vacuum = NONE")
        connection.execute("VACUUM")
    with Library.open(tmp_path / "l.db") as library:
        root = add(library, tmp_path / "p", {f"{n}.jpg": n for n in range(300)})
        library.clear_thumbnails()
        space = library.space()
        assert space.thumbnails == 0
        assert space.spare > 0.9 * 300 * JPEG
        record(library, root, {f"new {n}.jpg": 1000 + n for n in range(300)})
        assert library.space().spare < 0.2 * space.spare


def test_photos_on_a_drive_that_is_not_connected_keep_theirs(library: Library, tmp_path: Path) -> None:
    here, drive = tmp_path / "here", tmp_path / "drive"
    add(library, here, {"a.jpg": 1, "both.jpg": 2})
    add(library, drive, {"b.jpg": 3, "both.jpg": 2})
    drive.rename(tmp_path / "unplugged")
    drive.mkdir()
    report = library.clear_thumbnails()
    assert (report.cleared, report.kept) == (2, 1)
    assert has_thumbnail(library, drive / "b.jpg")
    assert not has_thumbnail(library, here / "a.jpg")
    assert not has_thumbnail(library, drive / "both.jpg")  # the copy here is as good
    drive.rmdir()
    (tmp_path / "unplugged").rename(drive)
    assert library.clear_thumbnails().cleared == 1


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        lambda path: path.write_bytes(b"another photo, and longer"),
        lambda path: os.utime(path, ns=(0, 0)),
    ],
    ids=["deleted", "changed", "dated back"],
)
def test_a_file_that_is_not_as_it_was_read_keeps_its_thumbnail(
    library: Library, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    add(library, tmp_path / "p", {"a.jpg": 1, "b.jpg": 2})
    spoil(tmp_path / "p" / "a.jpg")
    report = library.clear_thumbnails()
    assert (report.cleared, report.kept) == (1, 1)
    assert has_thumbnail(library, tmp_path / "p" / "a.jpg")


def test_clearing_an_empty_library_does_nothing(library: Library) -> None:
    report = library.clear_thumbnails()
    assert (report.cleared, report.size, report.kept) == (0, 0, 0)


def test_it_can_be_stopped_between_its_steps(library: Library, tmp_path: Path) -> None:
    add(library, tmp_path / "p", {f"{n}.jpg": n for n in range(600)})
    stop = threading.Event()
    stop.set()
    assert library.clear_thumbnails(stop).cleared == 0
    assert library.space().thumbnails == 600 * JPEG


def test_what_is_recorded_meanwhile_is_neither_kept_waiting_nor_cleared(
    library: Library, tmp_path: Path
) -> None:
    root = add(library, tmp_path / "p", {f"{n}.jpg": n for n in range(1500)})
    with Library.open(library.path) as indexing:
        clearing = threading.Thread(target=library.clear_thumbnails)
        clearing.start()
        waits, number = [], 2000
        while clearing.is_alive():
            began = time.monotonic()
            record(indexing, root, {f"{number}.jpg": number})
            waits.append(time.monotonic() - began)
            number += 1
        clearing.join()
    assert len(waits) > 5
    assert max(waits) < 5  # SQLite would give up after 60 seconds
    assert library.counts().photos == 1500 + len(waits)
    assert library.space().thumbnails == len(waits) * JPEG


def test_a_library_in_use_says_so_and_loses_nothing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(library, tmp_path / "p", {"a.jpg": 1})
    library.close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(library.path)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="in use by another program"):
            library.clear_thumbnails()
        blocker.rollback()
    assert has_thumbnail(library, tmp_path / "p" / "a.jpg")
    assert library.clear_thumbnails().cleared == 1


def test_a_disk_that_is_full_gets_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "Small", 20_000) as disk, Library.open(disk / "l.db") as library:
        add(library, tmp_path / "p", {f"{n}.jpg": n for n in range(600)})
        fill(disk)
        assert library.clear_thumbnails().cleared == 600
        assert shutil.disk_usage(disk).free > 0.9 * 600 * JPEG
        assert library.counts().photos == 600


def test_a_disk_too_full_to_write_on_says_so_and_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "Small", 20_000) as disk:
        with Library.open(disk / "l.db") as library:
            add(library, tmp_path / "p", {f"{n}.jpg": n for n in range(600)})
        with Library.open(disk / "l.db") as library:
            library.add_search("so that SQLite's own files are there, but small")
            fill(disk)
            with pytest.raises(LibraryError, match="disk is full"):
                library.clear_thumbnails()
            assert library.space().thumbnails == 600 * JPEG
            (disk / "something else").unlink()
            assert library.clear_thumbnails().cleared == 600


def test_a_made_thumbnail_is_kept_once_and_only_for_its_own_content(library: Library, tmp_path: Path) -> None:
    add(library, tmp_path / "p", {"a.jpg": 1, "copy.jpg": 1})
    ids = library.present_ids()
    library.keep_thumbnail(ids[0], Thumbnail(b"another", digest(1)))
    assert library.thumbnail(ids[0]) == picture_of(1)  # there was one
    library.clear_thumbnails()
    library.keep_thumbnail(ids[0], Thumbnail(b"of another file", digest(2)))
    library.keep_thumbnail(999, Thumbnail(b"of no photo", digest(1)))
    assert library.space().thumbnails == 0
    library.keep_thumbnail(ids[0], Thumbnail(b"made", digest(1)))
    assert [library.thumbnail(photo_id) for photo_id in ids] == [b"made", b"made"]
