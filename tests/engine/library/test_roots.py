"""Folders of the library never overlap."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine import LibraryCounts
from engine.errors import FolderError
from engine.library import Failure, Library, Place, Reading, database, paths
from engine.types import Root
from tests.engine.library.drives import needs_lstat, watch_drives
from tests.engine.library.records import PACK, add_photos, content, digest, stamp
from tests.engine.pictures import public_folder, unprivileged
from tests.small_disk import second_name


def test_a_root_is_listed_with_its_numbers(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path / "p", {"a.jpg": 1, "b.jpg": 2, "c.jpg": 4, "d.jpg": 5, "e.jpg": 6})
    add_photos(library, tmp_path / "q", {"a.jpg": 3})
    library.set_favourite(library.present_ids(tmp_path / "p")[:2], True)
    library.mark_missing(root.id, [b"a.jpg", b"b.jpg", b"c.jpg"])
    listed, other = library.roots()
    assert (listed.path, listed.photos, listed.missing, listed.online) == (tmp_path / "p", 2, 3, True)
    assert (listed.favourites, other.favourites) == (2, 0)
    assert library.counts() == LibraryCounts(3, 3, 0, 2)


def test_an_empty_or_vanished_root_is_offline(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    add_photos(library, folder, {"a.jpg": 1})
    (folder / "a.jpg").unlink()
    assert not library.roots()[0].online
    folder.rmdir()
    assert not library.roots()[0].online


def test_adding_a_root_again_gives_the_same(library: Library, tmp_path: Path) -> None:
    assert library.add_root(tmp_path) == library.add_root(tmp_path)
    assert library.add_root(tmp_path / ".") == library.add_root(Path(os.path.relpath(tmp_path)))
    assert len(library.roots()) == 1


def test_a_folder_inside_a_root_gives_that_root(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    root = library.add_root(tmp_path)
    assert library.add_root(tmp_path / "a" / "b") == root
    assert library.locate(tmp_path / "a" / "b") == Place(root.id, b"a/b")


def test_a_folder_around_roots_takes_them_in_with_their_features(library: Library, tmp_path: Path) -> None:
    strange = os.fsdecode(b"d\xe9p\xf4t")
    one = add_photos(library, tmp_path / "x" / strange, {os.fsdecode(b"\xff.jpg"): 1, "deep/b.jpg": 2})
    library.record([], [Failure(stamp(one, "bad.jpg"), "cut short")])
    add_photos(library, tmp_path / "x" / "z", {"c.jpg": 3})
    add_photos(library, tmp_path / "xy", {"d.jpg": 4})
    before = library.revision()
    root = library.add_root(tmp_path / "x")
    assert {r.path for r in library.roots()} == {tmp_path / "x", tmp_path / "xy"}
    assert root.photos == 3
    assert library.revision() > before
    assert library.find(tmp_path / "x" / strange / os.fsdecode(b"\xff.jpg")) is not None
    assert set(library.known_files(library.locate(tmp_path / "x"), [PACK])) == {
        b"d\xe9p\xf4t/\xff.jpg",
        b"d\xe9p\xf4t/deep/b.jpg",
        b"d\xe9p\xf4t/bad.jpg",
        b"z/c.jpg",
    }
    assert len(library.embeddings(PACK)[0]) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_a_root_is_that_root(library: Library, tmp_path: Path) -> None:
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    root = library.add_root(tmp_path / "link")
    assert root.path == tmp_path / "link"  # the user's own name for it
    assert library.add_root(tmp_path / "real" / "sub").id == root.id
    assert library.locate(tmp_path / "real" / "sub").relative == b"sub"


def test_a_root_that_is_mounted_twice_is_one_root(library: Library, tmp_path: Path) -> None:
    """As it has two spellings on a disk that doesn't care for case."""
    add_photos(library, tmp_path / "Photos" / "2019", {"trip/a.jpg": 1})
    with second_name(tmp_path / "Photos", tmp_path / "Same") as same:
        (root,) = library.roots()
        assert library.add_root(same / "2019" / "trip") == root
        assert library.locate(same / "2019") == Place(root.id, b"")
        assert library.find(same / "2019" / "trip" / "a.jpg").path == root.path / "trip" / "a.jpg"
        around = library.add_root(same)
        assert [(found.path, found.photos) for found in library.roots()] == [(same, 1)]
        assert library.find(same / "2019" / "trip" / "a.jpg") is not None
        assert library.add_root(tmp_path / "Photos") == around
        (tmp_path / "Other").mkdir()
        assert library.add_root(tmp_path / "Other").id != around.id


