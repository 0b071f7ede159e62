"""From the grid into the viewer, through the photos, and back: with a real library."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from app.application import Application
from app.lanes import PICTURES
from app.questions import Browse
from app.viewer import Viewer

WAIT = 60_000


@pytest.fixture
def window(filled: Application):
    filled.window.grid.setFocus()
    filled.window.grid.setCurrentIndex(filled.window.model.index(4))
    return filled.window


@pytest.fixture
def viewer(window) -> Viewer:
    return window.viewing.viewer


def wait_for_row(qtbot, window, row: int) -> None:
    photo_id = window.model.photo_id(row)
    qtbot.waitUntil(lambda: window.grid.selected_id() == photo_id, timeout=WAIT)
    name = window.photos._library.get().photo(photo_id).path.name
    qtbot.waitUntil(lambda: window.viewing.viewer.bar.text == f"{name} {row + 1} of 12", timeout=WAIT)


def test_enter_opens_and_escape_goes_back_to_the_photo_last_seen(qtbot, window, viewer):
    with qtbot.waitSignal(window.viewing.opened):
        qtbot.keyClick(window.grid, Qt.Key.Key_Return)
    assert viewer.isVisible()
    assert window.viewing.is_open
    assert QApplication.focusWidget() is viewer.canvas
    assert not window.bar.isVisible()
    wait_for_row(qtbot, window, 4)
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not None, timeout=WAIT)

    for key, row in (
        (Qt.Key.Key_Right, 5),
        (Qt.Key.Key_PageDown, 6),
        (Qt.Key.Key_Left, 5),
        (Qt.Key.Key_PageUp, 4),
        (Qt.Key.Key_PageUp, 3),
    ):
        qtbot.keyClick(viewer.canvas, key)
        wait_for_row(qtbot, window, row)
    seen = window.grid.selected_id()

    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.viewing.is_open
    assert window.grid.isVisible()
    assert window.bar.isVisible()
    assert window.grid.hasFocus()
    assert window.grid.selected_id() == seen
    assert viewer.canvas.loaded is None


def test_the_ends_the_slideshow_and_the_full_screen(qtbot, window, viewer):
    qtbot.keyClick(window.grid, Qt.Key.Key_Space)
    assert window.viewing.is_open
    window.viewing.step(-100)
    wait_for_row(qtbot, window, 0)
    assert not viewer.bar.previous.isEnabled()
    window.viewing.step(100)
    wait_for_row(qtbot, window, 11)
    assert not viewer.bar.following.isEnabled()

    viewer.slideshow.pause.setInterval(10)
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_F5)
    assert viewer.slideshow.playing
    qtbot.waitUntil(lambda: window.grid.selected_id() == window.model.photo_id(1), timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not viewer.slideshow.playing
    assert window.viewing.is_open

    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert viewer.canvas.height() == viewer.height()
    viewer._idle.timeout.emit()
    assert viewer.bar.isHidden()
    viewer.wake()
    assert viewer.bar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.viewing.is_open
    assert viewer.canvas.height() < viewer.height()


def test_the_pointer_stays_away_as_photos_go_by_on_a_full_screen(qtbot, window, viewer):
    blank = Qt.CursorShape.BlankCursor
    window.viewing.open(window.model.photo_id(0))
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not None, timeout=WAIT)
    window.viewing.toggle_full_screen()
    qtbot.waitUntil(lambda: window.size() == window.screen().size())
    viewer._idle.timeout.emit()
    assert viewer.canvas.cursor().shape() == blank
    before = viewer.canvas.loaded
    window.viewing.step(1)
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not before, timeout=WAIT)
    assert viewer.canvas.cursor().shape() == blank
    assert window.viewing.close()
    assert viewer.canvas.cursor().shape() != blank


def test_news_of_the_library_leaves_the_viewer_open_and_a_new_question_closes_it(
    qtbot, window, viewer, filled
):
    window.viewing.open(window.model.photo_id(2))
    with qtbot.waitSignal(window.navigator.shown, timeout=WAIT):
        window.navigator.repeat()
    assert window.viewing.is_open
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert not window.viewing.is_open
    assert window.bar.field.hasFocus()

    window.viewing.open(window.model.photo_id(2))
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert not window.viewing.is_open
    assert isinstance(filled.session.question, Browse)

    window.viewing.open(window.model.photo_id(2))
    window.navigator.look_alikes(filled._library.get().photo(window.model.photo_id(2)))
    qtbot.waitUntil(lambda: not window.viewing.is_open, timeout=WAIT)
    assert window.grid.isVisible()


def test_a_photo_that_goes_is_a_sentence_and_the_next_one_is_shown(qtbot, window, viewer):
    window.viewing.open_selected()
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not None, timeout=WAIT)
    path = window.photos._library.get().photo(window.grid.selected_id()).path
    path.rename(path.with_name("renamed.jpg"))
    qtbot.waitUntil(lambda: "no longer in its folder" in viewer.trouble, timeout=WAIT)
    assert viewer.canvas.loaded is None
    viewer.bar.following.trigger()
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not None, timeout=WAIT)
    assert viewer.trouble == ""


def test_the_menu_opens_in_the_viewer(qtbot, window, viewer):
    window.viewing.open_selected()
    viewer.customContextMenuRequested.emit(viewer.rect().center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Open" in {action.text() for action in menu.actions()}
    menu.close()


@pytest.fixture
def liked(qtbot, window) -> list[int]:
    """Four favourites, in the order of their filter's answer, of which the second is looked at."""
    window.refining.favourites.mark([window.model.photo_id(row) for row in range(4)], True)
    window.navigator.choose("is:favourite")
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=WAIT)
    return [window.model.photo_id(row) for row in range(4)]


