"""Filters, past searches and favourites in the whole window, with real photos."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton

from app.application import Application
from app.lanes import LIBRARY
from app.questions import Browse, Caption, LookAlikes, text_of
from engine import Library
from tests.app.answers import is_found
from tests.app.conftest import draw_photo

WAIT = 20_000


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    """Twelve photos: eight in the folder, four in one below it; three of them portraits."""
    folder = tmp_path / "Winter"
    for number in range(12):
        place = folder / "Alps" if number >= 8 else folder
        file = draw_photo(place / f"IMG_{number:02}.jpg", number, (72, 96) if number % 4 == 0 else (96, 72))
        os.utime(file, (1_600_000_000 + number, 1_600_000_000 + number))
    return folder


def names(app: Application) -> list[str]:
    library: Library = app._library.get()
    ids = [app.window.model.photo_id(row) for row in range(app.window.model.rowCount())]
    photos = library.photos(ids)
    return [photos[photo_id].path.stem.removeprefix("IMG_") for photo_id in ids]


def type_text(qtbot, app: Application, text: str) -> None:
    app.window.bar.field.setFocus()
    app.window.bar.field.clear()
    qtbot.keyClicks(app.window.bar.field, text)
    qtbot.keyClick(app.window.bar.field, Qt.Key.Key_Return)


def entry(menu: QMenu, text: str):
    return next(action for action in menu.actions() if action.text() == text)


def test_filters_alone_show_their_photos_newest_first(qtbot, filled):
    type_text(qtbot, filled, "folder:alps")
    qtbot.waitUntil(lambda: names(filled) == ["11", "10", "09", "08"], timeout=WAIT)
    assert [section.title for section in filled.window.model.sections()] == ["4 photos"]
    assert [chip.text() for chip in filled.window.bar.refinements.chips] == ["folder: alps"]


def test_filters_alone_need_no_models(qtbot, app, photo_folder):
    with qtbot.waitSignal(app.indexing.finished, timeout=WAIT):
        app.window.folders.add([photo_folder])
    type_text(qtbot, app, "is:portrait date:2020")
    qtbot.waitUntil(lambda: names(app) == ["08", "04", "00"], timeout=WAIT)
    assert app.window.message.text == ""


def test_filters_narrow_a_caption(qtbot, filled):
    type_text(qtbot, filled, "a red thing folder:alps")
    qtbot.waitUntil(lambda: is_found(filled, "a red thing folder:alps"), timeout=WAIT)
    assert filled.window.model.results.caption == "a red thing"
    assert sorted(names(filled)) == ["08", "09", "10", "11"]


def test_a_removed_chip_leaves_the_text_and_the_answer(qtbot, filled):
    type_text(qtbot, filled, "is:portrait folder:alps")
    qtbot.waitUntil(lambda: names(filled) == ["08"], timeout=WAIT)
    qtbot.mouseClick(filled.window.bar.refinements.chips[1], Qt.MouseButton.LeftButton)
    assert filled.window.bar.field.text() == "is:portrait"
    qtbot.waitUntil(lambda: names(filled) == ["08", "04", "00"], timeout=WAIT)


def test_the_last_chip_removed_by_key_leads_back_to_the_field_and_the_library(qtbot, filled):
    type_text(qtbot, filled, "folder:alps")
    chip = filled.window.bar.refinements.chips[0]
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert filled.window.bar.field.hasFocus()
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 12, timeout=WAIT)
    assert filled.session.question == Browse()


def test_the_menu_adds_to_the_text_once(qtbot, filled):
    bar = filled.window.bar
    type_text(qtbot, filled, "a dog")
    for _ in range(2):
        filled.window.refining.filters.chosen.emit("folder", "Winter/Alps/")
    assert bar.field.text() == "a dog folder:Winter/Alps/"
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 4, timeout=WAIT)


def test_what_the_user_is_to_type_waits_in_the_field_with_a_hint(qtbot, filled):
    window = filled.window
    window.refining.filters.chosen.emit("date", "")
    assert window.bar.field.text() == "date:"
    assert window.bar.field.hasFocus()
    qtbot.waitUntil(lambda: "Try date:2019" in window.message.text, timeout=WAIT)
    assert window.model.rowCount() == 12


def test_without_waits_for_its_word_and_leaves_what_is_shown(qtbot, filled):
    window = filled.window
    window.navigator.look_alikes(filled._library.get().photo(window.model.photo_id(0)))
    qtbot.waitUntil(lambda: window.model.rowCount() == 11, timeout=WAIT)
    window.refining.filters.chosen.emit("not", "")
    qtbot.wait(400)
    assert isinstance(filled.session.question, LookAlikes)
    assert window.grid.isVisible()
    qtbot.keyClicks(window.bar.field, "b")
    qtbot.waitUntil(lambda: text_of(filled.session.question) == "-b", timeout=WAIT)
    assert isinstance(filled.session.question, LookAlikes)


def test_the_button_opens_the_menu(qtbot, filled):
    qtbot.mouseClick(filled.window.bar.refinements.add, Qt.MouseButton.LeftButton)
    assert QApplication.activePopupWidget() is filled.window.refining.filters
    filled.window.refining.filters.close()
    qtbot.wait(50)


@pytest.mark.parametrize("typed", ["date:1970..1980", "a dog date:1970..1980"])
def test_nothing_that_fits_is_said_calmly_with_a_way_out(qtbot, filled, typed):
    window = filled.window
    type_text(qtbot, filled, typed)
    qtbot.waitUntil(window.empty.isVisible, timeout=WAIT)
    assert window.empty.text == "No photo fits these filters."
    button = window.empty.findChild(QPushButton)
    assert button.text() == "Remove the filters"
    button.click()
    assert window.bar.field.text() == typed.removesuffix("date:1970..1980").strip()
    qtbot.waitUntil(lambda: window.grid.isVisible() and window.model.rowCount() == 12, timeout=WAIT)


def test_look_alikes_stay_within_the_filters(qtbot, filled):
    window = filled.window
    type_text(qtbot, filled, "a dog folder:alps")
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=WAIT)
    window.navigator.look_alikes(window.model.photo(window.model.photo_id(0)))
    assert window.bar.field.text() == "folder:alps"
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=WAIT)
    window.bar.refinements.chips[0].click()
    qtbot.waitUntil(lambda: window.model.rowCount() == 11, timeout=WAIT)
    assert isinstance(filled.session.question, LookAlikes)
    window.navigator.back()
    qtbot.waitUntil(lambda: filled.session.question == Caption("a dog folder:alps"), timeout=WAIT)
    assert window.bar.field.text() == "a dog folder:alps"


def test_a_search_chosen_from_the_menu_is_asked_whatever_is_shown(qtbot, filled):
    window = filled.window
    window.refining.past.recent = ["is:portrait"]
    window.navigator.look_alikes(filled._library.get().photo(window.model.photo_id(0)))
    qtbot.waitUntil(lambda: window.model.rowCount() == 11, timeout=WAIT)
    menu = window.refining.past.menu()
    entry(menu, "is:portrait").trigger()
    menu.close()
    qtbot.waitUntil(lambda: names(filled) == ["08", "04", "00"], timeout=WAIT)
    assert filled.session.question == Caption("is:portrait")
    assert window.bar.field.text() == "is:portrait"


def test_arrow_keys_walk_through_past_searches(qtbot, filled):
    field = filled.window.bar.field
    for text in ("a cat", "a dog is:portrait"):
        type_text(qtbot, filled, text)
    qtbot.waitUntil(
        lambda: filled.window.refining.past.recent == ["a dog is:portrait", "a cat"], timeout=WAIT
    )
    field.setText("")
    qtbot.keyClicks(field, "half a thou")
    walked = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(field, key)
        walked.append(field.text())
    assert walked == ["a dog is:portrait", "a cat", "a cat", "a dog is:portrait", "half a thou"]
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert filled.window.grid.hasFocus()


def test_searches_can_be_saved_chosen_and_forgotten(qtbot, filled):
    window, past = filled.window, filled.window.refining.past
    type_text(qtbot, filled, "folder:alps")
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    library: Library = filled._library.get()
    qtbot.waitUntil(lambda: library.saved_searches() == ["folder:alps"], timeout=WAIT)
    window.bar.clear()
    assert not past.save.isEnabled()
    menu = past.menu()
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Save this search",
        "Saved",
        "folder:alps",
    ]
    entry(menu, "folder:alps").trigger()
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=WAIT)
    assert window.bar.field.text() == "folder:alps"
    assert past.save.text() == "Forget this saved search"
    past.save.trigger()
    qtbot.waitUntil(lambda: library.saved_searches() == [], timeout=WAIT)
    menu.close()


def test_searches_of_an_earlier_start_are_there(qtbot, build, tmp_path):
    with Library.open(tmp_path / "library.db") as library:
        library.add_search("a dog")
        library.save_search("a cat")
    app = build()
    qtbot.waitUntil(lambda: app.window.refining.past.recent == ["a dog"], timeout=WAIT)
    assert app.window.refining.past.saved == ["a cat"]


def test_the_viewer_tells_favourites_and_makes_them(qtbot, filled):
    window, library = filled.window, filled._library.get()
    favourites, star = window.refining.favourites, window.viewing.viewer.bar.favourite
    first, second = window.model.photo_id(2), window.model.photo_id(3)
    button = next(
        button
        for button in window.viewing.viewer.bar.findChildren(QToolButton)
        if button.defaultAction() is star
    )
    window.viewing.open(first)
    assert button.isVisible()
    assert (button.isCheckable(), button.isChecked()) == (True, False)
    assert button.toolTip() == "Favourite (Ctrl+B)"
    spoken = QAccessible.queryAccessibleInterface(button)
    assert spoken.text(QAccessible.Text.Name) == "Favourite (Ctrl+B)"
    assert not spoken.state().checked

    # The button makes one, and the keys, the menu and the next photo are followed.
    plain = star.icon().pixmap(24, 24).toImage()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert favourites.ids == {first}
    assert button.isChecked()
    assert QAccessible.queryAccessibleInterface(button).state().checked
    assert star.icon().pixmap(24, 24).toImage() != plain
    qtbot.waitUntil(lambda: library.favourites() == {first}, timeout=WAIT)
    window.viewing.step(1)
    assert not button.isChecked()
    window.viewing.viewer.bar.hide()  # as on a full screen after a while
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert button.isVisible()
    assert button.isChecked()
    assert favourites.ids == {first, second}
    menu = window.photos.menu(second)
    entry(menu, "Remove from favourites").trigger()
    menu.close()
    assert not button.isChecked()
    window.viewing.step(-1)
    assert button.isChecked()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isChecked()
    qtbot.waitUntil(lambda: library.favourites() == frozenset(), timeout=WAIT)

    # It keeps its icon's shape when the colours change.
    favourites.mark([first], True)
    full = star.icon().pixmap(24, 24).toImage()
    filled.theme.apply(Qt.ColorScheme.Dark)
    assert star.icon().pixmap(24, 24).toImage() != full
    assert button.isChecked()
    filled.theme.apply(Qt.ColorScheme.Light)
    assert star.icon().pixmap(24, 24).toImage() == full


def test_ctrl_b_makes_a_favourite_that_can_be_searched_for(qtbot, filled):
    window = filled.window
    window.grid.setFocus()
    window.grid.setCurrentIndex(window.model.index(2))
    chosen = window.grid.selected_id()
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.refining.favourites.ids == {chosen}
    assert window.model.index(2).data(Qt.ItemDataRole.AccessibleTextRole).endswith("favourite")
    library: Library = filled._library.get()
    qtbot.waitUntil(lambda: library.favourites() == {chosen}, timeout=WAIT)
    type_text(qtbot, filled, "is:favourite")
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=WAIT)
    entry(window.photos.menu(chosen), "Remove from favourites").trigger()
    qtbot.waitUntil(window.empty.isVisible, timeout=WAIT)
    assert library.favourites() == set()


def test_favourites_are_there_at_the_next_start(qtbot, filled, build):
    photo_id = filled.window.model.photo_id(0)
    filled.window.refining.favourites.toggle([photo_id])
    qtbot.waitUntil(lambda: filled._library.get().favourites() == {photo_id}, timeout=WAIT)
    assert filled.shutdown(10)
    app = build()
    qtbot.waitUntil(lambda: app.window.refining.favourites.ids == {photo_id}, timeout=WAIT)


def test_a_star_marks_a_favourite(qtbot, filled):
    grid, model = filled.window.grid, filled.window.model
    qtbot.waitUntil(lambda: grid._thumbnails.pixmap(model.photo_id(0)) is not None, timeout=WAIT)
    cell = grid.visualRect(model.index(0))
    before = grid.viewport().grab(cell).toImage()
    filled.window.refining.favourites.toggle([model.photo_id(0)])
    assert grid.viewport().grab(cell).toImage() != before


def test_a_favourite_that_cannot_be_kept_is_taken_back(qtbot, filled, tmp_path):
    window = filled.window
    shown = window.model.ids_between(0, 11)
    qtbot.waitUntil(lambda: all(window._thumbnails.pixmap(photo) for photo in shown), timeout=WAIT)
    with qtbot.waitCallback(timeout=WAIT) as answered:  # nothing else asks the library any more
        filled.tasks.submit(LIBRARY, lambda _: None, answered)
    filled._library.get().close()
    for file in tmp_path.glob("library.db*"):
        file.write_bytes(b"no library any more" * 1000)
    star = window.viewing.viewer.bar.favourite
    window.grid.looked_at = window.model.photo_id(0)
    window.refining.favourites.toggle([window.model.photo_id(0)])
    assert star.isChecked()
    qtbot.waitUntil(lambda: window.refining.favourites.ids == frozenset(), timeout=WAIT)
    assert not star.isChecked()
    assert window.message.text


def test_a_text_from_elsewhere_ends_the_walk_through_past_searches(qtbot, filled):
    field = filled.window.bar.field
    filled.window.refining.past.recent = ["a dog", "a cat"]
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClick(filled.window, Qt.Key.Key_Escape)
    assert field.text() == ""
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "a dog"
    qtbot.keyClick(filled.window, Qt.Key.Key_Escape)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == ""
    assert filled.window.grid.hasFocus()
