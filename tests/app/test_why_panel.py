import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.loaded_photo import LoadedPhoto
from app.reasons import WordReason
from app.why_panel import WhyPanel
from app.word_light import WordLight


def reason(word: str, share: float) -> WordReason:
    return WordReason(word, share, WordLight.of([[0.0, 1.0], [0.0, 0.0]]))


REASONS = (("the", 1.0), ("kids", 0.9), ("snowman", 0.8))


@pytest.fixture
def panel(qtbot, theme) -> WhyPanel:
    panel = WhyPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(320, 700)
    panel.wait_for("IMG_7.jpg")
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def loaded(qapp) -> LoadedPhoto:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#d0d0d0"))
    return LoadedPhoto(None, (image,), QSize(400, 200), stamp=1)


def answer(panel: WhyPanel) -> None:
    panel.show_reasons(tuple(reason(word, share) for word, share in REASONS))


def test_it_opens_at_once_and_says_what_it_waits_for(panel):
    assert panel.isVisible()
    assert panel.text == "Looking at IMG_7.jpg…"
    assert panel.words.chips == []


def test_it_says_which_words_decided(panel):
    answer(panel)
    assert panel.text == "Found mostly by “kids” and “snowman”."
    assert [chip.text() for chip in panel.words.chips] == ["the", "kids", "snowman"]


def test_entering_lights_the_word_that_says_most(qtbot, panel, loaded):
    panel.show_photo(loaded)
    answer(panel)
    plain = panel.photo.grab().toImage()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.enter()
    assert QApplication.focusWidget() is panel.words.chips[1]
    assert panel.photo.light is not None
    assert panel.photo.grab().toImage() != plain
    qtbot.keyClick(panel.words.chips[1], Qt.Key.Key_Right)
    assert QApplication.focusWidget() is panel.words.chips[2]


def test_the_photo_keeps_its_form(panel, loaded):
    panel.show_photo(loaded)
    assert panel.photo.heightForWidth(300) == 150
    tall = LoadedPhoto(None, (QImage(10, 90, QImage.Format.Format_RGB32),), QSize(10, 90))
    panel.show_photo(tall)
    assert panel.photo.heightForWidth(300) == 375


@pytest.mark.parametrize("gone", [True, False])
def test_a_trouble_is_one_sentence_instead_of_words(panel, loaded, gone):
    answer(panel)
    panel.show_trouble("This photo is not read yet.", gone=gone)
    assert panel.text == "This photo is not read yet."
    assert panel.words.chips == []
    assert panel.photo.isHidden() is gone
    panel.wait_for("IMG_8.jpg")
    assert panel.photo.isVisible()


def test_the_close_button_closes(qtbot, panel):
    with qtbot.waitSignal(panel.closed):
        panel._close.click()