def no_favourite_any_more(qtbot, window) -> None:
    rows = window.model.rowCount()
    qtbot.keyClick(window.viewing.viewer.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.model.rowCount() == rows - 1, timeout=WAIT)


def test_the_keys_are_meant_for_the_photo_that_is_seen_though_the_filter_drops_it(qtbot, window, liked):
    window.viewing.open(liked[1])
    no_favourite_any_more(qtbot, window)
    assert window.viewing.is_open
    assert window.grid.chosen_ids() == [liked[1]]
    qtbot.keyClick(window.viewing.viewer.canvas, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.about.information_panel.isVisible, timeout=WAIT)
    qtbot.keyClick(window.viewing.viewer.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=WAIT)
    window.viewing.close()
    assert window.grid.selected_ids() == [liked[1]]


def test_no_photo_is_skipped_where_the_filter_drops_one(qtbot, window, viewer, liked):
    window.viewing.open(liked[1])
    no_favourite_any_more(qtbot, window)
    viewer.bar.following.trigger()
    assert window.grid.selected_id() == liked[2]
    viewer.bar.previous.trigger()
    assert window.grid.selected_id() == liked[0]
    window.viewing.step(2)
    assert window.grid.selected_id() == liked[3]
    no_favourite_any_more(qtbot, window)
    assert not viewer.bar.following.isEnabled()
    window.viewing.step(1)
    assert window.grid.selected_id() == liked[3]
    viewer.bar.previous.trigger()
    assert window.grid.selected_id() == liked[2]


