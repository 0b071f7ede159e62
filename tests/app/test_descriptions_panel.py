import pytest
from PySide6.QtCore import Qt

from app.descriptions_panel import DescriptionsPanel
from engine import Description

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


def test_enter_chooses(qtbot, panel):
    panel.show_descriptions(DESCRIPTIONS)
    panel.list.setCurrentRow(2)
    with qtbot.waitSignal(panel.chosen) as signal:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert signal.args == ["winter"]


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
