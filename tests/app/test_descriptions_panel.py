import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap

from app.description_delegate import pencil_place
from app.descriptions_panel import PICTURE, DescriptionsPanel
from app.picture_image import fitted
from engine import Description
from tests.app.hands import double_click

DESCRIPTIONS = (
    Description("two kids building a snowman", 0.91, "caption"),
    Description("children playing in the snow " * 6, 0.6, "composed"),
    Description("winter", 0.1, "search"),
)


@pytest.fixture
def panel(qtbot, theme) -> DescriptionsPanel:
    panel = DescriptionsPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    panel.wait_for(7, "IMG_7.jpg")
    return panel


def test_it_opens_at_once_and_says_what_it_waits_for(panel):
    assert panel.isVisible()
    assert panel.photo_id == 7
    assert "IMG_7.jpg" in panel._hint.text()


@pytest.mark.parametrize("size", [QSize(96, 72), QSize(923, 692), QSize(300, 692), QSize(923, 200)])
def test_the_photo_is_seen_whole_and_needs_no_more_room_however_large_the_grid_shows_it(panel, size):
    panel.wait_for(8, "usual.jpg", QPixmap(184, 138))
    room = panel.minimumSizeHint().height()
    panel.wait_for(9, "another.jpg", QPixmap(size))
    panel.resize(panel.minimumWidth(), 500)
    shown, place = panel._picture.pixmap(), panel._picture.contentsRect()
    assert panel.minimumSizeHint().height() <= room
    assert place.size().expandedTo(shown.size()) == place.size()
    assert shown.width() / shown.height() == pytest.approx(size.width() / size.height(), rel=0.02)


def test_a_fine_screen_shows_the_photo_with_more_pixels_in_the_same_place(panel, monkeypatch):
    monkeypatch.setattr(panel, "devicePixelRatioF", lambda: 2.0)
    shown = fitted(QPixmap(923, 692), PICTURE, 2.0)
    assert (shown.devicePixelRatio(), shown.size()) == (2.0, QSize(448, 336))
    panel.wait_for(8, "fine.jpg", shown)
    assert panel._picture.sizeHint().height() == 168


def test_descriptions_are_listed_best_first_with_strength_and_source(panel):
    panel.show_descriptions(DESCRIPTIONS)
    assert [panel.list.item(row).text() for row in range(3)] == [d.text for d in DESCRIPTIONS]
    spoken = panel.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "two kids building a snowman, fits 91 %, from a photo's caption"
    assert panel.list.item(2).toolTip() == "fits 10 % · you searched for this"


def test_a_click_chooses(qtbot, panel):
    panel.show_descriptions(DESCRIPTIONS)
    place = panel.list.visualItemRect(panel.list.item(1)).center()
    with qtbot.waitSignal(panel.chosen) as signal:
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert signal.args == [DESCRIPTIONS[1].text]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_chooses(qtbot, panel, key):
    panel.show_descriptions(DESCRIPTIONS)
    panel.list.setFocus()
    panel.list.setCurrentRow(2)
    with qtbot.waitSignal(panel.chosen) as signal:
        qtbot.keyClick(panel.list, key)
    assert signal.args == ["winter"]


def test_enter_in_an_empty_list_chooses_nothing(qtbot, panel):
    panel.list.setFocus()
    with qtbot.assertNotEmitted(panel.chosen):
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)


def test_a_double_click_on_the_words_chooses_once(panel):
    panel.show_descriptions(DESCRIPTIONS)
    chosen: list[str] = []
    panel.chosen.connect(chosen.append)
    double_click(panel.list.viewport(), panel.list.visualItemRect(panel.list.item(2)).center())
    assert chosen == ["winter"]


def test_a_double_click_on_the_pencil_only_edits(panel):
    panel.show_descriptions(DESCRIPTIONS)
    chosen: list[str] = []
    panel.chosen.connect(chosen.append)
    double_click(panel.list.viewport(), pencil_place(panel.list.visualItemRect(panel.list.item(2))).center())
    assert chosen == []
    assert panel.field.text() == "winter"
    assert panel.field.hasFocus()


