import io
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage

from app.lanes import FROM_FILES, THUMBNAILS
from app.late import Late
from app.thumbnails import AHEAD, Thumbnails, shape
from engine import Library, PhotoMetadata
from engine.image import read_file
from engine.library import database
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


def test_photos_arrive_in_the_order_asked_for_few_at_a_time(qtbot, thumbnails, tasks):
    """However many are asked for, so that asking takes the window no time."""
    arrived: list[int] = []
    thumbnails.arrived.connect(arrived.append)
    answers = threading.Event()
    tasks.submit(THUMBNAILS, lambda _: answers.wait(), lambda _: None)
    thumbnails.request(range(100, 0, -1))
    assert list(thumbnails._jobs) == list(range(100, 100 - AHEAD, -1))
    thumbnails.request(range(50, 0, -1))
    assert list(thumbnails._jobs) == list(range(50, 50 - AHEAD, -1))
    answers.set()
    qtbot.waitUntil(lambda: len(arrived) == 50)
    assert [photo_id for photo_id in arrived if photo_id <= 3] == [3, 2, 1]  # those that the library has


def test_renewed_photos_look_as_before_until_they_are_read_again(qtbot, thumbnails):
    fetch(qtbot, thumbnails, [1, 3])
    before = thumbnails.pixmap(1)
    with qtbot.waitSignal(thumbnails.outdated):
        thumbnails.renew()
    assert thumbnails.pixmap(1) is before
    assert not thumbnails.failed(3)
    fetch(qtbot, thumbnails, [1, 3])
    assert thumbnails.pixmap(1) is not before
    assert thumbnails.failed(3)


def test_only_what_failed_is_tried_again(qtbot, thumbnails):
    fetch(qtbot, thumbnails, [1])
    with qtbot.assertNotEmitted(thumbnails.outdated):
        thumbnails.retry()
    fetch(qtbot, thumbnails, [3])
    before = thumbnails.pixmap(1)
    with qtbot.waitSignal(thumbnails.outdated):
        thumbnails.retry()
    fetch(qtbot, thumbnails, [3])
    thumbnails.request([1, 3])
    assert thumbnails.pixmap(1) is before


@pytest.fixture
def bare(tasks, tmp_path) -> Iterator[tuple[Thumbnails, Library]]:
    """Thumbnails over a library that has none of its three photos, the third of which is gone."""
    folder = tmp_path / "bare"
    folder.mkdir()
    with Library.open(tmp_path / "bare.db") as library:
        root = library.add_root(folder).id
        for number, colour in enumerate(("blue", "red", "green")):
            path = folder / f"{number}.jpg"
            path.write_bytes(jpeg(colour, (800, 600)))
            facts, digest = path.stat(), read_file(path).digest
            stamp = FileStamp(root, path.name.encode(), facts.st_size, facts.st_mtime_ns)
            library.record([Reading(stamp, digest, NewContent(PhotoMetadata(800, 600), b"cleared", {}))])
        library.clear_thumbnails()
        (folder / "2.jpg").unlink()
        thumbnails = Thumbnails(tasks, Late(lambda: library))
        thumbnails.set_cell(CELL, 1.0)
        yield thumbnails, library
        assert tasks.close(5)


def test_a_missing_thumbnail_is_made_from_the_photo_and_kept(qtbot, bare):
    thumbnails, library = bare
    fetch(qtbot, thumbnails, [1])
    assert is_blue(thumbnails, 1)
    qtbot.waitUntil(lambda: library.thumbnail(1) is not None)
    assert QImage.fromData(library.thumbnail(1)).size() == QSize(320, 240)
    assert library.thumbnail(2) is None  # nobody has looked at it


def test_files_that_keep_one_waiting_do_not_keep_what_the_library_has(qtbot, bare, tasks):
    """As a drive does that does not answer."""
    thumbnails, library = bare
    fetch(qtbot, thumbnails, [1])
    qtbot.waitUntil(lambda: library.thumbnail(1) is not None)
    again = Thumbnails(tasks, Late(lambda: library))
    again.set_cell(CELL, 1.0)
    answers = threading.Event()
    for _ in range(FROM_FILES.threads):
        tasks.submit(FROM_FILES, lambda _: answers.wait(), lambda _: None)
    again.request([1, 2])
    qtbot.waitUntil(lambda: again.pixmap(1) is not None)
    assert again.pixmap(2) is None
    answers.set()
    qtbot.waitUntil(lambda: again.pixmap(2) is not None)


def test_a_photo_that_is_gone_fails_until_it_is_back(qtbot, bare, tmp_path):
    thumbnails, library = bare
    fetch(qtbot, thumbnails, [3])
    assert thumbnails.failed(3)
    (tmp_path / "bare" / "2.jpg").write_bytes(jpeg("green", (800, 600)))
    thumbnails.retry()
    fetch(qtbot, thumbnails, [3])
    assert thumbnails.pixmap(3) is not None
    qtbot.waitUntil(lambda: library.thumbnail(3) is not None)


