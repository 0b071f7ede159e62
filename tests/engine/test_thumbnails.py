"""Thumbnails made again from the photos' files."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest
from PIL import Image

from engine.indexer import Indexer, IndexerProcess
from engine.library import Library
from engine.thumbnails import make_thumbnail
from tests.engine.indexer.encoders import ColourModels
from tests.engine.indexer.test_process import SECONDS, slow_models, until
from tests.engine.pictures import write_picture, write_pictures


@pytest.fixture
def folder(library: Library, tmp_path: Path) -> Path:
    """A folder of three photos and a copy of the first elsewhere, all read."""
    write_picture(tmp_path / "p" / "a.jpg", 1, size=(900, 600))
    write_picture(tmp_path / "p" / "b.jpg", 2)
    write_picture(tmp_path / "p" / "c.jpg", 3)
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "copy of a.jpg").write_bytes((tmp_path / "p" / "a.jpg").read_bytes())
    Indexer(library, ColourModels(), workers=1).run([tmp_path / "p", tmp_path / "q"])
    return tmp_path / "p"


def photo_id(library: Library, path: Path) -> int:
    photo = library.find(path)
    assert photo is not None
    return photo.id


def make_and_keep(library: Library, photo: int) -> bytes | None:
    made = make_thumbnail(library, photo)
    if made is None:
        return None
    library.keep_thumbnail(photo, made)
    return made.jpeg


def test_what_is_made_again_is_what_was_cleared(library: Library, folder: Path) -> None:
    before = {photo: library.thumbnail(photo) for photo in library.present_ids()}
    assert all(before.values())
    assert library.clear_thumbnails().cleared == 3
    assert {photo: make_and_keep(library, photo) for photo in before} == before
    assert {photo: library.thumbnail(photo) for photo in before} == before
    jpeg = before[photo_id(library, folder / "a.jpg")]
    assert jpeg is not None
    assert Image.open(io.BytesIO(jpeg)).size == (320, 213)


def test_a_changed_file_is_shown_as_it_is_but_not_kept(library: Library, folder: Path) -> None:
    photo = photo_id(library, folder / "b.jpg")
    library.clear_thumbnails()
    write_picture(folder / "b.jpg", 9, size=(90, 20))
    jpeg = make_and_keep(library, photo)
    assert jpeg is not None
    assert Image.open(io.BytesIO(jpeg)).size == (90, 20)
    assert library.thumbnail(photo) is None
    Indexer(library, ColourModels(), workers=1).run([folder])
    assert library.thumbnail(photo) == jpeg


def test_a_file_with_another_date_but_the_same_content_is_kept(library: Library, folder: Path) -> None:
    photo = photo_id(library, folder / "b.jpg")
    before = library.thumbnail(photo)
    library.clear_thumbnails()
    os.utime(folder / "b.jpg", ns=(0, 0))
    assert make_and_keep(library, photo) == before == library.thumbnail(photo)


@pytest.mark.parametrize("gone", ["deleted", "not connected", "damaged"])
def test_a_photo_that_cannot_be_reached_has_none_until_it_can(
    library: Library, folder: Path, gone: str
) -> None:
    photo, content = photo_id(library, folder / "b.jpg"), (folder / "b.jpg").read_bytes()
    library.clear_thumbnails()
    if gone == "not connected":
        folder.rename(folder.with_name("unplugged"))
    elif gone == "deleted":
        (folder / "b.jpg").unlink()
    else:
        (folder / "b.jpg").write_bytes(content[:200])
    assert make_thumbnail(library, photo) is None
    if gone == "not connected":
        folder.with_name("unplugged").rename(folder)
    else:
        (folder / "b.jpg").write_bytes(content)
    assert make_and_keep(library, photo) == library.thumbnail(photo)


def test_a_copy_serves_as_long_as_it_is_one(library: Library, folder: Path) -> None:
    photo, copy = photo_id(library, folder / "a.jpg"), folder.with_name("q") / "copy of a.jpg"
    before = library.thumbnail(photo)
    library.clear_thumbnails()
    folder.rename(folder.with_name("unplugged"))
    assert make_and_keep(library, photo) == before == library.thumbnail(photo)
    library.clear_thumbnails()
    write_picture(copy, 9)
    assert make_thumbnail(library, photo) is None  # or another photo's picture would be shown


def test_no_photo_has_no_thumbnail(library: Library) -> None:
    assert make_thumbnail(library, 1) is None


def test_photos_found_again_without_thumbnails_get_theirs(library: Library, folder: Path) -> None:
    """Clearing must not hide that a photo is known, nor have it read once more."""
    library.clear_thumbnails()
    models = ColourModels()
    assert Indexer(library, models, workers=1).run([folder]).unchanged == 3
    (folder / "b.jpg").rename(folder / "renamed.jpg")
    assert Indexer(library, models, workers=1).run([folder]).moved == 1
    assert models.encoders[0].batches == []
    assert make_and_keep(library, photo_id(library, folder / "renamed.jpg"))


def test_clearing_and_making_beside_a_process_that_reads_photos(library: Library, tmp_path: Path) -> None:
    read = write_pictures(tmp_path / "read", 40)
    Indexer(library, ColourModels(), workers=2).run([tmp_path / "read"])
    write_pictures(tmp_path / "new", 150, first=1000)
    indexer = IndexerProcess(library.path, slow_models, workers=1)
    reports = []
    thread = threading.Thread(target=lambda: reports.append(indexer.run([tmp_path / "new"])))
    thread.start()
    until(lambda: indexer.progress.done > 0)
    rounds = 0
    while thread.is_alive():
        library.clear_thumbnails()
        for path in read:
            assert make_and_keep(library, photo_id(library, path))
        rounds += 1
    thread.join(SECONDS)
    indexer.close()
    assert rounds
    assert reports[0].added == 150
    assert reports[0].skipped == ()
    ids, vectors = library.embeddings("colours-1")
    assert len(ids) == len(vectors) == 190
    for photo in library.present_ids():
        assert library.thumbnail(photo) or make_and_keep(library, photo)
    assert library.clear_thumbnails().cleared == 190
