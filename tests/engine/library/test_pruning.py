"""What nothing needs any more is deleted, in steps, and the disk gets the room back."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine.gallery import Gallery
from engine.library import Features, Library, NewContent, Reading
from engine.types import PhotoMetadata, Root
from tests.engine.library.records import PACK, add_photos, digest, embedding, reading, stamp
from tests.small_disk import fill, small_disk

REGION, JPEG = 16_000, 12_000
OLD, NEW, OTHER = "sgraffito-1-aaa", "sgraffito-2-bbb", "openclip-vit-ccc"


def large(root: Root, number: int, *packs: str) -> Reading:
    """Return a file whose features and thumbnail are as large as real ones."""
    blob = random.Random(number).randbytes(REGION + JPEG)
    features = {pack: Features(embedding(number), blob[:REGION]) for pack in packs}
    content = NewContent(PhotoMetadata(40, 30), blob[REGION:], features)
    return Reading(stamp(root, f"{number}.jpg"), digest(number), content)


def add_large(library: Library, folder: Path, numbers: range, *packs: str) -> Root:
    folder.mkdir(exist_ok=True)
    (folder / "not a photo.txt").touch()
    root = library.add_root(folder)
    library.record([large(root, number, *packs) for number in numbers])
    return root


def add_features(library: Library, root: Root, numbers: range, *packs: str) -> None:
    library.record([large(root, number, *packs) for number in numbers])


def rows(library: Library, table: str) -> int:
    with closing(sqlite3.connect(library.path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def packs(library: Library) -> set[str]:
    with closing(sqlite3.connect(library.path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM packs")}


@contextmanager
def writing_beside(path: Path) -> Iterator[list[float]]:
    """Let another program write again and again, and give the seconds that it waited each time."""
    waits: list[float] = []
    over = threading.Event()

    def write() -> None:
        with Library.open(path) as other:
            while not over.is_set():
                began = time.monotonic()
                other.add_search("a dog")
                waits.append(time.monotonic() - began)
                time.sleep(0.01)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def test_removing_a_folder_gives_its_room_back(library: Library, tmp_path: Path) -> None:
    root = add_large(library, tmp_path / "p", range(600), PACK)
    add_large(library, tmp_path / "q", range(590, 610), PACK)
    library.remove_root(root.id)
    assert rows(library, "contents") == rows(library, "thumbnails") == rows(library, "regions") == 20
    assert library.space().total < 100 * (REGION + JPEG)
    with closing(sqlite3.connect(library.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_removing_a_folder_relieves_a_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "Small", 40_000) as disk:
        with Library.open(disk / "l.db") as library:
            root = add_large(library, tmp_path / "p", range(600), PACK)
        with Library.open(disk / "l.db") as library:
            library.add_search("so that SQLite's own files are there, but small")
            fill(disk)
            os.truncate(disk / "something else", (disk / "something else").stat().st_size - 1_000_000)
            library.remove_root(root.id)
            assert library.counts().photos == 0
            assert shutil.disk_usage(disk).free > 0.9 * 600 * (REGION + JPEG)


def test_others_may_write_while_a_folder_is_removed(library: Library, tmp_path: Path) -> None:
    root = add_large(library, tmp_path / "p", range(3000), PACK)
    with writing_beside(library.path) as waits:
        library.remove_root(root.id)
    assert len(waits) > 5
    assert max(waits) < 5  # SQLite would give up after 60 seconds


def test_a_removed_folder_is_gone_at_once_and_the_next_pruning_deletes_the_rest(
    library: Library, tmp_path: Path
) -> None:
    root = add_photos(library, tmp_path / "p", {f"{n}.jpg": n for n in range(600)})
    before = library.revision()
    library.remove_root(root.id, prune=False)
    assert library.counts().photos == library.counts().roots == 0
    assert library.gallery_rows(PACK)[0].tolist() == []
    assert library.revision() > before
    assert rows(library, "contents") == 600
    other = add_photos(library, tmp_path / "q", {"a.jpg": 1000})
    library.remove_root(other.id)
    assert rows(library, "contents") == rows(library, "embeddings") == 0


def test_a_photo_that_comes_back_while_it_is_pruned_keeps_its_features(
    library: Library, tmp_path: Path
) -> None:
    root = add_large(library, tmp_path / "p", range(1500), PACK)
    library.remove_root(root.id, prune=False)
    again = library.add_root(tmp_path / "p")
    pruning = threading.Thread(target=library.prune)
    pruning.start()
    with Library.open(library.path) as other:
        known = [Reading(stamp(again, f"{n}.jpg"), digest(n)) for n in range(1499, 0, -50)]
        changes = [other.record([one])[0] for one in known]
    pruning.join()
    assert rows(library, "contents") == library.counts().photos == changes.count("added")
    assert len(library.gallery_rows(PACK)[0]) == changes.count("added") > 0


def test_features_of_older_weights_go_once_every_photo_has_new_ones(library: Library, tmp_path: Path) -> None:
    root = add_large(library, tmp_path / "p", range(600), OLD, OTHER)
    add_features(library, root, range(599), NEW)
    library.tidy([NEW], threading.Event())
    assert packs(library) == {OLD, NEW, OTHER}  # one photo has none of the new ones
    library.mark_missing(root.id, [b"3.jpg"])
    add_features(library, root, range(599, 600), NEW)
    before = library.path.stat().st_size
    library.tidy([NEW], threading.Event())
    assert packs(library) == {NEW, OTHER}
    assert library.embeddings(OLD)[0].tolist() == []
    assert len(library.embeddings(NEW)[0]) == len(library.embeddings(OTHER)[0]) == 600
    ids = library.present_ids()
    assert library.region_codes(ids, OLD) == {}
    assert len(library.region_codes(ids, NEW)) == len(library.region_codes(ids, OTHER)) == 599
    assert before - library.path.stat().st_size > 0.9 * 600 * REGION


def test_a_missing_photo_does_not_keep_the_features_of_older_weights(
    library: Library, tmp_path: Path
) -> None:
    root = add_photos(library, tmp_path / "p", {"a.jpg": 1, "b.jpg": 2}, OLD)
    library.mark_missing(root.id, [b"b.jpg"])
    library.record([reading(root, "a.jpg", 1, NEW)])
    library.tidy([NEW], threading.Event())
    assert packs(library) == {NEW}


@pytest.mark.parametrize("pack_ids", [[OTHER], ["my-pack-1"], [OTHER, OLD]])
def test_only_weights_of_the_same_name_take_the_place_of_others(
    library: Library, tmp_path: Path, pack_ids: list[str]
) -> None:
    add_photos(library, tmp_path / "p", {"a.jpg": 1}, OLD, OTHER, "my-pack-1", "my-pack-2")
    library.tidy(pack_ids, threading.Event())
    assert packs(library) == {OLD, OTHER, "my-pack-1", "my-pack-2"}


def test_tidying_that_was_stopped_is_taken_up_by_the_next(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path / "p", {f"{n}.jpg": n for n in range(600)}, OLD, NEW)
    stop = threading.Event()
    tidying = threading.Thread(target=library.tidy, args=([NEW], stop))
    tidying.start()
    while len(library.embeddings(OLD)[0]) == 600:
        time.sleep(0.001)
    stop.set()
    tidying.join()
    assert 0 < len(library.embeddings(OLD)[0]) < 600
    assert packs(library) == {OLD, NEW}
    library.tidy([NEW], threading.Event())
    assert packs(library) == {NEW}


def test_a_program_with_the_older_weights_only_finds_nothing_any_more(
    library: Library, tmp_path: Path
) -> None:
    root = add_photos(library, tmp_path / "p", {f"{n}.jpg": n for n in range(20)}, OLD)
    with Library.open(library.path) as older:
        gallery = Gallery(older, OLD)
        gallery.refresh()
        assert len(gallery) == 20
        library.record([reading(root, f"{n}.jpg", n, NEW) for n in range(20)])
        library.tidy([NEW], threading.Event())
        gallery.refresh()
        assert len(gallery) == 0
        assert gallery.similarities(embedding(1)).tolist() == []
        assert older.region_codes(older.present_ids(), OLD) == {}
        assert older.record([reading(root, "new.jpg", 100, OLD)]) == ["added"]
        gallery.refresh()
        assert len(gallery) == 1
