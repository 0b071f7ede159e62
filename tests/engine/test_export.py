"""Copies of real files in real folders, on a disk that really gets full."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine import Exporter, ExportProgress, ExportReport, FolderError, Indexer, Library
from tests.engine.pictures import public_folder, unprivileged, write_picture
from tests.small_disk import fill, second_name, small_disk

ROOT = Path(__file__).resolve().parent.parent.parent


class StopAfter(threading.Event):
    """A stop that does something at the nth time it is looked at, and may set itself."""

    def __init__(self, looks: int, act=None) -> None:
        super().__init__()
        self.left = looks
        self.act = act or self.set

    def is_set(self) -> bool:
        self.left -= 1
        if self.left == 0:
            self.act()
        return super().is_set()


@pytest.fixture
def winter(tmp_path: Path) -> Path:
    folder = tmp_path / "Winter"
    for number in range(3):
        write_picture(folder / f"{number}.jpg", number)
        os.utime(folder / f"{number}.jpg", (1_500_000_000 + number, 1_500_000_000 + number))
    return folder


@pytest.fixture
def library(library: Library, winter: Path, tiny_models) -> Library:
    Indexer(library, tiny_models, workers=1).run([winter])
    return library


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "Stick"
    folder.mkdir()
    return folder


def ids(library: Library, *names: str) -> list[int]:
    known = {photo.path.name: photo.id for photo in library.photos(library.present_ids()).values()}
    return [known[name] for name in names or sorted(known)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_copies_files_with_their_times_and_leaves_the_originals(library, winter, target):
    before = contents(winter)
    exporter = Exporter(library)
    assert exporter.run(ids(library), target) == ExportReport(3, 3)
    assert contents(target) == contents(winter) == before
    assert (target / "2.jpg").stat().st_mtime == 1_500_000_002
    assert exporter.progress == ExportProgress(3, 3)


def test_a_name_that_is_taken_gets_a_number_and_nothing_is_overwritten(library, target):
    (target / "1.jpg").write_bytes(b"mine")
    (target / "1 (2).jpg").mkdir()
    Exporter(library).run(ids(library, "1.jpg"), target)
    Exporter(library).run(ids(library, "1.jpg"), target)
    assert sorted(path.name for path in target.iterdir()) == [
        "1 (2).jpg",
        "1 (3).jpg",
        "1 (4).jpg",
        "1.jpg",
    ]
    assert (target / "1.jpg").read_bytes() == b"mine"


def test_a_dangling_link_keeps_its_name(library, target):
    (target / "1.jpg").symlink_to(target / "nowhere")
    Exporter(library).run(ids(library, "1.jpg"), target)
    assert (target / "1.jpg").is_symlink()
    assert not (target / "nowhere").exists()
    assert (target / "1 (2).jpg").is_file()


def test_photos_of_the_same_name_all_arrive(library, winter, target, tiny_models):
    for number in range(3):
        write_picture(winter / f"sub{number}" / "same.jpg", 10 + number)
    Indexer(library, tiny_models, workers=1).run([winter])
    same = [i for i, photo in library.photos(library.present_ids()).items() if photo.path.name == "same.jpg"]
    assert Exporter(library).run(same, target).copied == 3
    assert sorted(contents(target)) == ["same (2).jpg", "same (3).jpg", "same.jpg"]
    assert len(set(contents(target).values())) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text on this system")
def test_a_name_that_is_not_utf8_keeps_its_bytes(library, winter, target, tiny_models):
    name = b"caf\xe9.jpg"
    (winter / "0.jpg").rename(os.fsdecode(os.fsencode(winter) + b"/" + name))
    Indexer(library, tiny_models, workers=1).run([winter])
    Exporter(library).run(ids(library), target)
    assert name in [os.fsencode(path.name) for path in target.iterdir()]


def test_what_vanished_is_named_and_the_rest_is_copied(library, winter, target):
    (winter / "0.jpg").unlink()
    report = Exporter(library).run(ids(library), target)
    assert (report.total, report.copied, report.end) == (3, 2, "done")
    assert [(skip.path.name, skip.reason) for skip in report.failed] == [
        ("0.jpg", "it is no longer in its folder")
    ]
    winter.rename(winter.with_name("elsewhere"))
    report = Exporter(library).run(ids(library), target)
    assert report.copied == 0
    assert {skip.reason for skip in report.failed} == {"its folder is not connected, or was moved"}
    assert sorted(contents(target)) == ["1.jpg", "2.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes among the files of Windows")
def test_what_became_of_a_photo_is_not_waited_for(library, winter, target):
    (winter / "0.jpg").unlink()
    os.mkfifo(winter / "0.jpg")
    (winter / "1.jpg").unlink()
    (winter / "1.jpg").mkdir()
    report = Exporter(library).run(ids(library), target)
    assert report.copied == 1
    assert [skip.reason for skip in report.failed] == ["it is not a file"] * 2


def test_a_photo_that_may_not_be_read_is_named(library, tiny_models):
    with public_folder() as folder:
        secret = write_picture(folder / "Public" / "secret.jpg", 8)
        write_picture(folder / "Public" / "open.jpg", 9)
        (folder / "Stick").mkdir()
        (folder / "Stick").chmod(0o777)
        Indexer(library, tiny_models, workers=1).run([secret.parent])
        secret.chmod(0)
        wanted = ids(library, "secret.jpg", "open.jpg")
        with unprivileged():
            report = Exporter(library).run(wanted, folder / "Stick")
    assert report.copied == 1
    assert report.failed[0].reason == "it can't be read: Permission denied"


def test_a_photo_that_left_the_library_is_left_out(library, target):
    assert Exporter(library).run([999, *ids(library, "1.jpg")], target) == ExportReport(1, 1)


def test_a_folder_of_the_library_is_refused(library, winter, target):
    (winter / "sub").mkdir()
    for folder in (winter, winter / "sub", winter / ".." / "Winter" / "sub"):
        before = sorted(winter.iterdir())
        with pytest.raises(FolderError, match="part of your library") as caught:
            Exporter(library).run(ids(library), folder)
        assert "Choose a folder outside of Winter." in str(caught.value)
        assert sorted(winter.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_no_link_leads_into_the_library(library, winter, target, tiny_models):
    (target / "by a detour").symlink_to(winter)
    with pytest.raises(FolderError, match="part of your library"):
        Exporter(library).run(ids(library), target / "by a detour")
    elsewhere = write_picture(target.parent / "Elsewhere" / "far.jpg", 7).parent
    (winter / "link").symlink_to(elsewhere)
    Indexer(library, tiny_models, workers=1).run([winter])
    with pytest.raises(FolderError, match="part of your library"):
        Exporter(library).run(ids(library, "far.jpg"), elsewhere)
    assert list(contents(elsewhere)) == ["far.jpg"]


def test_no_second_name_leads_into_the_library(library, winter, tmp_path):
    with second_name(winter, tmp_path / "Same") as same:
        (same / "sub").mkdir()
        with pytest.raises(FolderError, match="part of your library"):
            Exporter(library).run(ids(library), same / "sub")


def test_the_folder_above_the_library_s_is_none_of_it(library, winter):
    assert Exporter(library).run(ids(library), winter.parent).copied == 3


def test_a_folder_that_is_gone_is_refused(library, target):
    target.rmdir()
    with pytest.raises(FolderError, match="no such folder"):
        Exporter(library).run(ids(library), target)


def test_a_folder_that_may_not_be_written_is_refused(library):
    wanted = ids(library)
    with public_folder() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(FolderError, match="Nothing can be written") as caught:
            Exporter(library).run(wanted, folder)
        assert "Choose another folder" in str(caught.value)


def test_it_can_be_stopped_and_leaves_no_half_photo(library, winter, target):
    (winter / "1.jpg").write_bytes(bytes(5 << 20))
    # One look per photo for its size, one before each copy, one per MiB: in the middle of the second.
    report = Exporter(library).run(ids(library), target, stop=StopAfter(3 + 2 + 1 + 3))
    assert report == ExportReport(3, 1, (), "stopped")
    assert list(contents(target)) == ["0.jpg"]


def test_too_little_room_is_seen_before_anything_is_copied(library, winter, tmp_path):
    (winter / "2.jpg").write_bytes(bytes(2_500_000))
    with small_disk(tmp_path / "Small", 1000) as disk:
        with pytest.raises(FolderError) as caught:
            Exporter(library).run(ids(library), disk)
        assert "not enough room: the photos need 2.5 MB, and 1.0 MB are free." in str(caught.value)
        assert contents(disk) == {}


def test_a_disk_that_gets_full_ends_it_once_and_leaves_whole_photos(library, winter, tmp_path):
    for number in range(3):
        (winter / f"{number}.jpg").write_bytes(os.urandom(200_000))
    with small_disk(tmp_path / "Small", 1000) as disk:
        # Somebody else fills the disk after the first photo was copied.
        report = Exporter(library).run(ids(library), disk, stop=StopAfter(3 + 2 + 1, lambda: fill(disk)))
        assert report == ExportReport(3, 1, (), "full")
        assert sorted(contents(disk)) == ["0.jpg", "something else"]
        assert (disk / "0.jpg").read_bytes() == (winter / "0.jpg").read_bytes()


def test_a_disk_that_is_taken_away_ends_it_with_the_system_s_words(library, target):
    def pull_out() -> None:
        for path in target.iterdir():
            path.unlink()
        target.rmdir()

    report = Exporter(library).run(ids(library), target, stop=StopAfter(3 + 2 + 1, pull_out))
    assert (report.copied, report.end, report.detail) == (1, "unwritable", "No such file or directory")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_file_too_large_for_the_disk_is_named_and_the_rest_is_copied(library, winter, target, tmp_path):
    """In a process of its own, which may not write files of more than a megabyte."""
    (winter / "1.jpg").write_bytes(bytes(3 << 20))
    code = f"""
import resource
from pathlib import Path
from engine import Exporter, Library
with Library.open(Path({str(tmp_path / "library.db")!r})) as library:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    report = Exporter(library).run({ids(library)}, Path({str(target)!r}))
print(report.copied, report.end, [skip.reason for skip in report.failed])
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert run.stdout == "2 done ['it is too large for that disk']\n", run.stderr
    assert sorted(contents(target)) == ["0.jpg", "2.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="the limits of names are other ones there")
def test_a_name_that_gets_too_long_is_a_reason(library, winter, target, tiny_models):
    long = "x" * 251 + ".jpg"
    (winter / "0.jpg").rename(winter / long)
    (target / long).write_bytes(b"mine")
    Indexer(library, tiny_models, workers=1).run([winter])
    report = Exporter(library).run(ids(library), target)
    assert report.copied == 2
    assert "its name can't be used there" in report.failed[0].reason
    assert len(contents(target)) == 3