def test_long_descriptions_get_more_room(panel):
    panel.show_descriptions(DESCRIPTIONS)
    heights = [panel.list.visualItemRect(panel.list.item(row)).height() for row in range(3)]
    assert heights[1] > heights[0] == heights[2]


def test_no_description_is_said(panel):
    panel.show_descriptions(())
    assert panel._hint.text().startswith("No description")


def test_another_photo_starts_afresh(panel):
    panel.show_descriptions(DESCRIPTIONS)
    panel.wait_for(8, "IMG_8.jpg")
    assert panel.list.count() == 0


def test_it_paints_every_state(qtbot, panel):
    panel.show_descriptions(DESCRIPTIONS)
    plain = panel.list.viewport().grab().toImage()
    panel.list.setCurrentRow(1)
    assert panel.list.viewport().grab().toImage() != plain


def test_every_line_is_as_high_as_its_text_needs_however_many_there_are(qtbot, panel):
    """The scroll bar that comes with the last line must not narrow those before it."""
    texts = [f"two cats are stretching on a windowsill number {n}" for n in range(20)]
    panel.resize(270, 400)
    panel.wait_for(1, "cat.jpg")
    panel.show_descriptions([Description(text, 0.5, "composed") for text in texts])
    rows = [panel.list.visualItemRect(panel.list.item(row)) for row in range(20)]
    needed = [panel.list.sizeHintForIndex(panel.list.indexFromItem(panel.list.item(r))) for r in range(20)]
    assert [row.height() for row in rows] == [size.height() for size in needed]
    assert panel.list.verticalScrollBar().isEnabled()
    panel.show_descriptions([])
    panel.wait_for(2, "dog.jpg")
    qtbot.waitUntil(lambda: not panel.list.verticalScrollBar().isEnabled())


def test_the_pencil_takes_a_description_into_the_field(qtbot, panel):
    panel.show_descriptions(DESCRIPTIONS)
    line = panel.list.visualItemRect(panel.list.item(2))
    with qtbot.assertNotEmitted(panel.chosen):
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=pencil_place(line).center())
    assert panel.field.text() == "winter"
    assert panel.field.hasFocus()
    assert panel.list.currentRow() == 2
    with qtbot.waitSignal(panel.chosen) as signal:
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert signal.args == ["winter"]


def test_f2_does_the_same_and_enter_searches_for_what_was_changed(qtbot, panel):
    panel.show_descriptions(DESCRIPTIONS)
    panel.list.setCurrentRow(0)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    assert panel.field.text() == "two kids building a snowman"
    qtbot.keyClicks(panel.field, " and a sledge")
    with qtbot.waitSignal(panel.chosen) as signal:
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert signal.args == ["two kids building a snowman and a sledge"]
    assert panel.list.item(0).text() == "two kids building a snowman"


def test_what_is_typed_is_asked_about_after_a_pause(qtbot, panel):
    asked: list[str] = []
    panel.typed.connect(asked.append)
    qtbot.keyClicks(panel.field, " a dog ")
    qtbot.waitUntil(lambda: asked == ["a dog"])
    panel.show_fit("a cat", 0.9)
    assert panel._fit.isHidden()
    panel.show_fit("a dog", 0.62)
    assert panel._fit.text() == "fits 62 %"
    assert panel._fit.isVisible()
    qtbot.keyClicks(panel.field, "s")
    assert panel._fit.isHidden()


def test_an_empty_field_asks_for_nothing(qtbot, panel):
    panel.show_descriptions(DESCRIPTIONS)
    with qtbot.assertNotEmitted(panel.chosen):
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    panel.field.setText("a dog")
    with qtbot.assertNotEmitted(panel.typed, wait=400):
        panel.field.clear()


def test_words_that_have_no_strength_are_answered_with_a_sentence(panel):
    panel.field.setText("犬")
    panel.show_no_fit("犬", "Descriptions work in English for now.")
    assert panel._fit.text() == "Descriptions work in English for now."


def test_another_photo_has_an_empty_field(panel):
    panel.field.setText("a dog")
    panel.wait_for(8, "IMG_8.jpg")
    assert panel.field.text() == ""
