import shutil

import pytest
from PySide6.QtCore import QSize

from app.late import Late
from app.pictures import Pictures
from engine import Indexer, Library
from tests.app.conftest import draw_photo

SCREEN = QSize(400, 400)


@pytest.fixture
def library(tmp_path, tasks, load):
    for number in range(5):
        draw_photo(tmp_path / "Winter" / f"{number}.jpg", number, (800, 600))
    with Library.open(tmp_path / "library.db") as library:
        Indexer(library, load()).run([tmp_path / "Winter"])
        yield library
        assert tasks.close(10)


def test_from_photo_to_photo(qtbot, tasks, library):
    """One scenario, because reading a library takes a test most of its time."""
    pictures = Pictures(tasks, Late(lambda: library))
    ids = library.present_ids()
    arrived: list[int] = []
    pictures.arrived.connect(arrived.append)

    # The neighbour is read after the photo, and is there when one gets to it.
    pictures.look_at(ids[0], ids[1], SCREEN)
    qtbot.waitUntil(lambda: pictures.kept == {ids[0], ids[1]})
    assert arrived == [ids[0]]
    assert pictures.get(ids[0]).levels[0].size() == QSize(400, 300)
    pictures.look_at(ids[1], ids[2], SCREEN)
    assert pictures.get(ids[1]) is not None

    # Of those passed by quickly only the last one is heard of, and few stay in memory.
    pictures.look_at(ids[3], None, SCREEN)
    pictures.look_at(ids[4], ids[3], SCREEN)
    qtbot.waitUntil(lambda: pictures.kept >= {ids[4], ids[3]})
    assert arrived == [ids[0], ids[4]]
    assert len(pictures.kept) <= 3

    # All pixels, when they are wanted, of this photo only.
    pictures.want_detail()
    qtbot.waitUntil(lambda: pictures.get(ids[4]).is_whole)
    assert arrived == [ids[0], ids[4], ids[4]]
    pictures.look_at(ids[3], None, SCREEN)
    assert not pictures.get(ids[3]).is_whole
    pictures.want_detail()
    pictures.forget()
    assert pictures.kept == frozenset()
    qtbot.wait(50)
    assert arrived == [ids[0], ids[4], ids[4]]

    # A file that goes while it is looked at, and one that comes back.
    pictures.look_at(ids[2], None, SCREEN)
    qtbot.waitUntil(lambda: pictures.get(ids[2]) is not None)
    file = library.photo(ids[2]).path
    shutil.move(file, file.with_suffix(".away"))
    qtbot.waitUntil(lambda: bool(pictures.get(ids[2]) and pictures.get(ids[2]).trouble))
    assert "no longer in its folder" in pictures.get(ids[2]).trouble
    shutil.move(file.with_suffix(".away"), file)
    qtbot.waitUntil(lambda: bool(pictures.get(ids[2]) and pictures.get(ids[2]).levels))

    # Another screen has other pixels.
    pictures.look_at(ids[2], None, QSize(200, 200))
    qtbot.waitUntil(lambda: bool(pictures.get(ids[2])) and pictures.get(ids[2]).levels[0].width() == 200)
    pictures.forget()
