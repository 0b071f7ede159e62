"""A description of one's own, in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app import shortcuts
from app.application import Application
from app.questions import Caption, DescribedAlike

WAIT = 60_000


@pytest.fixture
def described(qtbot, filled) -> Application:
    window = filled.window
    window.photos.descriptions_wanted.emit(window.model.photo(window.model.photo_id(0)))
    qtbot.waitUntil(lambda: isinstance(filled.session.question, DescribedAlike), timeout=WAIT)
    return filled


@pytest.fixture
def filled(qtbot, filled) -> Application:
    photos = filled._library.get().photos(filled._library.get().present_ids())
    for photo in photos.values():
        filled.window.model.remember(photo)
    return filled


def test_it_is_measured_while_one_types_and_searched_for_with_enter(qtbot, described):
    window, panel = described.window, described.window.panel
    alike = described.session.question
    qtbot.keyClicks(panel.field, "a red circle")
    qtbot.waitUntil(panel._fit.isVisible, timeout=WAIT)
    strength = described.session._describer.get().strength("a red circle", panel.photo_id)
    assert panel._fit.text() == f"fits {round(100 * strength)} %"
    assert described.session.question == alike
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert described.session.question == Caption("a red circle")
    assert panel.isVisible()
    window.navigator.back()
    assert described.session.question == alike


def test_a_listed_description_has_the_same_strength_when_it_is_typed(qtbot, described):
    panel = described.window.panel
    listed = panel.list.item(0)
    panel._edit_row(0)
    qtbot.waitUntil(panel._fit.isVisible, timeout=WAIT)
    assert panel._fit.text() == listed.toolTip().split(" · ")[0]


def test_words_of_another_script_are_answered_in_the_panel(qtbot, described):
    panel = described.window.panel
    panel.field.setText("雪人")
    qtbot.waitUntil(panel._fit.isVisible, timeout=WAIT)
    assert panel._fit.text().startswith("Descriptions work in English")
    assert described.window.message.text == ""


def test_the_key_is_listed(filled):
    listed = {s.does: s.keys for group in shortcuts.groups(filled.window) for s in group.shortcuts}
    assert listed["Change the description"] == ("F2",)
