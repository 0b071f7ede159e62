import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage

from app.late import Late
from app.thumbnails import Thumbnails, shape
from engine import Library, PhotoMetadata
from engine.library.records import FileStamp, NewContent, Reading

CELL = QSize(40, 30)


def jpeg(colour: str, size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with thumbnails of two photos, and of one that is no JPEG."""
    (tmp_path / "photos").mkdir()
    with Library.open(tmp_path / "library.db") as library:
        root = library.add_root(tmp_path / "photos").id
        for number, thumbnail in enumerate((jpeg("red"), jpeg("blue"), b"broken")):
            content = NewContent(PhotoMetadata(64, 48), thumbnail, {})
            stamp = FileStamp(root, f"{number}.jpg".encode(), 1, 1)
            library.record([Reading(stamp, bytes([number]) * 32, content)])
        yield library


@pytest.fixture
def thumbnails(tasks, library) -> Iterator[Thumbnails]:
    thumbnails = Thumbnails(tasks, Late(lambda: library))
    thumbnails.set_cell(CELL, 1.0)
    yield thumbnails
    assert tasks.close(5)  # before the library closes


def fetch(qtbot, thumbnails: Thumbnails, ids: list[int]) -> None:
    arrived: list[int] = []
    thumbnails.arrived.connect(arrived.append)
    thumbnails.request(ids)
    qtbot.waitUntil(lambda: set(arrived) >= set(ids))
    thumbnails.arrived.disconnect(arrived.append)


def test_a_requested_thumbnail_arrives_as_a_pixmap_of_the_cell(qtbot, thumbnails):
    assert thumbnails.pixmap(1) is None
    fetch(qtbot, thumbnails, [1])
    pixmap = thumbnails.pixmap(1)
    assert pixmap.size() == CELL
    assert pixmap.toImage().pixelColor(20, 15).red() > 200


def test_the_photo_is_named_with_its_thumbnail(qtbot, thumbnails):
    with qtbot.waitSignal(thumbnails.named) as signal:
        thumbnails.request([2])
    assert signal.args[0].path.name == "1.jpg"


@pytest.mark.parametrize("photo_id", [3, 99])
def test_a_thumbnail_that_cannot_be_read_fails_quietly(qtbot, thumbnails, photo_id):
    fetch(qtbot, thumbnails, [photo_id])
    assert thumbnails.pixmap(photo_id) is None
    assert thumbnails.failed(photo_id)


def test_a_library_that_fails_marks_the_photo_as_failed(qtbot, tasks, tmp_path):
    (tmp_path / "not.db").write_bytes(b"no database" * 100)
    thumbnails = Thumbnails(tasks, Late(lambda: Library.open(tmp_path / "not.db")))
    fetch(qtbot, thumbnails, [1])
    assert thumbnails.failed(1)


def test_sharp_screens_get_more_pixels(qtbot, thumbnails):
    thumbnails.set_cell(CELL, 2.0)
    fetch(qtbot, thumbnails, [1])
    pixmap = thumbnails.pixmap(1)
    assert pixmap.size() == CELL * 2
    assert pixmap.deviceIndependentSize().toSize() == CELL


def test_after_a_resize_the_old_pixmap_stays_until_the_new_one_comes(qtbot, thumbnails):
    fetch(qtbot, thumbnails, [1])
    thumbnails.set_cell(CELL * 2, 1.0)
    assert thumbnails.pixmap(1).size() == CELL
    fetch(qtbot, thumbnails, [1])
    assert thumbnails.pixmap(1).size() == CELL * 2
    assert thumbnails.used == 4 * CELL.width() * CELL.height() * 4


def test_the_cache_is_bounded_in_bytes(qtbot, tasks, library):
    thumbnails = Thumbnails(tasks, Late(lambda: library), budget=CELL.width() * CELL.height() * 4)
    thumbnails.set_cell(CELL, 1.0)
    fetch(qtbot, thumbnails, [1])
    fetch(qtbot, thumbnails, [2])
    assert thumbnails.pixmap(1) is None
    assert thumbnails.pixmap(2) is not None
    assert thumbnails.used == CELL.width() * CELL.height() * 4
    assert tasks.close(5)


def test_what_is_no_longer_wanted_is_dropped(qtbot, thumbnails):
    arrived: list[int] = []
    thumbnails.arrived.connect(arrived.append)
    thumbnails.request([1])
    thumbnails.request([2])  # one has scrolled on before anything was delivered
    qtbot.waitUntil(lambda: 2 in arrived)
    qtbot.wait(50)
    assert arrived == [2]


def test_clear_forgets_everything(qtbot, thumbnails):
    fetch(qtbot, thumbnails, [1, 3])
    thumbnails.clear()
    assert thumbnails.pixmap(1) is None
    assert not thumbnails.failed(3)
    assert thumbnails.used == 0


sides = st.integers(1, 700)


@given(sides, sides)
def test_every_shape_fits_its_cell(width, height):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    shaped = shape(image, CELL)
    assert 1 <= shaped.width() <= CELL.width()
    assert 1 <= shaped.height() <= CELL.height()


@pytest.mark.parametrize("size", [(400, 300), (450, 300), (480, 270), (300, 300)])
def test_common_shapes_fill_the_cell(size):
    assert shape(QImage(*size, QImage.Format.Format_RGB32), CELL).size() == CELL


@pytest.mark.parametrize("size", [(300, 400), (900, 300)])
def test_tall_and_wide_photos_are_shown_whole(size):
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    shaped = shape(image, CELL)
    assert shaped.width() / shaped.height() == pytest.approx(size[0] / size[1], rel=0.1)


def test_more_is_cut_at_the_bottom_than_at_the_top():
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(0, 30):
        for x in range(300):
            image.setPixelColor(x, y, QColor("red"))  # cut to 225 rows: 25 go at the top
    assert shape(image, QSize(300, 225)).pixelColor(150, 2).green() < 100
    assert shape(image, QSize(300, 225)).pixelColor(150, 8).green() > 200


def test_corners_are_round():
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    shaped = shape(image, QSize(200, 150))
    assert shaped.pixelColor(0, 0).alpha() < 50
    assert shaped.pixelColor(100, 0).alpha() == 255
