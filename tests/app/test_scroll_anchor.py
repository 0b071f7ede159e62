"""What one looks at stays in its place while other photos come and go."""

from datetime import date

import pytest

from app.grid_layout import GAP
from app.photo_grid import PhotoGrid
from engine import Month
from tests.app.test_photo_grid import results


@pytest.fixture
def grid(grid: PhotoGrid) -> PhotoGrid:
    """The grid scrolled to the middle of a thousand photos."""
    grid.model().show_library(range(1000))
    grid.verticalScrollBar().setValue(grid._layout.rect(500).top() + 10)
    return grid


def top(grid: PhotoGrid, photo_id: int) -> int:
    """Return where a photo is in the viewport."""
    return grid.visualRect(grid.model().index(grid.model().row_of(photo_id))).top()


def test_the_photos_in_sight_stay_while_newer_ones_come(grid):
    for newest in range(1040, 1400, 40):
        grid.model().show_library(range(1000 - newest, 1000))
        assert top(grid, 500) == -10


def test_the_selected_photo_stays_where_it_is_as_the_first_in_sight_may_not(grid):
    grid.setCurrentIndex(grid.model().index(506))
    before = top(grid, 506)
    for newest in range(1000, 1011):
        grid.model().show_library(range(1000 - newest, 1000))
        assert top(grid, 506) == before


def test_a_selected_photo_that_is_out_of_sight_is_left_there(grid):
    grid.setCurrentIndex(grid.model().index(20))
    grid.verticalScrollBar().setValue(grid._layout.rect(500).top() + 10)
    grid.model().show_library(range(-400, 1000))
    assert top(grid, 500) == -10


def test_where_the_selected_photo_goes_the_first_in_sight_that_stays_counts(grid):
    grid.setCurrentIndex(grid.model().index(506))
    before = top(grid, 504)
    grid.model().show_library([*range(-401, 500), *range(503, 506), *range(507, 1000)])
    assert top(grid, 503) == -10
    assert top(grid, 504) == before - grid._layout.cell.height() - GAP


def test_where_all_that_was_in_sight_goes_the_scrolling_stays(grid):
    scroll = grid.verticalScrollBar().value()
    grid.model().show_library([*range(300), *range(600, 1200)])
    assert grid.verticalScrollBar().value() == scroll


def test_headings_push_nothing_away(grid):
    grid.model().show_library(range(1000), months=[Month(date(2019, 7, 1), 100), Month(None, 900)])
    assert top(grid, 500) == -10


def test_at_the_beginning_new_photos_are_seen(grid):
    grid.verticalScrollBar().setValue(0)
    grid.setCurrentIndex(grid.model().index(3))
    grid.model().show_library(range(-400, 1000))
    assert grid.verticalScrollBar().value() == 0


def test_a_better_order_with_other_photos_keeps_the_scrolling(grid):
    grid.model().show_results(results(range(200), good=200), fresh=True)
    grid.verticalScrollBar().setValue(777)
    grid.setCurrentIndex(grid.model().index(18))
    scroll = grid.verticalScrollBar().value()
    grid.model().show_results(results([*range(199, -1, -1), *range(500, 600)], good=300), fresh=False)
    assert grid.selected_id() == 18
    assert grid.verticalScrollBar().value() == scroll


def test_what_is_seen_stays_where_the_content_was_shorter_for_a_moment(grid):
    """Photos that go are taken away before those that come are there."""
    grid.model().show_library([*range(496, 520), *range(2000, 3000)])
    assert top(grid, 500) == -10
