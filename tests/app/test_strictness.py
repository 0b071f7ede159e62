"""How sure a match must be, in the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.application import Application
from app.settings import Settings
from tests.app.answers import is_found
from tests.app.hands import handle, strike

WAIT = 20_000


def search(qtbot, app: Application, text: str) -> None:
    app.window.bar.ask(text)
    qtbot.waitUntil(lambda: is_found(app, text), timeout=WAIT)


def chosen(app: Application) -> list[str]:
    return [step for step, button in app.window.strictness.buttons.items() if button.isChecked()]


@pytest.fixture
def searched(qtbot, filled) -> Application:
    search(qtbot, filled, "a red circle")
    return filled


def test_it_is_there_only_where_matches_and_weaker_ones_are_told_apart(qtbot, filled):
    switch, window = filled.window.strictness, filled.window
    assert switch.isHidden()
    search(qtbot, filled, "a red circle")
    assert switch.isVisible()
    assert chosen(filled) == ["good"]
    window.navigator.look_alikes(window.model.photo(window.model.photo_id(0)))
    qtbot.waitUntil(lambda: not window.model.is_divided, timeout=WAIT)
    assert switch.isHidden()


def test_a_press_draws_the_line_elsewhere_and_it_stays_there(qtbot, searched, tmp_path):
    window = searched.window
    strongest = window.model.results.hits[0].score
    counts = {}
    for step in ("more", "good", "best"):
        qtbot.mouseClick(window.strictness.buttons[step], Qt.MouseButton.LeftButton)
        assert chosen(searched) == [step]
        counts[step] = window.model._matches()
    assert counts["more"] >= counts["good"] >= counts["best"]
    assert counts["more"] > counts["best"], strongest
    search(qtbot, searched, "a blue circle")
    assert chosen(searched) == ["best"]
    assert "best" in window.model.sections()[0].title or "that sure" in window.model.sections()[0].title
    assert Settings(tmp_path / "settings.ini").strictness == "best"


def test_the_next_start_has_it_still(qtbot, build, tmp_path):
    Settings(tmp_path / "settings.ini").strictness = "more"
    assert chosen(build()) == ["more"]


def test_keys_go_from_step_to_step(qtbot, searched):
    buttons = searched.window.strictness.buttons
    buttons["good"].setFocus(Qt.FocusReason.TabFocusReason)
    for key, step in (
        (Qt.Key.Key_Right, "more"),
        (Qt.Key.Key_Right, "more"),
        (Qt.Key.Key_Left, "good"),
        (Qt.Key.Key_Left, "best"),
    ):
        qtbot.keyClick(searched.window.focusWidget(), key)
        assert chosen(searched) == [step]
        assert buttons[step].hasFocus()
    assert [b.focusPolicy() == Qt.FocusPolicy.StrongFocus for b in buttons.values()] == [True, False, False]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_press_what_stands_in_the_headings_and_open_no_photo(qtbot, searched, key):
    window, buttons = searched.window, searched.window.strictness.buttons
    window.grid.setCurrentIndex(window.model.index(0))
    qtbot.mouseClick(buttons["best"], Qt.MouseButton.LeftButton)
    more = next(b for b in window.grid.findChildren(QPushButton) if b.objectName() == "headingButton")
    qtbot.waitUntil(more.isVisible)
    for shown in (True, False):
        more.setFocus(Qt.FocusReason.TabFocusReason)
        strike(handle(window), key)
        assert window.model.weaker_shown == shown
    buttons["good"].setFocus(Qt.FocusReason.TabFocusReason)
    strike(handle(window), key)
    assert chosen(searched) == ["good"]
    assert not window.viewing.is_open
    window.grid.setFocus()
    strike(handle(window), key)
    assert window.viewing.is_open


def test_only_the_keyboard_brings_the_switch_into_sight(qtbot, searched):
    """The focus comes back to it, too, when a menu closes or the window is activated again."""
    window = searched.window
    window.resize(900, 420)
    window.model.show_weaker(True)
    bar = window.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 50)
    button = window.strictness.buttons["good"]
    reasons = Qt.FocusReason
    for reason in (reasons.MouseFocusReason, reasons.PopupFocusReason, reasons.ActiveWindowFocusReason):
        window.bar.field.setFocus()
        bar.setValue(50)
        button.setFocus(reason)
        assert bar.value() == 50
    window.bar.field.setFocus()
    button.setFocus(reasons.BacktabFocusReason)
    assert bar.value() == 0


def test_a_narrow_window_has_no_room_for_it(qtbot, searched):
    window = searched.window
    window.resize(560, 600)
    qtbot.waitUntil(window.strictness.isHidden)
    window.resize(1300, 600)
    qtbot.waitUntil(window.strictness.isVisible)


def test_it_scrolls_with_its_line(qtbot, searched):
    window = searched.window
    window.resize(900, 420)
    window.model.show_weaker(True)
    qtbot.waitUntil(lambda: window.grid.verticalScrollBar().maximum() > 50)
    before = window.strictness.y()
    window.grid.verticalScrollBar().setValue(50)
    assert window.strictness.y() == before - 50