def test_a_busy_library_does_not_keep_a_made_thumbnail_from_being_shown(qtbot, bare):
    thumbnails, library = bare
    with closing(sqlite3.connect(library.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        fetch(qtbot, thumbnails, [1, 2])
        assert is_blue(thumbnails, 1)
        assert thumbnails.pixmap(2) is not None
        assert library.thumbnail(1) is None
        writer.execute("ROLLBACK")
    qtbot.waitUntil(lambda: library.thumbnail(1) is not None and library.thumbnail(2) is not None)


def test_a_library_that_cannot_be_written_shows_them_all_the_same(qtbot, bare, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    thumbnails, library = bare
    library.close()  # so that new connections wait no longer than that
    with closing(sqlite3.connect(library.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        fetch(qtbot, thumbnails, [1])
        qtbot.wait(300)
        writer.execute("ROLLBACK")
    assert is_blue(thumbnails, 1)
    assert library.thumbnail(1) is None
    thumbnails.renew()
    fetch(qtbot, thumbnails, [1])
    qtbot.waitUntil(lambda: library.thumbnail(1) is not None)


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


@pytest.fixture
def large(tasks, tmp_path) -> Iterator[Thumbnails]:
    """Thumbnails over three photos of 400 pixels, whose stored thumbnails have 40; the third file is gone."""
    folder = tmp_path / "large"
    folder.mkdir()
    with Library.open(tmp_path / "large.db") as library:
        root = library.add_root(folder).id
        for number in range(3):
            (folder / f"{number}.jpg").write_bytes(jpeg("blue", (400, 300)))
            content = NewContent(PhotoMetadata(400, 300), jpeg("red", (40, 30)), {})
            stamp = FileStamp(root, f"{number}.jpg".encode(), 1, 1)
            library.record([Reading(stamp, bytes([number]) * 32, content)])
        (folder / "2.jpg").unlink()
        thumbnails = Thumbnails(tasks, Late(lambda: library))
        yield thumbnails
        assert tasks.close(5)


def is_blue(thumbnails: Thumbnails, photo_id: int) -> bool:
    pixmap = thumbnails.pixmap(photo_id)
    return pixmap is not None and pixmap.toImage().pixelColor(20, 15).blue() > 200


def test_large_cells_are_sharp_soon_after_their_thumbnails(qtbot, large):
    large.set_cell(QSize(200, 150), 1.0)
    fetch(qtbot, large, [1, 2])
    assert not is_blue(large, 1)
    assert large.pixmap(1).width() == 200
    large.sharpen([1])
    qtbot.waitUntil(lambda: is_blue(large, 1), timeout=5000)
    assert large.pixmap(1).size() == QSize(200, 150)
    assert not is_blue(large, 2)


def test_what_was_to_be_sharp_before_its_thumbnail_came_becomes_so(qtbot, large):
    large.set_cell(QSize(200, 150), 1.0)
    large.sharpen([1])
    large.request([1])
    qtbot.waitUntil(lambda: is_blue(large, 1), timeout=5000)


def test_a_fine_screen_asks_for_more_than_a_coarse_one(qtbot, large):
    large.set_cell(QSize(40, 30), 1.0)
    fetch(qtbot, large, [1])
    large.sharpen([1])
    large.set_cell(QSize(40, 30), 2.0)
    assert not is_blue(large, 1)
    fetch(qtbot, large, [1])
    large.sharpen([1])
    qtbot.waitUntil(lambda: is_blue(large, 1), timeout=5000)
    assert large.pixmap(1).deviceIndependentSize().toSize() == QSize(40, 30)


def test_a_photo_whose_file_is_gone_keeps_its_thumbnail(qtbot, large):
    large.set_cell(QSize(200, 150), 1.0)
    fetch(qtbot, large, [2, 3])
    large.sharpen([3, 2])
    qtbot.waitUntil(lambda: is_blue(large, 2), timeout=5000)
    qtbot.waitUntil(lambda: not large._sharp_jobs, timeout=5000)
    assert large.pixmap(3) is not None
    assert not large.failed(3)


def test_what_is_scrolled_away_is_not_made_sharp(qtbot, large):
    large.set_cell(QSize(200, 150), 1.0)
    fetch(qtbot, large, [1, 2])
    large.sharpen([1])
    large.sharpen([2])
    qtbot.waitUntil(lambda: is_blue(large, 2), timeout=5000)
    assert not is_blue(large, 1)


def test_sharp_pixmaps_count_as_memory(qtbot, large):
    large.set_cell(QSize(200, 150), 1.0)
    large._budget = 3 * 200 * 150 * 4 // 2
    fetch(qtbot, large, [1, 2])
    large.sharpen([1, 2])
    qtbot.waitUntil(lambda: not large._sharp_jobs, timeout=5000)
    assert large.used <= large._budget


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGALRM")
def test_reading_thumbnails_never_holds_the_window_for_ever():
    """In a process of its own, which SIGALRM ends where the window stands still for five seconds.

    Most of the times it took less than two until it did.
    """
    script = """if True:
        import io, os, signal, threading, time
        from PIL import Image
        from PySide6.QtCore import QEventLoop, QTimer
        from PySide6.QtGui import QGuiApplication
        from app.thumbnails import image_of_jpeg

        qt, file = QGuiApplication([]), io.BytesIO()
        Image.effect_noise((64, 48), 90).convert("RGB").save(file, "JPEG")

        def read():
            kept = []
            while True:
                kept.append(image_of_jpeg(file.getvalue()))
                if len(kept) > 50:
                    kept.clear()

        for _ in range(2):
            threading.Thread(target=read, daemon=True).start()
        end, loops, turns = time.monotonic() + 6, [], 0
        while time.monotonic() < end:
            signal.alarm(5)
            loop, timer = QEventLoop(), QTimer(singleShot=True)
            timer.timeout.connect(loop.quit)
            timer.start(0)
            loop.exec()
            QTimer.singleShot(0, loop.quit)
            loop.exec()
            if turns % 7 == 0:
                loops.append(loop)
            if len(loops) > 500:
                loops.clear()
            del loop, timer
            turns += 1
        os._exit(0)
    """
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
