"""Long names: they are broken where they have to be, and never widen the window."""

from __future__ import annotations

import pytest

from app.descriptions_panel import DescriptionsPanel
from app.information_panel import InformationPanel
from app.messages import EmptyState, MessageLine
from app.photo_facts import Fact
from app.refinement_bar import RefinementBar
from app.unread_window import UnreadWindow
from app.why_panel import WhyPanel
from app.wrapping_label import BREAK, WrappingLabel, breakable

NAME = "w" * 250 + ".jpg"


@pytest.mark.parametrize("text", ["", "3 files could not be read", "/Winter/a_1.jpg", "two  words\n"])
def test_ordinary_words_stay_as_they_are(text):
    assert breakable(text) == text


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("IMG_2019-07-21_holidays.jpg", "IMG_|2019-|07-|21_|holidays.|jpg"),
        ("see abcdefghijklmnopqrstuvwxyz", "see abcdefghij|klmnopqrst|uvwxyz"),
        ("e\u0301" * 15, "|".join(["e\u0301" * 5] * 3)),
        ("x" * 10 + "\u0301" + "x" * 10, "x" * 10 + "\u0301|" + "x" * 10),
    ],
)
def test_long_ones_can_be_broken_behind_marks_or_else_anywhere(text, broken):
    assert breakable(text) == broken.replace("|", BREAK)
    assert breakable(text).replace(BREAK, "") == text


def test_what_it_says_is_what_it_was_told(qtbot):
    label = WrappingLabel(NAME)
    qtbot.addWidget(label)
    assert label.text() == NAME
    assert label.minimumSizeHint().width() < 200
    label.setText("short")
    assert label.text() == "short"


def message(theme) -> MessageLine:
    line = MessageLine(theme)
    line.show_message(f"{NAME} is no longer in its folder.")
    return line


def empty(theme) -> EmptyState:
    page = EmptyState()
    page.show_state(f"No photos were found in {NAME}.", "Add another folder…", detail=NAME)
    return page


def descriptions(theme) -> DescriptionsPanel:
    panel = DescriptionsPanel(theme)
    panel.wait_for(1, NAME)
    panel.show_no_fit("", f"{NAME} can't be read.")
    return panel


def why(theme) -> WhyPanel:
    panel = WhyPanel(theme)
    panel.wait_for(NAME)
    return panel


def information(theme) -> InformationPanel:
    panel = InformationPanel(theme)
    panel.show_facts([Fact("Name", NAME)], f"{NAME} is no longer in its folder.")
    return panel


def unread(theme) -> UnreadWindow:
    window = UnreadWindow()
    window.say(f"{NAME} can't be reached.")
    return window


def filters(theme) -> RefinementBar:
    bar = RefinementBar(theme)
    bar.show_text(f"folder:{NAME}")
    return bar


@pytest.mark.parametrize("make", [message, empty, descriptions, why, information, unread, filters])
def test_no_place_is_wider_for_a_long_name(qtbot, theme, make):
    place = make(theme)
    qtbot.addWidget(place)
    assert place.layout().minimumSize().width() <= 480


def test_nothing_of_it_is_cut_off_in_a_panel(qtbot, theme):
    for panel in (information(theme), why(theme)):
        qtbot.addWidget(panel)
        labels = panel.findChildren(WrappingLabel)
        assert labels
        for label in labels:
            assert label.minimumSizeHint().width() <= 224  # the narrowest panel, within its margins
