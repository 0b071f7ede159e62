"""Back from what descriptions led to, in the whole window, with real photos."""

import pytest

from app.application import Application
from app.questions import Browse, Caption, DescribedAlike
from tests.app.answers import is_at
from tests.app.test_window import press

WAIT = 20_000
FOUND = 60_000


def describe(qtbot, app: Application, row: int) -> DescribedAlike:
    """Find similar descriptions of a photo that is shown; return the question that follows."""
    window = app.window
    photo_id = window.model.photo_id(row)
    press(window.photos.menu(photo_id), "Find similar descriptions")
    qtbot.waitUntil(lambda: getattr(app.session.question, "photo_id", None) == photo_id, timeout=FOUND)
    question = app.session.question
    assert isinstance(question, DescribedAlike)
    qtbot.waitUntil(lambda: is_at(app, question), timeout=WAIT)
    return question


def words(app: Application) -> list[str]:
    shown = app.window.panel.list
    return [shown.item(row).text() for row in range(shown.count())]


@pytest.fixture
def twice(qtbot, filled) -> tuple[DescribedAlike, list[str], DescribedAlike]:
    """A photo's descriptions, those in the panel, and then another photo's that would be described alike."""
    first = describe(qtbot, filled, 0)
    listed = words(filled)
    return first, listed, describe(qtbot, filled, 3)


def test_back_to_another_photos_descriptions_shows_those_again(qtbot, filled, twice):
    window = filled.window
    first, listed, _ = twice
    window.panel.field.setText("a black dog")
    window.navigator.back()
    assert window.panel.photo_id == first.photo_id
    assert window.panel._picture.accessibleName() == first.name
    assert window.panel.own_text == ""
    qtbot.waitUntil(lambda: words(filled) == listed, timeout=FOUND)
    qtbot.waitUntil(lambda: is_at(filled, first), timeout=WAIT)
    window.navigator.back()
    qtbot.waitUntil(lambda: is_at(filled, Browse()), timeout=WAIT)
    assert window.panel.isHidden()


def test_a_panel_that_was_closed_stays_closed_on_the_way_back(qtbot, filled, twice):
    filled.window.navigator.close_panel()
    filled.window.navigator.back()
    qtbot.waitUntil(lambda: is_at(filled, twice[0]), timeout=WAIT)
    assert filled.window.panel.isHidden()


def test_every_description_that_is_searched_for_is_a_step_back(qtbot, filled):
    first = describe(qtbot, filled, 0)
    window, (one, other) = filled.window, words(filled)[:2]
    window.panel.field.setText("a black dog")
    for text in (one, other):
        window.panel.chosen.emit(text)
        qtbot.waitUntil(lambda text=text: is_at(filled, Caption(text)), timeout=WAIT)
        assert window.bar.field.text() == text
    window.navigator.back()
    qtbot.waitUntil(lambda: is_at(filled, Caption(one)), timeout=WAIT)
    assert window.bar.field.text() == one
    window.navigator.back()
    qtbot.waitUntil(lambda: is_at(filled, first), timeout=WAIT)
    assert window.panel.own_text == "a black dog"
    assert words(filled)[:2] == [one, other]
