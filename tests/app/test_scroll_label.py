from datetime import date

import pytest
from PySide6.QtCore import Qt

from app.scroll_label import ScrollLabel
from engine import Month


@pytest.fixture
def label(grid) -> ScrollLabel:
    grid.model().show_library(range(900), months=[Month(date(2019, month, 1), 300) for month in (7, 6, 5)])
    return ScrollLabel(grid)


def test_it_names_the_month_while_one_scrolls_fast_and_leaves(qtbot, grid, label):
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    assert label.isVisible()
    assert label.text() == "June 2019"
    assert grid.viewport().geometry().contains(label.geometry())
    middle = label.y()
    bar.setValue(bar.maximum())
    assert label.text() == "May 2019"
    assert label.y() > middle
    qtbot.waitUntil(lambda: not label.isVisible(), timeout=3000)


def test_small_steps_bring_no_label(grid, label):
    grid.verticalScrollBar().setValue(40)
    assert not label.isVisible()


def test_the_dragged_handle_brings_it_at_any_step(grid, label):
    grid.verticalScrollBar().setSliderDown(True)
    grid.verticalScrollBar().setValue(40)
    assert label.text() == "July 2019"
    assert label.isVisible()


def test_under_a_single_heading_there_is_nothing_to_say(grid, label):
    grid.model().show_library(range(900), "900 photos", fresh=True)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert not label.isVisible()


def test_it_is_no_obstacle_for_the_mouse(label):
    assert label.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
