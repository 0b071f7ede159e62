import os

import pytest
from PIL import Image
from PySide6.QtCore import QSize

from app import loaded_photo
from app.absence import stamp_of
from app.loaded_photo import LoadedPhoto
from engine import Indexer, Library
from tests.app.conftest import draw_photo


def read(library: Library, photo_id: int, box: QSize | None) -> LoadedPhoto:
    return loaded_photo.load(library, photo_id, box)


@pytest.fixture
def library(qapp, tmp_path, load):
    draw_photo(tmp_path / "Winter" / "a.jpg", 1, (1600, 1200))
    with Library.open(tmp_path / "library.db") as library:
        Indexer(library, load()).run([tmp_path / "Winter"])
        yield library


@pytest.fixture
def photo(library):
    return library.photo(library.present_ids()[0])


def test_a_photo_is_read_for_the_screen_with_smaller_copies(library, photo):
    loaded = read(library, photo.id, QSize(800, 800))
    assert [(level.width(), level.height()) for level in loaded.levels] == [(800, 600), (400, 300)]
    assert loaded.full == QSize(1600, 1200)
    assert (loaded.photo, loaded.trouble, loaded.is_whole) == (photo, "", False)
    with Image.open(photo.path) as original:
        expected = original.convert("RGB").getpixel((20, 1180))
    shown = loaded.levels[0].pixelColor(10, 590).getRgb()[:3]
    assert all(abs(one - other) < 12 for one, other in zip(shown, expected, strict=True))


def test_all_pixels_are_read_where_wanted(library, photo):
    loaded = read(library, photo.id, None)
    assert loaded.levels[0].size() == QSize(1600, 1200)
    assert loaded.is_whole


@pytest.mark.parametrize(("width", "level"), [(50, 400), (400, 400), (401, 800), (900, 1600), (9000, 1600)])
def test_the_smallest_image_that_is_sharp_is_painted(library, photo, width, level):
    assert read(library, photo.id, None).level(width).width() == level


def test_a_file_that_is_gone_is_a_sentence(library, photo):
    photo.path.unlink()
    loaded = read(library, photo.id, QSize(80, 80))
    assert loaded.trouble == "a.jpg is no longer in its folder: it was moved, renamed or deleted."
    assert (loaded.levels, loaded.stamp) == ((), None)


def test_a_folder_that_is_gone_is_a_sentence(library, photo):
    photo.path.parent.rename(photo.path.parent.with_name("elsewhere"))
    assert "can't be reached" in read(library, photo.id, QSize(80, 80)).trouble


def test_a_damaged_file_is_a_sentence(library, photo):
    photo.path.write_bytes(b"\xff\xd8\xff")
    loaded = read(library, photo.id, QSize(80, 80))
    assert loaded.trouble.startswith("The photo is damaged")
    assert loaded.stamp is not None


def test_a_photo_that_left_the_library_is_a_sentence(library):
    assert read(library, 999, None).trouble == "This photo is no longer in the library."


def test_a_changed_file_has_another_stamp(library, photo):
    before = stamp_of(photo)
    os.utime(photo.path, ns=(1, 1))
    assert stamp_of(photo) == 1 != before
    photo.path.unlink()
    assert stamp_of(photo) is stamp_of(None) is None
