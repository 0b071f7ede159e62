import pytest
from PySide6.QtWidgets import QWidget

from app.side_panels import SidePanels


@pytest.fixture
def side(qtbot) -> SidePanels:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    side = SidePanels(window)
    side.panels = [QWidget(), QWidget()]
    for panel in side.panels:
        panel.hide()
        side.add(panel, panel.hide)
    side.kept = window
    return side


def test_there_is_nothing_until_a_panel_is_shown(side):
    assert side.isHidden()
    assert not side.close_open()


def test_one_panel_at_a_time(side):
    one, other = side.panels
    one.show()
    assert one.isVisible()
    other.show()
    assert other.isVisible()
    assert one.isHidden()


def test_the_place_goes_with_the_last_panel(side):
    side.panels[1].show()
    assert side.close_open()
    assert side.panels[1].isHidden()
    assert side.isHidden()
