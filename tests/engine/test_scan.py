"""Walking folders of real files."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FolderError
from engine.image import SUFFIXES
from engine.scan import Walk
from tests.engine.pictures import public_folder, unprivileged

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs links or bytes in names")


def names(root: Path, folder: bytes = b"") -> list[bytes]:
    walk = Walk(root, folder)
    found = [file.path for file in walk.files()]
    assert walk.complete
    return found


def touch(root: Path, *paths: str | bytes) -> None:
    for path in paths:
        file = root / os.fsdecode(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")


def test_files_come_in_the_order_of_names_with_their_facts(tmp_path: Path) -> None:
    touch(tmp_path, "b.JPG", "a/z.png", "a/b/c.heic", "c.txt", "raw.cr2", "noext")
    os.utime(tmp_path / "b.JPG", ns=(0, 1_577_836_800_123_456_700))
    walk = Walk(tmp_path)
    found = list(walk.files())
    assert [file.path for file in found] == [b"b.JPG", b"a/z.png", b"a/b/c.heic"]
    assert found[0].size == 1
    assert found[0].mtime_ns == (tmp_path / "b.JPG").stat().st_mtime_ns
    assert walk.complete
    assert not walk.unreadable


def test_one_folder_of_a_root_is_walked_alone(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.jpg", "a/b/y.jpg", "ab/z.jpg")
    assert names(tmp_path, b"a") == [b"a/x.jpg", b"a/b/y.jpg"]


def test_hidden_and_system_files_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "._a.jpg", ".hidden.jpg", ".thumbs/a.jpg", "@eaDir/a.jpg", "$RECYCLE.BIN/a.jpg", "a.jpg")
    assert names(tmp_path) == [b"a.jpg"]


def test_a_folder_named_like_a_photo_is_a_folder(tmp_path: Path) -> None:
    touch(tmp_path, "album.jpg/a.jpg")
    assert names(tmp_path) == [b"album.jpg/a.jpg"]


@posix
def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    touch(tmp_path, b"\xff\xfe.jpg", b"d\xe9/caf\xe9.jpg")
    assert sorted(names(tmp_path)) == [b"d\xe9/caf\xe9.jpg", b"\xff\xfe.jpg"]


@posix
def test_only_regular_files_are_photos(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    touch(tmp_path, "a.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    assert names(tmp_path) == [b"a.jpg", b"link.jpg"]


@posix
def test_loops_of_links_end(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.jpg")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    assert names(tmp_path) == [b"a/x.jpg"]


@posix
def test_linked_folders_elsewhere_are_walked_once(tmp_path: Path) -> None:
    touch(tmp_path, "root/a/x.jpg", "other/y.jpg", "other/deep/z.jpg")
    (tmp_path / "root" / "a" / "one").symlink_to(tmp_path / "other")
    (tmp_path / "root" / "two").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "back").symlink_to(tmp_path / "other")
    assert names(tmp_path / "root") == [b"a/x.jpg", b"two/y.jpg", b"two/deep/z.jpg"]


@posix
def test_folders_are_told_apart_where_their_file_system_does_not_number_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "root/a/x.jpg", "root/b/y.jpg", "other/z.jpg")
    (tmp_path / "root" / "one").symlink_to(tmp_path / "other")
    (tmp_path / "root" / "two").symlink_to(tmp_path / "other")
    look = os.stat

    def numberless(path: Any, **options: Any) -> os.stat_result:
        mode, _, *rest = look(path, **options)
        return os.stat_result((mode, 0, *rest))

    monkeypatch.setattr(os, "stat", numberless)
    assert names(tmp_path / "root") == [b"a/x.jpg", b"b/y.jpg", b"one/z.jpg"]


@posix
def test_a_link_to_a_file_is_a_photo_like_a_copy_of_it(tmp_path: Path) -> None:
    """Programs that keep large files elsewhere leave such links."""
    touch(tmp_path, ".store/7f3a", "a.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    (tmp_path / "c.jpg").symlink_to(tmp_path / ".store" / "7f3a")
    assert names(tmp_path) == [b"a.jpg", b"b.jpg", b"c.jpg"]


@posix
def test_a_link_into_the_same_root_adds_nothing(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.jpg", "b/y.jpg")
    (tmp_path / "a" / "b").symlink_to(tmp_path / "b")
    assert names(tmp_path, b"a") == [b"a/x.jpg"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no such folder"):
        list(Walk(tmp_path / "nowhere").files())
    with pytest.raises(FolderError, match="no such folder"):
        list(Walk(tmp_path, b"nowhere").files())


def test_a_folder_that_vanishes_during_the_walk_is_an_error(tmp_path: Path) -> None:
    touch(tmp_path / "drive", "a.jpg", "b.jpg")
    walk = Walk(tmp_path / "drive")
    files = walk.files()
    next(files)
    shutil.rmtree(tmp_path / "drive")
    with pytest.raises(FolderError, match="no such folder"):
        list(files)
    assert not walk.complete


def test_nothing_is_known_of_what_is_in_a_folder_that_cannot_be_read() -> None:
    with public_folder() as folder:
        touch(folder, "open/a.jpg", "shut/b.jpg")
        (folder / "shut").chmod(0o000)
        with unprivileged():
            walk = Walk(folder)
            assert [file.path for file in walk.files()] == [b"open/a.jpg"]
        (folder / "shut").chmod(0o755)
    assert list(walk.unreadable) == [b"shut"]
    assert "can't be read" in walk.unreadable[b"shut"]
    assert not walk.covers(b"shut/b.jpg")
    assert not walk.covers(b"shut/deep/b.jpg")
    assert walk.covers(b"shutter.jpg")
    assert walk.covers(b"open/gone.jpg")


def test_nothing_is_known_of_files_whose_facts_cannot_be_read() -> None:
    with public_folder() as folder:
        touch(folder, "a.jpg")
        folder.chmod(0o444)  # may be listed, not entered
        with unprivileged():
            walk = Walk(folder)
            assert list(walk.files()) == []
        folder.chmod(0o755)
    assert not walk.covers(b"a.jpg")


def test_the_walk_stops_when_asked(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{number}.jpg" for number in range(9)))
    walk = Walk(tmp_path)
    seen: list[bytes] = []
    for file in walk.files(lambda: len(seen) >= 3):
        seen.append(file.path)
    assert len(seen) == 3
    assert not walk.complete


@given(st.sampled_from(sorted(SUFFIXES)), st.booleans())
def test_suffixes_are_lower_case_and_dotted(suffix: str, upper: bool) -> None:
    assert suffix == suffix.lower()
    assert suffix.startswith(".")
    assert (suffix.upper() if upper else suffix).lower() in SUFFIXES


@posix
def test_what_lies_behind_a_link_that_leads_nowhere_is_not_missing(tmp_path: Path) -> None:
    """The drive that it leads to may be away."""
    touch(tmp_path, "photos/a.jpg")
    (tmp_path / "photos" / "usb").symlink_to(tmp_path / "drive")
    (tmp_path / "photos" / "b.jpg").symlink_to(tmp_path / "drive" / "b.jpg")
    walk = Walk(tmp_path / "photos")
    assert [file.path for file in walk.files()] == [b"a.jpg"]
    assert not walk.covers(b"usb/2019/x.jpg")
    assert not walk.covers(b"b.jpg")
    assert walk.covers(b"usb2/x.jpg")
    assert walk.covers(b"gone.jpg")
    assert not walk.unreadable
