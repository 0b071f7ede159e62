"""The order of photos, in the real window."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from app.application import Application
from app.settings import Settings
from tests.app.answers import is_found
from tests.app.conftest import draw_photo

WAIT = 20_000
# Name, and the day in July 2019: neither order is the other's.
DAYS = {"IMG_2": 9, "IMG_10": 3, "apple": 7, "zebra": 1, "IMG_1": 12, "cat": 5}


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Winter"
    for number in range(12):
        name = list(DAYS)[number] if number < len(DAYS) else f"other_{number:02}"
        file = draw_photo(folder / f"{name}.jpg", number)
        when = datetime(2019, 7, DAYS.get(name, 13 + number)).timestamp()
        os.utime(file, (when, when))
    return folder


def names(app: Application, ids: list[int] | None = None) -> list[str]:
    model = app.window.model
    ids = ids or [model.photo_id(row) for row in range(model.rowCount())]
    photos = app._library.get().photos(ids)
    return [photos[photo_id].path.stem for photo_id in ids]


def known(app: Application) -> list[str]:
    return [name for name in names(app) if name in DAYS]


def offered(app: Application) -> list[str]:
    app.window.sorting.menu.aboutToShow.emit()
    return [action.text() for action in app.window.sorting.menu.actions()]


def press(app: Application, text: str) -> None:
    app.window.sorting.menu.aboutToShow.emit()
    next(action for action in app.window.sorting.menu.actions() if action.text() == text).trigger()


def search(qtbot, app: Application, text: str) -> None:
    app.window.bar.ask(text)
    qtbot.waitUntil(lambda: is_found(app, text), timeout=WAIT)


BY_DATE = sorted(DAYS, key=DAYS.__getitem__)


def test_the_library_in_every_order(qtbot, filled):
    assert offered(filled) == ["Newest first", "Oldest first", "By name"]
    assert known(filled) == BY_DATE[::-1]
    press(filled, "Oldest first")
    qtbot.waitUntil(lambda: known(filled) == BY_DATE, timeout=WAIT)
    assert filled.window.bar.sort.text() == "Oldest first"
    assert filled.window.bar.sort.accessibleName() == "Order of the photos: Oldest first"
    press(filled, "By name")
    qtbot.waitUntil(lambda: names(filled)[0] == "apple", timeout=WAIT)
    assert known(filled) == ["apple", "cat", "IMG_1", "IMG_2", "IMG_10", "zebra"]
    assert [section.title for section in filled.window.model.sections()] == [""]


def test_the_selected_photo_stays_selected_and_in_sight(qtbot, filled):
    window = filled.window
    window.resize(460, 400)
    last = window.model.rowCount() - 1
    window.grid.setCurrentIndex(window.model.index(last))
    photo_id = window.grid.selected_id()
    press(filled, "Oldest first")
    qtbot.waitUntil(lambda: window.model.row_of(photo_id) == 0, timeout=WAIT)
    assert window.grid.selected_id() == photo_id
    qtbot.waitUntil(lambda: 0 in window.grid.visible_rows(), timeout=WAIT)


def test_without_a_selection_a_new_order_is_shown_from_its_beginning(qtbot, filled):
    window = filled.window
    window.resize(460, 400)
    bar = window.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 300)
    bar.setValue(300)
    press(filled, "By name")
    qtbot.waitUntil(lambda: names(filled)[0] == "apple", timeout=WAIT)
    assert bar.value() == 0


def test_answers_keep_good_and_weaker_matches_apart(qtbot, filled):
    window = filled.window
    search(qtbot, filled, "a red thing")
    assert offered(filled) == ["Best match first", "Newest first", "Oldest first", "By name"]
    best = names(filled)
    first = window.model.sections()[0].rows
    press(filled, "Oldest first")
    assert window.bar.sort.text() == "Oldest first"
    after = names(filled)
    assert set(after[:first]) == set(best[:first])
    assert known(filled)[: len([n for n in after[:first] if n in DAYS])] == [
        n for n in BY_DATE if n in after[:first]
    ]
    press(filled, "Best match first")
    assert names(filled) == best


def test_answers_and_the_library_each_have_their_own_order(qtbot, filled):
    search(qtbot, filled, "a red thing")
    press(filled, "By name")
    filled.window.bar.clear()
    qtbot.waitUntil(lambda: filled.window.model.results is None, timeout=WAIT)
    assert filled.window.bar.sort.text() == "Newest first"
    assert known(filled) == BY_DATE[::-1]
    search(qtbot, filled, "a blue thing")
    assert filled.window.bar.sort.text() == "By name"


def test_filters_alone_follow_the_library_s_order(qtbot, filled):
    press(filled, "Oldest first")
    filled.window.bar.ask("date:2019-07-01..2019-07-12")
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 6, timeout=WAIT)
    assert names(filled) == BY_DATE


def test_the_library_s_order_is_kept_for_the_next_start(qtbot, filled, build, tmp_path):
    press(filled, "Oldest first")
    qtbot.waitUntil(lambda: known(filled) == BY_DATE, timeout=WAIT)
    assert Settings(tmp_path / "settings.ini").order == "oldest"
    assert filled.shutdown(10)
    again = build()
    qtbot.waitUntil(lambda: again.window.model.rowCount() == 12, timeout=WAIT)
    assert known(again) == BY_DATE


def test_where_there_are_no_photos_there_is_no_order(qtbot, filled):
    filled.window.bar.ask("date:1950")
    qtbot.waitUntil(filled.window.empty.isVisible, timeout=WAIT)
    assert not filled.window.bar.sort.isVisible()
    filled.window.bar.clear()
    qtbot.waitUntil(filled.window.bar.sort.isVisible, timeout=WAIT)
