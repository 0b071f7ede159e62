"""The library panel in the whole window, with real photos."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.application import Application
from app.library_tree import Entry
from app.questions import Browse, Caption
from tests.app.answers import is_found
from tests.app.conftest import draw_photo

WAIT = 20_000


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    """Twelve photos: eight of July 2019, four below in Alps, of 2021."""
    folder = tmp_path / "Winter"
    for number in range(12):
        place, when = (
            (folder / "Alps", datetime(2021, 1, 5)) if number >= 8 else (folder, datetime(2019, 7, 9))
        )
        file = draw_photo(place / f"IMG_{number:02}.jpg", number)
        os.utime(file, (when.timestamp() + number, when.timestamp() + number))
    return folder


def line(app: Application, *labels: str) -> Entry:
    """Return the line that labels lead to, from the top."""
    entry = app.window.browsing.panel.model._top
    for label in labels:
        entry = next(child for child in entry.children if child.label == label)
    return entry


def headings(app: Application) -> list[str]:
    return [child.label for child in app.window.browsing.panel.model._top.children]


def marked(app: Application) -> str:
    model = app.window.browsing.panel.model
    entry = model.entry(model.index_of(model.active))
    return entry.label if entry else ""


@pytest.fixture
def listed(qtbot, filled) -> Application:
    """The window when its panel lists the library."""
    panel = filled.window.browsing.panel
    qtbot.waitUntil(
        lambda: panel.model.rowCount() > 0 and line(filled, "All photos").photos == 12, timeout=WAIT
    )
    return filled


def shows(app: Application, text: str, photos: int) -> bool:
    window = app.window
    return window.bar.field.text() == text and window.model.rowCount() == photos


def choose(app: Application, *labels: str) -> None:
    app.window.browsing.panel.chosen.emit(line(app, *labels))


def test_it_lists_the_library(listed):
    assert listed.window.browsing.panel.isVisible()
    assert line(listed, "Folders", "Winter").photos == 12
    assert line(listed, "Folders", "Winter", "Alps").photos == 4
    assert line(listed, "Years", "2019", "July").photos == 8
    assert line(listed, "Favourites").photos == 0
    assert marked(listed) == "All photos"


def test_a_folder_is_a_chip_and_text_and_one_can_go_back(qtbot, listed):
    choose(listed, "Folders", "Winter", "Alps")
    qtbot.waitUntil(lambda: shows(listed, "folder:Winter/Alps/", 4), timeout=WAIT)
    assert [chip.text() for chip in listed.window.bar.refinements.chips] == ["folder: Winter/Alps"]
    assert marked(listed) == "Alps"
    choose(listed, "Years", "2019")
    qtbot.waitUntil(lambda: shows(listed, "date:2019", 8), timeout=WAIT)
    assert marked(listed) == "2019"
    listed.window.navigator.back()
    qtbot.waitUntil(lambda: shows(listed, "folder:Winter/Alps/", 4), timeout=WAIT)
    assert marked(listed) == "Alps"
    listed.window.navigator.back()
    qtbot.waitUntil(lambda: shows(listed, "", 12), timeout=WAIT)
    assert marked(listed) == "All photos"


def test_a_place_combines_with_a_sentence(qtbot, listed):
    window = listed.window
    window.bar.ask("a red thing")
    qtbot.waitUntil(lambda: is_found(listed, "a red thing"), timeout=WAIT)
    assert marked(listed) == ""
    choose(listed, "Years", "2021", "January")
    qtbot.waitUntil(lambda: shows(listed, "a red thing date:2021-01", 4), timeout=WAIT)
    assert window.model.results.caption == "a red thing"
    assert marked(listed) == "January"


def test_all_photos_leads_out_of_everything(qtbot, listed):
    listed.window.bar.ask("a red thing folder:Alps")
    qtbot.waitUntil(lambda: listed.window.model.results is not None, timeout=WAIT)
    choose(listed, "All photos")
    qtbot.waitUntil(lambda: shows(listed, "", 12), timeout=WAIT)
    assert listed.session.question == Browse()
    assert marked(listed) == "All photos"


def test_a_removed_chip_takes_the_mark_away(qtbot, listed):
    choose(listed, "Folders", "Winter", "Alps")
    qtbot.waitUntil(lambda: marked(listed) == "Alps", timeout=WAIT)
    qtbot.mouseClick(listed.window.bar.refinements.chips[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: marked(listed) == "All photos", timeout=WAIT)


def test_favourites_are_counted_and_shown(qtbot, listed):
    window = listed.window
    window.grid.setCurrentIndex(window.model.index(0))
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: line(listed, "Favourites").photos == 1, timeout=WAIT)
    choose(listed, "Favourites")
    qtbot.waitUntil(lambda: shows(listed, "is:favourite", 1), timeout=WAIT)
    assert marked(listed) == "Favourites"


def test_saved_searches_come_and_go_and_are_searched(qtbot, listed):
    window = listed.window
    window.bar.ask("a red thing folder:Alps")
    window.refining.past.save.trigger()
    qtbot.waitUntil(lambda: "Searches" in headings(listed), timeout=WAIT)
    choose(listed, "All photos")
    qtbot.waitUntil(lambda: shows(listed, "", 12), timeout=WAIT)
    choose(listed, "Searches", "a red thing folder:Alps")
    qtbot.waitUntil(lambda: shows(listed, "a red thing folder:Alps", 4), timeout=WAIT)
    assert listed.session.question == Caption("a red thing folder:Alps")
    qtbot.waitUntil(lambda: marked(listed) == "a red thing folder:Alps", timeout=WAIT)
    window.refining.past.save.trigger()
    qtbot.waitUntil(lambda: "Searches" not in headings(listed), timeout=WAIT)


def test_new_photos_are_counted(qtbot, listed, photo_folder):
    draw_photo(photo_folder / "Sea" / "new.jpg", 50)
    listed.window.folders.read_known()
    qtbot.waitUntil(lambda: line(listed, "All photos").photos == 13, timeout=WAIT)
    assert line(listed, "Folders", "Winter", "Sea").photos == 1


def test_f9_closes_and_opens_it_and_leads_the_keyboard_there(qtbot, listed, build, tmp_path):
    window = listed.window
    panel = window.browsing.panel
    window.grid.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert not panel.isVisible()
    assert not window.bar.library.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert panel.isVisible()
    assert panel.tree.hasFocus()
    assert panel.tree.currentIndex().data() == "All photos"
    qtbot.mouseClick(window.bar.library, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    assert window.grid.hasFocus()
    assert listed.shutdown(10)
    again = build()
    qtbot.waitUntil(lambda: again.window.model.rowCount() == 12, timeout=WAIT)
    assert not again.window.browsing.panel.isVisible()


def test_its_width_is_kept(qtbot, listed, build):
    window = listed.window
    panel = window.browsing.panel
    window._splitter.moveSplitter(300, 1)
    width = panel.width()
    assert abs(width - 300) < 4
    assert listed.shutdown(10)
    again = build()
    again.window.resize(1200, 800)
    qtbot.waitUntil(again.window.browsing.panel.isVisible, timeout=WAIT)
    assert again.window.browsing.panel.width() == width


def test_it_hides_while_one_looks_at_a_photo(qtbot, listed):
    window = listed.window
    window.viewing.open(window.model.photo_id(0))
    assert not window.browsing.panel.isVisible()
    window.viewing.close()
    assert window.browsing.panel.isVisible()


def test_a_narrow_window_is_left_to_the_photos(qtbot, listed):
    listed.window.resize(480, 500)
    qtbot.waitUntil(lambda: not listed.window.browsing.panel.isVisible(), timeout=WAIT)
    assert not listed.window.bar.library.isVisible()
    listed.window.resize(1000, 500)
    qtbot.waitUntil(listed.window.browsing.panel.isVisible, timeout=WAIT)


def test_an_empty_library_has_no_panel(qtbot, app):
    qtbot.waitUntil(lambda: app.window.status.text.startswith("0 photos"), timeout=WAIT)
    assert not app.window.browsing.panel.isVisible()
    assert not app.window.bar.library.isVisible()


def test_it_stays_where_nothing_fits(qtbot, listed):
    listed.window.bar.ask("date:1950")
    qtbot.waitUntil(listed.window.empty.isVisible, timeout=WAIT)
    assert listed.window.browsing.panel.isVisible()
    assert marked(listed) == ""


def test_photos_that_changed_places_are_counted_again(qtbot, listed, photo_folder):
    assert line(listed, "Folders", "Winter", "Alps").photos == 4
    (photo_folder / "IMG_03.jpg").rename(photo_folder / "Alps" / "IMG_03.jpg")
    listed.window.folders.read_known()
    qtbot.waitUntil(lambda: line(listed, "Folders", "Winter", "Alps").photos == 5, timeout=WAIT)
    assert listed.window.folders.counts.photos == 12
