from datetime import date

import pytest
from PySide6.QtCore import Qt

from app.late import Late
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.scroll_label import ScrollLabel
from app.thumbnails import Thumbnails
from engine import Library, Month


@pytest.fixture
def grid(qtbot, theme, tasks, tmp_path) -> PhotoGrid:
    library = Library.open(tmp_path / "library.db")
    grid = PhotoGrid(Thumbnails(tasks, Late(lambda: library)), theme)
    grid.setModel(PhotoModel(grid))
    qtbot.addWidget(grid)
    grid.resize(830, 600)
    grid.show()
    qtbot.waitExposed(grid)
    yield grid
    assert tasks.close(5)
    library.close()


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
