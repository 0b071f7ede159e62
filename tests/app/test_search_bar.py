import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from app.search_bar import SearchBar


@pytest.fixture
def bar(qtbot, theme) -> SearchBar:
    action = QAction("Add folder…")
    menu = QMenu()
    bar = SearchBar(theme, action, menu)
    bar.kept = (action, menu)
    qtbot.addWidget(bar)
    bar.show()
    bar.activateWindow()
    bar.focus()
    return bar


@pytest.fixture
def asked(bar) -> list[str]:
    asked: list[str] = []
    bar.asked.connect(asked.append)
    return asked


def test_a_pause_in_typing_asks_once(qtbot, bar, asked):
    qtbot.keyClicks(bar.field, "a dog ")
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["a dog"])


def test_enter_asks_at_once_and_says_that_it_was_meant(qtbot, bar, asked):
    qtbot.keyClicks(bar.field, "a dog")
    with qtbot.waitSignal(bar.entered) as signal:
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert signal.args == ["a dog"]
    assert asked == ["a dog"]
    qtbot.wait(300)
    assert asked == ["a dog"]


@pytest.mark.parametrize("text", ["", "a dog"])
def test_what_photos_are_to_be_without_is_asked_once_it_is_typed(qtbot, bar, asked, text):
    bar.set_text(text)
    bar.add_filter("not", "")
    without = f"{text} -".strip()
    assert bar.field.text() == without
    qtbot.wait(400)
    assert asked == []
    qtbot.keyClicks(bar.field, "b")
    qtbot.waitUntil(lambda: asked == [f"{without}b"])
    qtbot.keyClick(bar.field, Qt.Key.Key_Backspace)
    qtbot.wait(400)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert asked == [f"{without}b", without]


def test_typing_on_towards_what_photos_are_to_be_without_asks_nothing(qtbot, bar, asked):
    qtbot.keyClicks(bar.field, "a dog")
    qtbot.keyClicks(bar.field, " -")
    qtbot.wait(400)
    assert asked == []


def test_enter_in_an_empty_field_means_nothing(qtbot, bar, asked):
    with qtbot.assertNotEmitted(bar.entered):
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert asked == []


def test_a_space_more_is_not_another_question(qtbot, bar, asked):
    qtbot.keyClicks(bar.field, "a dog")
    qtbot.waitUntil(lambda: asked == ["a dog"])
    qtbot.keyClicks(bar.field, " ")
    qtbot.wait(300)
    assert asked == ["a dog"]


def test_clear_asks_for_everything_at_once(qtbot, bar, asked):
    qtbot.keyClicks(bar.field, "a dog")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    bar.clear()
    assert asked == ["a dog", ""]


def test_a_text_that_is_set_is_not_asked(qtbot, bar, asked):
    bar.set_text("a cat")
    qtbot.wait(300)
    assert asked == []
    assert bar.field.text() == "a cat"


def test_down_leads_to_the_photos(qtbot, bar):
    with qtbot.waitSignal(bar.leave_pressed):
        qtbot.keyClick(bar.field, Qt.Key.Key_Down)


def test_typing_from_elsewhere_lands_in_the_field(qtbot, bar):
    bar.field.clearFocus()
    bar.type_text("x")
    assert bar.field.text() == "x"
    assert bar.field.hasFocus()


def test_everything_in_it_has_a_name(bar):
    assert bar.field.accessibleName()
    for button in bar.findChildren(QToolButton):
        if button.parent() is bar:
            assert button.accessibleName()


def test_back_is_off_until_there_is_somewhere_to_go(qtbot, bar):
    back = next(b for b in bar.findChildren(QToolButton) if b.accessibleName() == "Back")
    assert not back.isEnabled()
    bar.set_back_enabled(True)
    with qtbot.waitSignal(bar.back_pressed):
        back.click()
