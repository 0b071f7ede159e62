"""Index runs over real folders."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import event

from engine.errors import FolderError, LibraryError
from engine.indexer import Indexer
from engine.library import Library, Obstacle
from engine.reports import IndexReport
from engine.types import ImageFeatures
from tests.engine.indexer.encoders import ColourEncoder, ColourModels
from tests.engine.library.records import add_photos
from tests.engine.pictures import picture, public_folder, unprivileged, write_picture, write_pictures


def index(
    library: Library, *folders: Path, models: ColourModels | None = None, **options: Any
) -> IndexReport:
    return Indexer(library, models or ColourModels(), workers=2, **options).run(folders)


def numbers(report: IndexReport) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.moved, report.missing, report.unchanged


def test_a_folder_becomes_photos_with_features_and_thumbnails(library: Library, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path / "p", 20)
    models = ColourModels()
    report = index(library, tmp_path / "p", models=models)
    assert numbers(report) == (20, 0, 0, 0, 0)
    assert report.skipped == ()
    assert not report.stopped
    ids, vectors = library.embeddings("colours-1")
    assert vectors.shape == (20, 48)
    encoder = ColourEncoder()
    for path in paths:
        photo = library.find(path)
        assert photo is not None
        assert (photo.metadata.width, photo.metadata.height) == (48, 32)
        expected = encoder.encode_images([encoder.prepare(Image.open(path))]).embeddings[0]
        content = dict(zip(*(part.tolist() for part in library.gallery_rows("colours-1")[:2]), strict=True))
        stored = vectors[ids.tolist().index(content[photo.id])]
        np.testing.assert_allclose(stored, expected, atol=2e-3)  # nobody got another's features
        assert library.thumbnail(photo.id)
    assert sum(models.encoders[0].batches) == 20
    assert max(models.encoders[0].batches) == 8


def test_an_unchanged_folder_is_not_even_opened(library: Library, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path / "p", 12)
    index(library, tmp_path / "p")
    for path in paths:  # other bytes, same size and time: only opening would tell
        facts = path.stat()
        path.write_bytes(b"\0" * facts.st_size)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    models = ColourModels()
    report = index(library, tmp_path / "p", models=models)
    assert numbers(report) == (0, 0, 0, 0, 12)
    assert report.skipped == ()
    assert models.encoders[0].batches == []


def test_a_folder_without_photos_gives_a_report_of_zeros(library: Library, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "notes.txt").write_text("no photo")
    report = index(library, tmp_path / "p")
    assert numbers(report) == (0, 0, 0, 0, 0)
    assert report.skipped == ()
    assert library.counts().roots == 1


def test_the_photos_of_a_renamed_folder_have_moved_and_are_not_read_again(
    library: Library, tmp_path: Path
) -> None:
    write_pictures(tmp_path / "p", 6)
    index(library, tmp_path / "p")
    (tmp_path / "p").rename(tmp_path / "q")
    write_picture(tmp_path / "q" / "new.jpg", 100, size=(64, 64))
    models = ColourModels()
    assert numbers(index(library, tmp_path / "q", models=models)) == (1, 0, 6, 0, 0)
    assert sum(models.encoders[0].batches) == 1
    assert numbers(index(library, tmp_path / "q")) == (0, 0, 0, 0, 7)


def test_changed_moved_copied_and_deleted_files(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 6)
    index(library, folder)
    moved_id = library.find(folder / "001.jpg").id
    write_picture(folder / "000.jpg", 100, size=(64, 64))
    (folder / "sub").mkdir()
    (folder / "001.jpg").rename(folder / "sub" / "moved.jpg")
    shutil.copy(folder / "002.jpg", folder / "copy.jpg")
    (folder / "003.jpg").unlink()
    os.utime(folder / "004.jpg", (1, 1))
    models = ColourModels()
    report = index(library, folder, models=models)
    assert numbers(report) == (1, 1, 1, 1, 3)
    assert sum(models.encoders[0].batches) == 1  # only the changed one was decoded
    assert library.find(folder / "sub" / "moved.jpg").id == moved_id
    assert library.find(folder / "003.jpg").missing
    assert numbers(index(library, folder)) == (0, 0, 0, 0, 6)


def test_a_deleted_photo_that_comes_back_is_not_read_again(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 3)
    index(library, folder)
    shutil.move(folder / "001.jpg", tmp_path / "kept.jpg")
    assert index(library, folder).missing == 1
    shutil.move(tmp_path / "kept.jpg", folder / "001.jpg")
    models = ColourModels()
    report = index(library, folder, models=models)
    assert numbers(report) == (1, 0, 0, 0, 2)
    assert models.encoders[0].batches == []
    assert library.counts().photos == 3


@pytest.mark.parametrize("touched", [False, True])
def test_a_deleted_photo_that_comes_back_with_a_copy_keeps_its_place(
    library: Library, tmp_path: Path, touched: bool
) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 3)
    index(library, folder)
    photo_id = library.find(folder / "001.jpg").id
    shutil.move(folder / "001.jpg", tmp_path / "kept.jpg")
    assert index(library, folder).missing == 1
    shutil.copy(tmp_path / "kept.jpg", folder / "000 copy.jpg")
    shutil.move(tmp_path / "kept.jpg", folder / "001.jpg")
    if touched:
        os.utime(folder / "001.jpg", (1, 1))
    assert numbers(index(library, folder)) == (2, 0, 0, 0, 2)
    assert library.counts().photos == 4
    assert library.find(folder / "001.jpg").id == photo_id


@pytest.mark.skipif(sys.platform != "linux", reason="such dates can't be set elsewhere")
@pytest.mark.parametrize("seconds", [15_000_000_000, -15_000_000_000])
def test_a_file_with_an_impossible_date_is_read_like_any_other(
    library: Library, tmp_path: Path, seconds: int
) -> None:
    first, second = write_pictures(tmp_path / "p", 2)
    os.utime(first, (seconds, seconds))
    assert numbers(index(library, tmp_path / "p")) == (2, 0, 0, 0, 0)
    assert numbers(index(library, tmp_path / "p")) == (0, 0, 0, 0, 2)
    assert {photo.path for photo in library.photos(library.present_ids()).values()} == {first, second}
    assert library.clear_thumbnails().cleared == 2


def test_a_name_that_changed_only_its_case_is_no_copy(library: Library, tmp_path: Path) -> None:
    """Where the system takes both spellings for one: a link lets the old one lead there, too."""
    old, new = tmp_path / "p" / "Trips", tmp_path / "p" / "trips"
    write_pictures(old, 2)
    index(library, tmp_path / "p")
    favourite = library.find(old / "000.jpg").id
    library.set_favourite([favourite], True)
    old.rename(new)
    if not old.exists():
        old.symlink_to(new, target_is_directory=True)
    assert numbers(index(library, tmp_path / "p")) == (0, 0, 2, 0, 0)
    found = library.find(new / "000.jpg")
    assert (found.id, found.favourite, found.missing) == (favourite, True, False)


def test_two_names_of_one_file_are_copies_though_they_differ_only_in_case(
    library: Library, tmp_path: Path
) -> None:
    write_picture(tmp_path / "p" / "IMG.JPG", 1)
    index(library, tmp_path / "p")
    if (tmp_path / "p" / "img.jpg").exists():
        pytest.skip("this file system takes both spellings for one")
    (tmp_path / "p" / "img.jpg").hardlink_to(tmp_path / "p" / "IMG.JPG")
    shutil.copy(tmp_path / "p" / "IMG.JPG", tmp_path / "p" / "Img.jpg")
    assert numbers(index(library, tmp_path / "p")) == (2, 0, 0, 0, 1)


def test_a_photo_that_moves_is_not_taken_for_a_copy_that_was_deleted_long_ago(
    library: Library, tmp_path: Path
) -> None:
    write_picture(tmp_path / "p" / "copy.jpg", 1)
    write_picture(tmp_path / "p" / "kept.jpg", 1)
    index(library, tmp_path / "p")
    (tmp_path / "p" / "copy.jpg").unlink()
    index(library, tmp_path / "p")
    kept = library.find(tmp_path / "p" / "kept.jpg").id
    library.set_favourite([kept], True)
    (tmp_path / "p" / "kept.jpg").rename(tmp_path / "p" / "moved.jpg")
    assert numbers(index(library, tmp_path / "p")) == (0, 0, 1, 0, 0)
    moved = library.find(tmp_path / "p" / "moved.jpg")
    assert (moved.id, moved.favourite) == (kept, True)


def test_photos_move_between_folders(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "a", 3)
    write_pictures(tmp_path / "b", 1, first=50)
    index(library, tmp_path / "a", tmp_path / "b")
    (tmp_path / "a" / "001.jpg").rename(tmp_path / "b" / "x.jpg")
    assert numbers(index(library, tmp_path / "b")) == (0, 0, 1, 0, 1)
    assert numbers(index(library, tmp_path / "a")) == (0, 0, 0, 0, 2)


def test_unreadable_files_are_named_with_their_reason_and_not_read_twice(
    library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "p"
    good = write_picture(folder / "good.jpg", 1, size=(200, 200))
    (folder / "empty.jpg").touch()
    (folder / "short.jpg").write_bytes(good.read_bytes()[:900])
    (folder / "text.png").write_text("I am no photo, whatever my name says.")
    report = index(library, folder)
    reasons = {skip.path.name: skip.reason for skip in report.skipped}
    assert set(reasons) == {"empty.jpg", "short.jpg", "text.png"}
    assert "is empty" in reasons["empty.jpg"]
    assert "cut short" in reasons["short.jpg"]
    assert "not a photo" in reasons["text.png"]
    assert report.added == 1
    assert library.skipped() == report.skipped
    again = index(library, folder)
    assert again.skipped == report.skipped
    assert Indexer(library, ColourModels()).progress.phase == "waiting"
    (folder / "empty.jpg").write_bytes(good.read_bytes())
    mended = index(library, folder)
    assert mended.added == 1
    assert len(mended.skipped) == 2
    assert library.counts().unreadable == 2


def test_unreadable_files_are_read_again_when_the_user_wants_that(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 1)
    broken = folder / "broken.jpg"
    mended = write_picture(tmp_path / "mended.jpg", 9).read_bytes()
    broken.write_bytes(b"?" * len(mended))
    stamp = broken.stat()
    first = index(library, folder)
    broken.write_bytes(mended)  # of the same size and time: nothing shows that it has changed
    os.utime(broken, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert index(library, folder).added == 0
    library.retry_skipped()
    assert library.skipped() == first.skipped
    assert index(library, folder).added == 1
    assert library.skipped() == ()


def test_a_photo_that_cannot_be_opened_for_now_stays_in_the_library(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 2)
    index(library, folder)
    root = library.roots()[0]
    library.note_obstacles([Obstacle(root.id, b"000.jpg", "The file may not be read.")])
    assert (library.counts().photos, library.counts().unreadable) == (2, 1)
    assert index(library, folder).skipped == ()
    assert (library.counts().photos, library.counts().unreadable) == (2, 0)


def test_unreadable_files_that_are_deleted_are_forgotten(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 1)
    (folder / "empty.jpg").touch()
    index(library, folder)
    (folder / "empty.jpg").unlink()
    assert index(library, folder).skipped == ()
    assert library.counts().unreadable == 0


def test_a_wrong_suffix_does_not_matter(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    picture(1).save(folder / "really_a_png.jpg", "PNG")
    picture(2).save(folder / "really_a_gif.tiff", "GIF")
    assert index(library, folder).added == 2


@pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")
def test_names_that_are_not_utf8_go_all_the_way(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"ph\xf4tos")
    write_picture(folder / os.fsdecode(b"\xff\xfe \xe9.jpg"), 1, format="JPEG")
    (folder / os.fsdecode(b"bad\xe9.jpg")).touch()
    report = index(library, folder)
    assert report.added == 1
    (photo,) = library.photos(library.present_ids()).values()
    assert os.fsencode(photo.path).endswith(b"/ph\xf4tos/\xff\xfe \xe9.jpg")
    assert os.fsencode(report.skipped[0].path).endswith(b"bad\xe9.jpg")
    assert numbers(index(library, folder)) == (0, 0, 0, 0, 1)


def test_a_folder_inside_the_library_is_walked_alone(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 2)
    write_pictures(tmp_path / "p" / "sub", 2, first=10)
    index(library, tmp_path / "p")
    (tmp_path / "p" / "000.jpg").unlink()
    (tmp_path / "p" / "sub" / "010.jpg").unlink()
    assert numbers(index(library, tmp_path / "p" / "sub")) == (0, 0, 0, 1, 1)
    assert len(library.roots()) == 1
    assert numbers(index(library, tmp_path / "p")) == (0, 0, 0, 1, 2)


def test_folders_given_twice_or_inside_each_other_are_walked_once(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p" / "sub", 3)
    report = index(library, tmp_path / "p" / "sub", tmp_path / "p", tmp_path / "p")
    assert numbers(report) == (3, 0, 0, 0, 0)
    assert [root.path for root in library.roots()] == [tmp_path / "p"]


def test_a_folder_around_an_indexed_one_reads_only_what_is_new(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p" / "sub", 3)
    index(library, tmp_path / "p" / "sub")
    write_pictures(tmp_path / "p", 2, first=10)
    models = ColourModels()
    assert numbers(index(library, tmp_path / "p", models=models)) == (2, 0, 0, 0, 3)
    assert sum(models.encoders[0].batches) == 2


def test_nothing_is_done_where_one_folder_is_not_there(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 2)
    with pytest.raises(FolderError, match="no such folder"):
        index(library, tmp_path / "p", tmp_path / "nowhere")
    assert library.roots() == ()


@pytest.mark.parametrize("leave_mount_point", [True, False])
def test_an_unplugged_drive_loses_nothing(library: Library, tmp_path: Path, leave_mount_point: bool) -> None:
    drive, away = tmp_path / "drive", tmp_path / "away"
    write_pictures(drive, 4)
    index(library, drive)
    drive.rename(away)
    if leave_mount_point:
        drive.mkdir()
    with pytest.raises(FolderError, match=r"[Cc]onnect") as caught:
        index(library, drive)
    assert str(drive) in str(caught.value)
    assert library.counts().photos == 4
    if leave_mount_point:
        drive.rmdir()
    away.rename(drive)
    assert numbers(index(library, drive)) == (0, 0, 0, 0, 4)


def test_a_folder_that_vanishes_after_the_start_is_an_error_and_the_others_are_read(
    library: Library, tmp_path: Path
) -> None:
    write_pictures(tmp_path / "a", 3)
    write_pictures(tmp_path / "b", 3, first=10)
    index(library, tmp_path / "b")

    class Vanishing(ColourEncoder):
        @property
        def pack_id(self) -> str:  # asked for once the folders were checked
            shutil.rmtree(tmp_path / "b", ignore_errors=True)
            return "colours-1"

        @pack_id.setter
        def pack_id(self, name: str) -> None:
            assert name == "colours-1"

    with pytest.raises(FolderError, match="no such folder"):
        index(library, tmp_path / "a", tmp_path / "b", models=ColourModels(Vanishing()))
    assert library.counts().photos == 6
    assert library.counts().missing == 0


def test_a_drive_that_is_unplugged_while_it_is_read_loses_nothing(library: Library, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    write_pictures(drive, 30)
    index(library, drive)
    write_pictures(drive, 60, first=30)

    class Unplugging(ColourEncoder):
        def encode_images(self, batch: Any) -> ImageFeatures:
            if not (tmp_path / "away").exists():
                drive.rename(tmp_path / "away")
                drive.mkdir()
            return super().encode_images(batch)

    with pytest.raises(FolderError, match=r"[Cc]onnect"):
        index(library, drive, models=ColourModels(Unplugging()))
    assert library.counts().photos >= 30
    assert library.counts().missing == 0
    drive.rmdir()
    (tmp_path / "away").rename(drive)
    index(library, drive)
    assert library.counts().photos == 90


def test_photos_in_a_folder_that_cannot_be_read_are_kept() -> None:
    with public_folder() as folder:
        write_pictures(folder / "p" / "open", 2)
        write_pictures(folder / "p" / "shut", 2, first=10)
        with unprivileged(), Library.open(folder / "l.db") as library:
            index(library, folder / "p")
        (folder / "p" / "open" / "000.jpg").unlink()
        (folder / "p" / "shut").chmod(0o000)
        with unprivileged(), Library.open(folder / "l.db") as library:
            report = index(library, folder / "p")
            assert library.counts().photos == 3
            assert library.skipped() == report.skipped
        (folder / "p" / "shut").chmod(0o755)
        with unprivileged(), Library.open(folder / "l.db") as library:
            index(library, folder / "p")
            assert library.skipped() == ()
    assert numbers(report) == (0, 0, 0, 1, 1)
    assert [skip.path.name for skip in report.skipped] == ["shut"]


def test_a_photo_that_vanishes_between_walk_and_reading(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 40)
    last = folder / "039.jpg"

    class Deleting(ColourEncoder):
        def encode_images(self, batch: Any) -> ImageFeatures:
            while indexer.progress.total < 40:
                time.sleep(0.01)
            last.unlink(missing_ok=True)
            return super().encode_images(batch)

    indexer = Indexer(library, ColourModels(Deleting()), workers=1, batch_size=2)
    report = indexer.run([folder])
    assert report.added == 39
    assert [skip.path for skip in report.skipped] == [last]
    assert "no such file" in report.skipped[0].reason
    assert numbers(index(library, folder)) == (0, 0, 0, 0, 39)


def test_a_photo_that_may_not_be_read_is_tried_again_next_time() -> None:
    with public_folder() as folder:
        path = write_picture(folder / "p" / "a.jpg", 1)
        write_picture(folder / "p" / "b.jpg", 2)
        path.chmod(0o000)
        with unprivileged(), Library.open(folder / "l.db") as library:
            first = index(library, folder / "p")
            assert library.skipped() == first.skipped
        path.chmod(0o644)
        with unprivileged(), Library.open(folder / "l.db") as library:
            second = index(library, folder / "p")
            assert library.skipped() == ()
    assert first.added == 1
    assert "may not be read" in first.skipped[0].reason
    assert numbers(second) == (1, 0, 0, 0, 1)
    assert second.skipped == ()


def test_a_photo_that_memory_is_too_short_for_is_tried_again_next_time(
    library: Library, tmp_path: Path
) -> None:
    class Wasteful(ColourEncoder):
        def prepare(self, image: Image.Image) -> NDArray[Any]:
            if image.size == (50, 50):
                return np.empty(1 << 60, np.uint8)
            return super().prepare(image)

    write_picture(tmp_path / "p" / "a.jpg", 1, size=(50, 50))
    write_picture(tmp_path / "p" / "b.jpg", 2)
    report = index(library, tmp_path / "p", models=ColourModels(Wasteful()))
    assert numbers(report) == (1, 0, 0, 0, 0)
    (skip,) = report.skipped
    assert skip.path == tmp_path / "p" / "a.jpg"
    assert skip.reason.startswith("The photo needs more memory than there is.")
    assert library.skipped() == report.skipped
    assert numbers(index(library, tmp_path / "p")) == (1, 0, 0, 0, 1)
    assert library.skipped() == ()


def test_a_photo_that_may_not_be_read_counts_as_done_once_the_others_are_kept() -> None:
    class Failing(ColourEncoder):
        def encode_images(self, batch: Any) -> ImageFeatures:
            raise MemoryError

    with public_folder() as folder:
        write_picture(folder / "p" / "a.jpg", 1).chmod(0o000)
        write_picture(folder / "p" / "b.jpg", 2)
        with unprivileged(), Library.open(folder / "l.db") as library:
            failing = Indexer(library, ColourModels(Failing()))
            with pytest.raises(MemoryError):
                failing.run([folder / "p"])
            indexer = Indexer(library, ColourModels())
            indexer.run([folder / "p"])
    # An index process that dies having done something is started again, and again.
    assert failing.progress.done == 0
    assert indexer.progress.done == 2


def test_several_encoders_write_their_own_features(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 5)
    index(library, folder)
    both = ColourModels(ColourEncoder("coarse-1", grid=2, regions=False), ColourEncoder())
    report = index(library, folder, models=both)
    assert numbers(report) == (0, 5, 0, 0, 0)
    assert library.embeddings("coarse-1")[1].shape == (5, 12)
    assert library.embeddings("colours-1")[1].shape == (5, 48)
    ids = library.present_ids()
    assert set(library.region_codes(ids, "colours-1")) == set(ids)
    assert library.region_codes(ids, "coarse-1") == {}
    assert numbers(index(library, folder, models=both)) == (0, 0, 0, 0, 5)
    assert numbers(index(library, folder)) == (0, 0, 0, 0, 5)


def test_stopping_keeps_what_was_read_and_marks_nothing_as_missing(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 4)
    index(library, folder)
    (folder / "000.jpg").unlink()
    write_pictures(folder, 60, first=10)
    stop = threading.Event()

    class Stopping(ColourEncoder):
        def encode_images(self, batch: Any) -> ImageFeatures:
            if len(self.batches) == 1:
                stop.set()
            return super().encode_images(batch)

    indexer = Indexer(library, ColourModels(Stopping()), workers=2)
    report = indexer.run([folder], stop=stop)
    assert report.stopped
    assert report.added == 16
    assert report.missing == 0
    assert library.counts().photos == 20
    assert indexer.progress.phase == "done"
    rest = index(library, folder)
    assert numbers(rest) == (44, 0, 0, 1, 19)


def test_a_run_can_be_stopped_while_it_marks_photos_as_missing(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    names = {f"{number}.jpg": number for number in range(8000)}
    add_photos(library, folder, names)
    for name in names:
        (folder / name).unlink()
    write_picture(folder / "kept.jpg", 1)
    indexer, stop, over = Indexer(library, ColourModels()), threading.Event(), threading.Event()

    def watch() -> None:
        while not (library.counts().missing or over.is_set()):
            time.sleep(0.001)
        stop.set()

    watching = threading.Thread(target=watch)
    watching.start()
    report = indexer.run([folder], stop=stop)
    over.set()
    watching.join()
    assert report.stopped
    assert 0 < report.missing < 8000
    assert library.counts().missing == report.missing
    assert index(library, folder).missing == 8000 - report.missing


def test_a_run_that_is_stopped_before_it_starts_does_nothing(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 3)
    stop = threading.Event()
    stop.set()
    report = Indexer(library, ColourModels()).run([tmp_path / "p"], stop=stop)
    assert report.stopped
    assert numbers(report) == (0, 0, 0, 0, 0)


def test_a_paused_run_waits_and_goes_on(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 40)
    pause = threading.Event()

    class Pausing(ColourEncoder):
        def encode_images(self, batch: Any) -> ImageFeatures:
            if not self.batches:
                pause.set()
            return super().encode_images(batch)

    indexer = Indexer(library, ColourModels(Pausing()), workers=2)
    reports: list[IndexReport] = []
    thread = threading.Thread(
        target=lambda: reports.append(indexer.run([tmp_path / "p"], pause=pause)), daemon=True
    )
    thread.start()
    while not indexer.progress.paused:
        assert thread.is_alive()
        time.sleep(0.01)
    assert library.counts().photos == 8
    assert indexer.progress.done == 8
    pause.clear()
    thread.join()
    assert reports[0].added == 40
    assert not indexer.progress.paused


def test_a_paused_run_can_be_stopped(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 3)
    pause, stop = threading.Event(), threading.Event()
    pause.set()
    indexer = Indexer(library, ColourModels())
    thread = threading.Thread(
        target=indexer.run, args=([tmp_path / "p"],), kwargs={"stop": stop, "pause": pause}, daemon=True
    )
    thread.start()
    while not indexer.progress.paused:
        assert thread.is_alive()
        time.sleep(0.01)
    stop.set()
    thread.join()
    assert library.counts().photos == 0


def test_progress_ends_with_everything_done(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 10)
    (tmp_path / "p" / "bad.jpg").touch()
    indexer = Indexer(library, ColourModels())
    assert indexer.progress.phase == "waiting"
    report = indexer.run([tmp_path / "p"])
    progress = indexer.progress
    assert (progress.phase, progress.done, progress.total, progress.skipped) == ("done", 11, 11, 1)
    assert progress.remaining == 0
    assert progress.folder == tmp_path / "p"
    assert progress.seconds == report.seconds > 0


def test_an_error_of_the_library_ends_the_run_and_keeps_what_was_written(
    library: Library, tmp_path: Path
) -> None:
    write_pictures(tmp_path / "p", 40)

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    class Filling(ColourEncoder):
        def encode_images(self, batch: Any) -> ImageFeatures:
            if len(self.batches) == 2:  # the disk is full from here on
                event.listen(library._database._engine, "connect", limit)
                library.close()  # so that new connections have the limit
            features = super().encode_images(batch)
            return ImageFeatures(features.embeddings, tuple(b"x" * 16000 for _ in batch))

    models = ColourModels(Filling())
    with pytest.raises(LibraryError, match="disk is full"):
        index(library, tmp_path / "p", models=models)
    assert library.counts().photos == 16
    with Library.open(library.path) as emptied:
        assert numbers(index(emptied, tmp_path / "p")) == (24, 0, 0, 0, 16)


def test_an_error_of_an_encoder_ends_the_run_and_keeps_what_was_written(
    library: Library, tmp_path: Path
) -> None:
    write_pictures(tmp_path / "p", 40)

    class Failing(ColourEncoder):
        def encode_images(self, batch: Any) -> ImageFeatures:
            if len(self.batches) == 2:
                raise ArithmeticError("a bug")
            return super().encode_images(batch)

    with pytest.raises(ArithmeticError, match="a bug"):
        index(library, tmp_path / "p", models=ColourModels(Failing()))
    assert library.counts().photos == 16
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("decode")] == []


@pytest.mark.parametrize("change", ["taken out", "part of another"])
def test_a_folder_that_another_program_takes_away_while_it_is_read_is_an_error_for_the_user(
    library: Library, tmp_path: Path, change: str
) -> None:
    folder = tmp_path / "around" / "p"
    write_pictures(folder, 30)

    class Meddling(ColourEncoder):
        def encode_images(self, batch: Sequence[NDArray[Any]]) -> ImageFeatures:
            if len(self.batches) == 2:
                with Library.open(library.path) as other:
                    if change == "taken out":
                        other.remove_root(other.roots()[0].id)
                    else:
                        other.add_root(tmp_path / "around")
            return super().encode_images(batch)

    with pytest.raises(FolderError, match="while it was read"):
        index(library, folder, models=ColourModels(Meddling()))
    assert numbers(index(library, folder))[0] == (30 if change == "taken out" else 14)
    assert library.counts().photos == 30


def test_content_that_was_replaced_leaves_nothing_behind(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_pictures(folder, 3)
    index(library, folder)
    for seed in (50, 51, 52):
        write_picture(folder / "000.jpg", seed, size=(seed, 40))
        assert index(library, folder).updated == 1
    assert len(library.embeddings("colours-1")[0]) == 3


def test_features_of_older_weights_go_when_the_last_folder_has_new_ones(
    library: Library, tmp_path: Path
) -> None:
    for number, name in enumerate("ab"):
        write_pictures(tmp_path / name, 5, first=10 * number)
        index(library, tmp_path / name, models=ColourModels(ColourEncoder("sgraffito-1-aaa")))
    newer = ColourModels(ColourEncoder("sgraffito-2-bbb"))
    assert index(library, tmp_path / "a", models=newer).updated == 5
    assert len(library.embeddings("sgraffito-1-aaa")[0]) == 10
    assert index(library, tmp_path / "b", models=newer).updated == 5
    assert len(library.embeddings("sgraffito-1-aaa")[0]) == 0
    assert len(library.embeddings("sgraffito-2-bbb")[0]) == 10


def test_what_a_removed_folder_left_behind_goes_with_the_next_run(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "a", 5)
    write_pictures(tmp_path / "b", 2, first=10)
    index(library, tmp_path / "a", tmp_path / "b")
    library.remove_root(library.add_root(tmp_path / "a").id, prune=False)
    assert len(library.embeddings("colours-1")[0]) == 7
    index(library, tmp_path / "b")
    assert len(library.embeddings("colours-1")[0]) == 2


def test_indexing_does_not_load_torch() -> None:
    check = "import sys, engine.indexer, engine.library; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True, cwd=Path(__file__).parents[3])


def test_a_gentle_run_rests_as_long_as_it_worked_and_reads_everything(
    library: Library, tmp_path: Path
) -> None:
    write_pictures(tmp_path / "p", 16)

    class Slow(ColourEncoder):
        def encode_images(self, batch: Sequence[NDArray[Any]]) -> ImageFeatures:
            time.sleep(0.3)
            return super().encode_images(batch)

    began = time.monotonic()
    report = index(library, tmp_path / "p", models=ColourModels(Slow()), gentle=lambda: True)
    assert report.added == 16
    assert time.monotonic() - began > 2 * (0.3 + 0.3)


def test_a_rest_ends_with_the_stop(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 9)
    stop = threading.Event()

    class Slow(ColourEncoder):
        def encode_images(self, batch: Sequence[NDArray[Any]]) -> ImageFeatures:
            time.sleep(2)
            threading.Timer(0.1, stop.set).start()
            return super().encode_images(batch)

    began = time.monotonic()
    report = Indexer(library, ColourModels(Slow()), gentle=lambda: True).run([tmp_path / "p"], stop=stop)
    assert report.stopped
    assert time.monotonic() - began < 3.5


def test_gentle_is_asked_again_while_reading(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 24)
    asked: list[bool] = []

    def gentle() -> bool:
        asked.append(True)
        return len(asked) < 2

    assert index(library, tmp_path / "p", gentle=gentle).added == 24
    assert len(asked) >= 4  # before the run, and after each of three batches