def test_the_last_favourite_stays_in_sight_though_the_filter_drops_it(qtbot, window, viewer):
    window.refining.favourites.mark([window.model.photo_id(3)], True)
    window.navigator.choose("is:favourite")
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=WAIT)
    liked = window.model.photo_id(0)
    window.viewing.open(liked)
    no_favourite_any_more(qtbot, window)
    assert window.viewing.is_open
    assert QApplication.focusWidget() is viewer.canvas
    assert " of " not in viewer.bar.text
    assert not viewer.bar.previous.isEnabled()
    assert not viewer.bar.following.isEnabled()
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=WAIT)
    assert viewer.bar.text.endswith(" 1 of 1")
    window.viewing.close()
    assert window.grid.isVisible()
    assert window.grid.selected_ids() == [liked]

    window.viewing.open(liked)
    no_favourite_any_more(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.viewing.is_open
    assert window.empty.isVisible()
    assert window.empty.text == "No photo fits these filters."
    assert QApplication.focusWidget().text() == "Remove the filters"
    assert window.bar.isVisible()


def test_a_slideshow_waits_for_photos_that_are_slow_to_read(qtbot, window, viewer):
    window.viewing.open(window.model.photo_id(0))
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not None, timeout=WAIT)
    gate, held, tasks = threading.Event(), [], window.viewing._pictures._tasks
    for _ in range(PICTURES.threads):
        tasks.submit(PICTURES, lambda _: held.append(1) or gate.wait(), lambda _: None, lambda _: None)
    try:
        qtbot.waitUntil(lambda: len(held) == PICTURES.threads, timeout=WAIT)  # nothing is read any more
        viewer.slideshow.pause.setInterval(10)
        window.viewing.step(3)  # so far nothing of it was read ahead
        viewer.slideshow.toggle()
        window.viewing.step(1)
        qtbot.wait(200)
        assert viewer.slideshow.playing
        assert window.grid.selected_id() == window.model.photo_id(4)
    finally:
        gate.set()
    qtbot.waitUntil(lambda: window.grid.selected_id() == window.model.photo_id(7), timeout=WAIT)


def test_what_is_told_of_a_photo_follows_the_viewer_through_several_that_are_selected(qtbot, window):
    window.grid.selectAll()
    window.viewing.open_selected()
    window.about.toggle_information()
    qtbot.waitUntil(lambda: window.about.information_panel.isVisible(), timeout=WAIT)
    for _ in range(2):
        window.viewing.step(1)
        seen = window.grid.looked_at
        qtbot.waitUntil(lambda seen=seen: window.about.information._asked == seen, timeout=WAIT)
    assert len(window.grid.selected_ids()) == 12


def test_what_is_not_seen_is_not_changed(qtbot, window):
    window.navigator.choose("привет")
    qtbot.waitUntil(lambda: window.empty.isVisible(), timeout=WAIT)
    assert window.model.rowCount() == 12
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    qtbot.wait(50)
    assert window.refining.favourites.ids == set()
    assert window.message.text == "Choose a photo first."
    window.navigator.back()
    qtbot.waitUntil(lambda: window.grid.isVisible(), timeout=WAIT)
    assert window.grid.selected_id() == window.model.photo_id(4)


def test_descriptions_that_come_late_leave_the_viewer_with_the_photo_looked_at_meanwhile(qtbot, window):
    window.navigator.describe(window.photos._library.get().photo(window.model.photo_id(1)))
    window.viewing.open(window.model.photo_id(2))
    qtbot.waitUntil(lambda: window.panel.list.count() > 0, timeout=WAIT)
    assert window.viewing.is_open
    assert window.grid.looked_at == window.model.photo_id(2)


def test_a_slideshow_of_one_photo_stays_with_it(qtbot, window, viewer):
    window.refining.favourites.mark([window.model.photo_id(3)], True)
    window.navigator.choose("is:favourite")
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=WAIT)
    liked = window.model.photo_id(0)
    window.viewing.open(liked)
    viewer.slideshow.pause.setInterval(10)
    viewer.slideshow.toggle()
    qtbot.wait(100)
    assert viewer.slideshow.playing
    assert viewer.slideshow.pause.isActive()
    window.refining.favourites.mark([liked], False)
    qtbot.waitUntil(lambda: window.model.rowCount() == 0, timeout=WAIT)
    qtbot.wait(100)
    assert window.viewing.is_open
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Space)
    assert window.viewing.is_open
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Space)
    assert window.empty.isVisible()


def test_the_viewer_says_that_its_photo_has_left_the_library(qtbot, window, viewer, filled):
    window.viewing.open(window.model.photo_id(2))
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not None, timeout=WAIT)
    filled.indexing.remove(filled._library.get().roots()[0].id)
    qtbot.waitUntil(lambda: viewer.trouble == "This photo is no longer in the library.", timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.empty.isVisible()
    assert window.empty.text.startswith("Add a folder")