@needs_lstat
def test_no_drive_is_asked_while_others_wait_to_write(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that hangs would keep them waiting until they give up."""
    for name in ("a", "b/c"):
        (tmp_path / name).mkdir(parents=True)
        library.add_root(tmp_path / name)
    asked = watch_drives(library.path, monkeypatch)
    assert library.add_root(tmp_path / "b" / "c").path == tmp_path / "b" / "c"
    assert str(tmp_path / "a") not in asked.paths  # the names say enough
    library.add_root(tmp_path / "b")
    assert {root.path for root in library.roots()} == {tmp_path / "a", tmp_path / "b"}
    assert asked.paths
    assert asked.locked == []


def test_a_known_folder_can_be_added_while_another_program_writes(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = library.add_root(tmp_path)
    library.close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(library.path)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        assert library.add_root(tmp_path) == root


@needs_lstat
def test_a_folder_that_another_program_adds_meanwhile_is_not_added_twice(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p" / "q").mkdir(parents=True)
    library.add_root(tmp_path / "p" / "q")
    look, added = os.lstat, []

    def meanwhile(path: Any, **options: Any) -> os.stat_result:
        if not added:
            added.append(path)
            with Library.open(library.path) as other:
                other.add_root(tmp_path)
        return look(path, **options)

    monkeypatch.setattr(os, "lstat", meanwhile)
    assert library.add_root(tmp_path / "p").path == tmp_path
    assert [root.path for root in library.roots()] == [tmp_path]
    assert added


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_the_name_of_a_folder_goes_before_where_its_links_lead(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a" / "sub").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "link").symlink_to(tmp_path / "a" / "sub")
    library.add_root(tmp_path / "a")
    second = library.add_root(tmp_path / "b")
    assert library.locate(tmp_path / "b" / "link") == Place(second.id, b"link")


def test_places_know_what_lies_inside_them() -> None:
    assert Place(1, b"a/b").is_inside(Place(1, b"a"))
    assert Place(1, b"a").is_inside(Place(1, b""))
    assert not Place(1, b"ab").is_inside(Place(1, b"a"))
    assert not Place(1, b"a").is_inside(Place(1, b"a"))
    assert not Place(1, b"a").is_inside(Place(2, b""))


def test_folders_that_cannot_be_added_say_why(library: Library, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"no such folder.*Check the name"):
        library.add_root(tmp_path / "nowhere")
    (tmp_path / "file.jpg").touch()
    with pytest.raises(FolderError, match="not a folder"):
        library.add_root(tmp_path / "file.jpg")
    with pytest.raises(FolderError, match="can't be read"):
        library.add_root(tmp_path / ("n" * 300))
    with pytest.raises(FolderError, match="can't be read"):
        library.add_root(Path("nul\0byte"))
    assert library.roots() == ()


def test_a_folder_that_may_not_be_read_says_so() -> None:
    with public_folder() as folder:
        (folder / "locked").mkdir(mode=0o000)
        with (
            Library.open(folder / "l.db") as library,
            unprivileged(),
            pytest.raises(FolderError, match="may not be read"),
        ):
            library.add_root(folder / "locked")


def add_files(library: Library, folder: Path, names: Sequence[str]) -> Root:
    """Add a folder with files that the library knows with their sizes and times."""
    folder.mkdir(parents=True)
    root = library.add_root(folder)
    for seed, name in enumerate(names):
        (folder / name).write_bytes(b"." * seed)
        facts = (folder / name).stat()
        known = stamp(root, name, size=facts.st_size, mtime_ns=facts.st_mtime_ns)
        library.record([Reading(known, digest(seed), content(seed))])
    return root


@pytest.mark.parametrize("inner", [False, True])
def test_a_folder_with_another_name_is_known_again(library: Library, tmp_path: Path, inner: bool) -> None:
    """As a drive is that has got another letter; a folder around it is another one."""
    before = add_files(library, tmp_path / "E" / "Photos", ["a.jpg", "b.jpg", "c.jpg"])
    liked = library.present_ids(before.path)[:1]
    library.set_favourite(liked, True)
    (tmp_path / "E").rename(tmp_path / "F")
    after = library.add_root(tmp_path / "F" if inner else tmp_path / "F" / "Photos")
    if inner:
        assert after.id != before.id
    else:
        assert (after.id, after.path, after.photos) == (before.id, tmp_path / "F" / "Photos", 3)
        assert library.present_ids(after.path)[:1] == liked
        assert library.favourites() == frozenset(liked)
        assert library.locate(tmp_path / "F" / "Photos" / "a.jpg") == Place(before.id, b"a.jpg")
    assert len(library.roots()) == (2 if inner else 1)


@pytest.mark.parametrize("change", ["copy", "another size", "another time", "one is gone", "no photos"])
def test_a_folder_that_is_only_like_another_is_added(library: Library, tmp_path: Path, change: str) -> None:
    names = [] if change == "no photos" else [f"{number}.jpg" for number in range(60)]
    before = add_files(library, tmp_path / "one", names)
    if change == "copy":
        shutil.copytree(tmp_path / "one", tmp_path / "two")
    else:
        (tmp_path / "one").rename(tmp_path / "two")
    if change == "another size":
        (tmp_path / "two" / "0.jpg").write_bytes(b"......")
    elif change == "another time":
        os.utime(tmp_path / "two" / "0.jpg", (1, 1))
    elif change == "one is gone":
        (tmp_path / "two" / "0.jpg").unlink()
    assert library.add_root(tmp_path / "two").id != before.id
    assert len(library.roots()) == 2


def test_a_folder_that_may_not_be_asked_is_not_away(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.jpg").touch()
    assert paths.is_away(tmp_path / "gone")
    assert paths.is_away(tmp_path / "empty")
    assert paths.is_away(tmp_path / "one" / "a.jpg")
    assert not paths.is_away(tmp_path / "one")
    assert not paths.is_away(tmp_path / ("a" * 5000))  # as an error of the drive would be
