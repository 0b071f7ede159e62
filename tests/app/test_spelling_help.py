"""What is offered for a word that was typed wrong, in the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.application import Application
from app.close_button import CloseButton
from app.questions import Caption
from tests.app.answers import is_found

WAIT = 20_000


def search(qtbot, app: Application, text: str) -> None:
    app.window.bar.ask(text)
    qtbot.waitUntil(lambda: is_found(app, text), timeout=WAIT)


def test_the_word_is_replaced_on_demand_and_the_search_ran_as_typed(qtbot, filled):
    window = filled.window
    search(qtbot, filled, "a kid swiming is:landscape")
    assert window.model.results.caption == "a kid swiming"
    qtbot.waitUntil(lambda: window.message.text == "Did you mean “swimming”?", timeout=WAIT)
    button = next(b for b in window.message.findChildren(QPushButton) if b.text() == "Search for that")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.bar.field.text() == "a kid swimming is:landscape"
    assert window.bar.field.hasFocus()
    assert filled.session.question == Caption("a kid swimming is:landscape")
    assert window.message.text == ""


def test_two_words_are_offered_together(qtbot, filled):
    search(qtbot, filled, "swiming with a bycicle")
    qtbot.waitUntil(
        lambda: filled.window.message.text == "Did you mean “swimming” and “bicycle”?", timeout=WAIT
    )


@pytest.mark.parametrize(
    "text", ["two dogs on a beach", "Swiming dog", '"swiming" dog', "dog folder:swiming"]
)
def test_nothing_is_offered_for_what_may_be_right(qtbot, filled, text):
    answered = []
    filled.session.spell(text, answered.append)
    qtbot.waitUntil(lambda: bool(answered), timeout=WAIT)
    assert answered == [()]


def test_what_was_closed_is_not_offered_again(qtbot, filled):
    window = filled.window
    search(qtbot, filled, "a swiming kid")
    qtbot.waitUntil(lambda: window.message.text.startswith("Did you mean"), timeout=WAIT)
    qtbot.mouseClick(window.message.findChild(CloseButton), Qt.MouseButton.LeftButton)
    search(qtbot, filled, "a swiming dog")
    answered = []
    filled.session.spell("a swiming dog", answered.append)
    qtbot.waitUntil(lambda: bool(answered), timeout=WAIT)
    assert len(answered[0]) == 1
    assert window.message.text == ""


def test_what_there_is_to_say_else_comes_first(qtbot, filled):
    window = filled.window
    search(qtbot, filled, "a swiming kid date:foo")
    answered = []
    filled.session.spell("a swiming kid", answered.append)
    qtbot.waitUntil(lambda: bool(answered), timeout=WAIT)
    assert "date:foo" in window.message.text


def test_the_next_question_takes_the_offer_away(qtbot, filled):
    window = filled.window
    search(qtbot, filled, "a swiming kid")
    qtbot.waitUntil(lambda: window.message.text.startswith("Did you mean"), timeout=WAIT)
    search(qtbot, filled, "a kid")
    assert window.message.text == ""
