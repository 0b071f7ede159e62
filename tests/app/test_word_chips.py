import re
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.reasons import WordReason
from app.theme import DARK, LIGHT
from app.word_chips import WordChips
from app.word_light import WordLight
from engine import resources
from tests.app.test_theme import contrast

WORDS = (("two", 0.1), ("kids", 0.7), ("building", 0.4), ("a", 0.2), ("snowman", 1.0))


@pytest.fixture
def chips(qtbot, theme) -> WordChips:
    light = WordLight.of([[0.0, 1.0]])
    chips = WordChips()
    qtbot.addWidget(chips)
    chips.resize(240, 200)
    chips.show_words([WordReason(word, share, light) for word, share in WORDS])
    chips.show()
    qtbot.waitExposed(chips)
    chips.activateWindow()
    qtbot.waitUntil(chips.isActiveWindow)
    for chip in chips.chips:
        chip.clearFocus()  # a window gives it to its first button
    return chips


@pytest.fixture
def heard(chips) -> list[int]:
    heard: list[int] = []
    chips.lit.connect(heard.append)
    return heard


def test_every_word_says_how_much_it_decided(chips):
    assert [chip.text() for chip in chips.chips] == [word for word, _ in WORDS]
    assert chips.chips[4].accessibleName() == "snowman, decided much"
    assert [chip.property("decided") for chip in chips.chips] == ["little", "much", "some", "little", "much"]


def test_they_run_in_lines_and_never_overlap(chips):
    places = [chip.geometry() for chip in chips.chips]
    assert len({place.top() for place in places}) > 1
    assert all(place.right() < 240 for place in places)
    assert not any(one.intersects(other) for one, other in pairwise(places))
    assert chips.heightForWidth(150) > chips.heightForWidth(400)


def test_pointing_lights_a_word_and_leaving_puts_it_out(chips, heard):
    QApplication.sendEvent(chips.chips[2], QEvent(QEvent.Type.Enter))
    QApplication.sendEvent(chips.chips[2], QEvent(QEvent.Type.Leave))
    assert heard == [2, -1]


def test_the_keyboard_steps_through_the_words(chips, heard):
    chips.chips[0].setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Right):
        QTest.keyClick(QApplication.focusWidget(), key)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Home)
    assert [number for number in heard if number >= 0] == [0, 1, 2, 1, 4, 0]


def test_after_pointing_the_word_with_the_focus_is_lit_again(chips, heard):
    chips.chips[1].setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.sendEvent(chips.chips[3], QEvent(QEvent.Type.Enter))
    QApplication.sendEvent(chips.chips[3], QEvent(QEvent.Type.Leave))
    assert heard == [1, 3, 1]


def test_other_words_take_their_place(chips):
    chips.show_words([])
    assert chips.chips == []
    assert chips.heightForWidth(240) == 0


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_chip_is_readable_and_stronger_ones_stand_out_more(colours):
    sheet = (resources() / "style" / "app.qss").read_text("utf-8")
    grounds = {}
    for decided in ("", '[decided="some"]', '[decided="much"]'):
        rule = re.search(re.escape(f"#wordChip{decided} {{") + r"([^}]*)}", sheet)[1]
        ground = re.search(r"background: @(\w+)", rule)[1]
        ink = re.search(r"[ ;]color: @(\w+)", rule)
        assert contrast(colours[ink[1] if ink else "text"], colours[ground]) >= 4.5
        grounds[decided] = QColor(colours[ground])
    strength = [contrast(ground.name(), colours["surface"]) for ground in grounds.values()]
    assert strength == sorted(strength)
    assert len(set(strength)) == 3
