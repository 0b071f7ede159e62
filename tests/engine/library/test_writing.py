"""What becomes of a file when its reading is recorded."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FolderError
from engine.library import Failure, Library, Obstacle, Reading
from engine.types import LibraryCounts
from tests.engine.library.drives import needs_lstat, watch_drives
from tests.engine.library.records import PACK, add_photos, digest, reading, stamp
from tests.engine.pictures import public_folder, unprivileged


def known(root, name: str, seed: int) -> Reading:
    return Reading(stamp(root, name), digest(seed))


def test_new_content_at_a_known_path_is_an_update(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    photo_id = library.present_ids()[0]
    assert library.record([reading(root, "a.jpg", 2)]) == ["updated"]
    assert library.present_ids() == [photo_id]
    assert library.thumbnail(photo_id) == b"jpeg 2"


def test_known_content_at_its_path_is_no_change(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    touched = Reading(stamp(root, "a.jpg", mtime_ns=77), digest(1))
    assert library.record([touched]) == ["unchanged"]
    assert library.photos([1])[1].mtime_ns == 77


def test_a_file_that_took_another_name_keeps_its_photo(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    (tmp_path / "a.jpg").rename(tmp_path / "b.jpg")
    assert library.record([known(root, "b.jpg", 1)]) == ["moved"]
    assert library.photos([1])[1].path == tmp_path / "b.jpg"
    assert library.counts().photos == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_a_photo_behind_a_link_to_a_drive_that_is_away_has_not_moved(
    library: Library, tmp_path: Path
) -> None:
    """The new file is a copy of it, and the star stays with the first one."""
    drive = tmp_path / "drive"
    drive.mkdir()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "usb").symlink_to(drive)
    root = add_photos(library, tmp_path / "photos", {"usb/a.jpg": 1})
    shutil.rmtree(drive)
    assert library.record([known(root, "b.jpg", 1)]) == ["added"]
    drive.mkdir()
    assert library.record([known(root, "c.jpg", 1)]) == ["moved"]


@pytest.mark.parametrize("missing", [False, True])
def test_a_photo_that_may_not_be_looked_at_has_not_moved(missing: bool) -> None:
    """The new file is a copy of it, and the star stays with the first one."""
    with public_folder() as folder, Library.open(folder / "l.db") as library:
        root = add_photos(library, folder / "photos", {"shut/a.jpg": 1})
        if missing:
            library.mark_missing(root.id, [b"shut/a.jpg"])
        (folder / "photos" / "shut").chmod(0)
        with unprivileged():
            assert library.record([known(root, "b.jpg", 1)]) == ["added"]
        (folder / "photos" / "shut").chmod(0o755)


def test_a_copy_is_a_photo_of_its_own(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    assert library.record([known(root, "b.jpg", 1)]) == ["added"]
    assert library.counts().photos == 2
    assert len(library.embeddings(PACK)[0]) == 1


def test_a_photo_that_was_missing_moves_to_where_it_is_found(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    (tmp_path / "a.jpg").rename(tmp_path / "b.jpg")
    library.mark_missing(root.id, [b"a.jpg"])
    assert library.record([known(root, "b.jpg", 1), known(root, "c.jpg", 1)]) == ["moved", "added"]
    assert library.counts().missing == 0


def test_the_missing_one_among_many_copies_is_the_one_that_moved(library: Library, tmp_path: Path) -> None:
    """Only a few copies are looked for: thousands of the same photo must not take thousands of looks each."""
    root = add_photos(library, tmp_path, {f"{number:03}.jpg": 1 for number in range(200)})
    (tmp_path / "150.jpg").rename(tmp_path / "moved.jpg")
    library.mark_missing(root.id, [b"150.jpg"])
    assert library.record([known(root, "moved.jpg", 1), known(root, "copy.jpg", 1)]) == ["moved", "added"]


def test_a_missing_photo_that_came_back_is_added(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    library.mark_missing(root.id, [b"a.jpg"])
    assert library.record([known(root, "a.jpg", 1)]) == ["added"]
    assert library.present_ids() == [1]


@needs_lstat
def test_no_drive_is_asked_for_moved_photos_while_others_wait_to_write(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = add_photos(library, tmp_path / "p", {"a.jpg": 1, "b.jpg": 2})
    other = add_photos(library, tmp_path / "q", {"copy of b.jpg": 2})
    (tmp_path / "p" / "a.jpg").rename(tmp_path / "q" / "a.jpg")
    asked = watch_drives(library.path, monkeypatch)
    assert library.record([known(other, "a.jpg", 1), known(other, "b.jpg", 2)]) == ["moved", "added"]
    assert str(root.path / "b.jpg") in asked.paths
    assert asked.locked == []


@needs_lstat
@pytest.mark.parametrize("meanwhile", ["moved on", "came back"])
def test_a_photo_that_another_program_changes_meanwhile_is_not_taken_for_a_moved_one(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    (tmp_path / "a.jpg").unlink()
    library.mark_missing(root.id, [b"a.jpg"])
    look, done = os.lstat, []

    def looking(path: Any, **options: Any) -> os.stat_result:
        try:
            return look(path, **options)
        finally:
            if not done and os.fsdecode(path).endswith("a.jpg"):
                done.append(path)
                with Library.open(library.path) as other:
                    if meanwhile == "moved on":
                        assert other.record([known(root, "elsewhere.jpg", 1)]) == ["moved"]
                    else:
                        assert other.mark_present(root.id, [b"a.jpg"]) == 1

    monkeypatch.setattr(os, "lstat", looking)
    assert library.record([known(root, "b.jpg", 1)]) == ["added"]
    assert done
    first = "elsewhere.jpg" if meanwhile == "moved on" else "a.jpg"
    assert {photo.path.name for photo in library.photos([1, 2]).values()} == {first, "b.jpg"}


def test_nothing_is_moved_away_from_a_drive_that_is_not_connected(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path / "drive", {"a.jpg": 1})
    (tmp_path / "drive" / "a.jpg").unlink()  # what is left is the empty mount point
    here = add_photos(library, tmp_path / "here", {"b.jpg": 2})
    assert library.record([known(here, "a.jpg", 1)]) == ["added"]
    assert library.counts().photos == 3


def test_a_batch_may_hold_the_same_content_twice(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    (tmp_path / "a.jpg").touch()
    batch = [reading(root, "a.jpg", 1), reading(root, "b.jpg", 1), reading(root, "c.jpg", 2)]
    assert library.record(batch) == ["added"] * 3
    assert len(library.embeddings(PACK)[0]) == 2


def test_a_known_content_that_is_not_there_any_more_is_left_for_the_next_run(
    library: Library, tmp_path: Path
) -> None:
    root = add_photos(library, tmp_path, {})
    batch = [reading(root, "a.jpg", 1), known(root, "gone.jpg", 9), reading(root, "c.jpg", 2)]
    assert library.record(batch) == ["added", None, "added"]
    assert library.find(tmp_path / "gone.jpg") is None
    assert library.find(tmp_path / "c.jpg") is not None


def test_a_photo_that_became_unreadable_is_not_shown(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    library.record([], [Failure(stamp(root, "a.jpg"), "cut short")])
    assert library.present_ids() == []
    assert library.counts().unreadable == 1
    assert library.record([reading(root, "a.jpg", 1)]) == ["added"]
    assert library.skipped() == ()


def test_what_lies_in_no_folder_of_the_library_is_an_error_for_the_user(
    library: Library, tmp_path: Path
) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    library.remove_root(root.id)
    attempts = (
        lambda: library.record([known(root, "a.jpg", 1)]),
        lambda: library.record([], [Failure(known(root, "a.jpg", 1).stamp, "no photo")]),
        lambda: library.note_obstacles([Obstacle(root.id, b"a.jpg", "not now")]),
    )
    for attempt in attempts:
        with pytest.raises(FolderError, match="while it was read"):
            attempt()


def test_a_failure_is_remembered_once(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {})
    for reason in ("first", "second"):
        library.record([], [Failure(stamp(root, "a.jpg"), reason)])
    assert [skip.reason for skip in library.skipped()] == ["second"]
    assert library.mark_missing(root.id, [b"a.jpg"]) == 0
    assert library.skipped() == ()


def test_many_photos_are_marked_as_gone_and_back(library: Library, tmp_path: Path) -> None:
    names = [f"{number}.jpg" for number in range(2500)]
    root = library.add_root(tmp_path)
    library.record(
        [reading(root, names[n], n) for n in range(1, 2500)], [Failure(stamp(root, "0.jpg"), "none")]
    )
    paths = [os.fsencode(name) for name in names]
    assert library.mark_missing(root.id, paths) == 2499
    assert library.counts() == LibraryCounts(photos=0, missing=2499, unreadable=0, roots=1)
    assert library.mark_missing(root.id, paths) == 0
    assert library.mark_present(root.id, paths[:2000]) == 1999
    assert library.mark_present(root.id, []) == library.mark_missing(root.id, []) == 0
    assert library.counts().photos == 1999


@pytest.mark.parametrize("gone", [True, False])
def test_marking_many_photos_can_be_stopped(library: Library, tmp_path: Path, gone: bool) -> None:
    root = library.add_root(tmp_path)
    names = [f"{number}.jpg" for number in range(10_000)]
    library.record([reading(root, name, number) for number, name in enumerate(names)])
    paths = [os.fsencode(name) for name in names]
    if not gone:
        library.mark_missing(root.id, paths)
    before, stop, marked = library.revision(), threading.Event(), []
    mark = library.mark_missing if gone else library.mark_present
    marking = threading.Thread(target=lambda: marked.append(mark(root.id, paths, stop)))
    marking.start()
    while library.revision() == before:
        time.sleep(0.001)
    stop.set()
    marking.join()
    assert 0 < marked[0] < 10_000
    assert (library.counts().missing if gone else library.counts().photos) == marked[0]


def test_pruning_deletes_what_no_photo_has(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1, "b.jpg": 2})
    library.mark_missing(root.id, [b"b.jpg"])
    library.record([reading(root, "a.jpg", 3)])
    assert library.prune() == 1
    assert sorted(library.embeddings(PACK)[0].tolist()) == [2, 3]
    assert library.prune() == 0


def test_the_ids_of_pruned_contents_are_never_used_again(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    library.record([reading(root, "a.jpg", 2)])
    library.record([reading(root, "a.jpg", 3)])
    library.prune()
    library.record([reading(root, "b.jpg", 4)])
    assert library.embeddings(PACK)[0].tolist() == [3, 4]
