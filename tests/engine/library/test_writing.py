"""What becomes of a file when its reading is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FolderError
from engine.library import Failure, Library, Obstacle, Reading
from tests.engine.library.records import PACK, add_photos, digest, reading, stamp


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
