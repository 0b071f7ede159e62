"""Selecting several photos in a real grid: clicks, keys, rubber band, a hundred thousand rows."""

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelection, QPoint, QRect, Qt
from PySide6.QtTest import QTest

from app.photo_grid import PhotoGrid
from engine import Hit, Photo, PhotoMetadata, Results

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE, LEFT, RIGHT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def grid(grid: PhotoGrid) -> PhotoGrid:
    """The grid showing 200 photos."""
    grid.model().show_library(range(200))
    return grid


def results(ids, good: int) -> Results:
    hits = tuple(
        Hit(rank, Photo(i, Path(f"/p/{i}.jpg"), 1, 1, PhotoMetadata(4, 3)), 0.5, 0.5)
        for rank, i in enumerate(ids, 1)
    )
    return Results("a dog", hits, True, len(hits), good)


def cell(grid: PhotoGrid, row: int) -> QRect:
    return grid.visualRect(grid.model().index(row))


def click(grid: PhotoGrid, row: int, keys=NONE, button=LEFT) -> None:
    QTest.mouseClick(grid.viewport(), button, keys, cell(grid, row).center())


def pull(grid: PhotoGrid, start: QPoint, end: QPoint, keys=NONE) -> None:
    """Press the mouse and move it, without letting go."""
    QTest.mousePress(grid.viewport(), LEFT, keys, start)
    QTest.mouseMove(grid.viewport(), (start + end) / 2)
    QTest.mouseMove(grid.viewport(), end)


def let_go(grid: PhotoGrid, point: QPoint, keys=NONE) -> None:
    QTest.mouseRelease(grid.viewport(), LEFT, keys, point)


def test_ctrl_and_a_click_add_and_take_away(grid):
    click(grid, 1)
    click(grid, 6, CTRL)
    click(grid, 3, CTRL)
    assert grid.selected_ids() == [1, 3, 6]
    assert grid.selected_id() == 3
    click(grid, 6, CTRL)
    assert grid.selected_ids() == [1, 3]
    assert grid.selected_id() is None
    click(grid, 6)
    assert grid.selected_ids() == [6]


def test_shift_and_a_click_select_in_reading_order(grid):
    click(grid, 2)
    click(grid, 9, SHIFT)
    assert grid.selected_ids() == list(range(2, 10))
    click(grid, 0, SHIFT)
    assert grid.selected_ids() == [0, 1, 2]
    click(grid, 7, CTRL)
    click(grid, 8, CTRL | SHIFT)
    assert grid.selected_ids() == [0, 1, 2, 7, 8]


def test_shift_and_arrows_grow_and_shrink_the_range(qtbot, grid):
    click(grid, 5)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(grid, key, SHIFT)
    assert grid.selected_ids() == [5, 6, 7, 8]
    qtbot.keyClick(grid, Qt.Key.Key_Up, SHIFT)
    qtbot.keyClick(grid, Qt.Key.Key_Up, SHIFT)
    assert grid.selected_ids() == [0, 1, 2, 3, 4, 5]
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.selected_ids() == [1]
    qtbot.keyClick(grid, Qt.Key.Key_End, SHIFT)
    assert grid.selected_ids() == list(range(1, 200))


def test_a_range_begins_where_the_program_has_gone(grid):
    click(grid, 1)
    grid.setCurrentIndex(grid.model().index(6))
    click(grid, 8, SHIFT)
    assert grid.selected_ids() == [6, 7, 8]


def test_ctrl_and_arrows_walk_and_ctrl_space_chooses(qtbot, grid):
    asked: list[str] = []
    grid.typed.connect(asked.append)
    click(grid, 0)
    for _ in range(2):
        qtbot.keyClick(grid, Qt.Key.Key_Right, CTRL)
    assert grid.selected_ids() == [0]
    qtbot.keyClick(grid, Qt.Key.Key_Space, CTRL)
    assert grid.selected_ids() == [0, 2]
    qtbot.keyClick(grid, Qt.Key.Key_Space, CTRL)
    assert grid.selected_ids() == [0]
    assert asked == []


def test_ctrl_a_selects_all_of_a_hundred_thousand_as_one_range(qtbot, grid):
    grid.model().show_library(range(100_000), fresh=True)
    click(grid, 3)
    qtbot.keyClick(grid, Qt.Key.Key_A, CTRL)
    assert grid.selection.count == 100_000
    assert grid.selection.ranges() == [(0, 99_999)]
    assert grid.selected_id() == 3


def test_what_is_repainted_does_not_grow_with_what_is_selected(grid):
    """Only cells in sight are looked at, however many rows have changed."""
    grid.model().show_library(range(100_000), fresh=True)
    looked: list[int] = []
    geometry = grid.visualRect
    grid.visualRect = lambda index: looked.append(index.row()) or geometry(index)
    model = grid.model()
    grid.visualRegionForSelection(QItemSelection(model.index(0), model.index(99_999)))
    assert 0 < len(looked) < 60


def test_a_right_click_keeps_several_and_selects_another_alone(grid):
    click(grid, 1)
    click(grid, 2, CTRL)
    click(grid, 1, button=RIGHT)
    assert grid.selected_ids() == [1, 2]
    assert grid.selected_id() == 1
    click(grid, 5, button=RIGHT)
    assert grid.selected_ids() == [5]


def test_a_click_on_one_of_several_selects_it_when_let_go(grid):
    click(grid, 1)
    click(grid, 4, SHIFT)
    QTest.mousePress(grid.viewport(), LEFT, NONE, cell(grid, 2).center())
    assert grid.selected_ids() == [1, 2, 3, 4]
    QTest.mouseRelease(grid.viewport(), LEFT, NONE, cell(grid, 2).center())
    assert grid.selected_ids() == [2]


def test_dragging_several_asks_for_all_of_them(qtbot, grid):
    click(grid, 1)
    click(grid, 2, SHIFT)
    start = cell(grid, 1).center()
    with qtbot.waitSignal(grid.drag_wanted):
        pull(grid, start, start + QPoint(60, 60))
    assert grid.selected_ids() == [1, 2]


def test_the_band_selects_what_it_touches(grid):
    gap = cell(grid, 1).topLeft() - QPoint(4, -20)  # between the first and the second photo
    end = cell(grid, 6).center()
    pull(grid, gap, end)
    assert grid.selected_ids() == [1, 2, 5, 6]
    assert grid.band.is_pulled
    middle = cell(grid, 1).center()
    QTest.mouseMove(grid.viewport(), middle)
    assert grid.selected_ids() == [1]
    QTest.mouseMove(grid.viewport(), end)
    let_go(grid, end)
    assert not grid.band.is_held
    assert grid.selected_id() == 6
    click(grid, 9, SHIFT)
    assert grid.selected_ids() == [6, 7, 8, 9]


def test_the_band_with_ctrl_turns_over_and_with_shift_adds(grid):
    click(grid, 0)
    click(grid, 1, CTRL)
    beside = QPoint(4, cell(grid, 0).center().y())
    end = cell(grid, 2).center()
    pull(grid, beside, end, CTRL)
    let_go(grid, end, CTRL)
    assert grid.selected_ids() == [2]
    below = QPoint(4, cell(grid, 8).center().y())
    end = cell(grid, 9).center()
    pull(grid, below, end, SHIFT)
    let_go(grid, end, SHIFT)
    assert grid.selected_ids() == [2, 8, 9]


def test_the_band_gives_up_what_it_leaves_and_tells_it(grid):
    counts: list[int] = []
    grid.selection.changed.connect(lambda: counts.append(grid.selection.count))
    gap = cell(grid, 1).topLeft() - QPoint(4, -20)
    pull(grid, gap, cell(grid, 6).center())
    QTest.mouseMove(grid.viewport(), cell(grid, 6).center() + QPoint(3, 3))
    QTest.mouseMove(grid.viewport(), gap + QPoint(1, 1))
    assert grid.selected_ids() == []
    assert counts[-2:] == [4, 0]
    let_go(grid, gap)


def test_the_band_with_keys_knows_the_photos_of_before_in_another_order(grid):
    grid.model().show_library(range(20), fresh=True)
    click(grid, 0)
    below = QPoint(4, cell(grid, 8).center().y())
    end = cell(grid, 9).center()
    pull(grid, below, end, SHIFT)
    grid.model().show_library([*range(1, 20), 0])
    QTest.mouseMove(grid.viewport(), end + QPoint(2, 2))
    assert grid.selected_ids() == [9, 10, 0]
    let_go(grid, end, SHIFT)


def test_the_band_scrolls_at_the_edges(qtbot, grid):
    bar = grid.verticalScrollBar()
    start, edge = QPoint(4, 60), QPoint(400, grid.viewport().height() + 30)
    pull(grid, start, edge)
    qtbot.waitUntil(lambda: bar.value() > 800)
    assert {0, 1, 4, 5, 20, 21} <= set(grid.selected_ids())
    QTest.mouseMove(grid.viewport(), QPoint(400, -40))
    qtbot.waitUntil(lambda: bar.value() == 0)
    QTest.mouseMove(grid.viewport(), QPoint(400, 100))
    assert grid.selected_ids() == [0, 1]
    let_go(grid, QPoint(400, 100))


def test_the_band_is_seen(grid):
    pull(grid, QPoint(4, 4), cell(grid, 0).center())
    with_band = grid.viewport().grab().toImage()
    let_go(grid, cell(grid, 0).center())
    assert grid.viewport().grab().toImage() != with_band


def test_a_click_beside_gives_up_several_but_not_one(grid):
    beside = QPoint(4, 100)
    click(grid, 1)
    QTest.mouseClick(grid.viewport(), LEFT, NONE, beside)
    assert grid.selected_ids() == [1]
    click(grid, 3, SHIFT)
    QTest.mouseClick(grid.viewport(), LEFT, CTRL, beside)
    assert grid.selected_ids() == [1, 2, 3]
    QTest.mouseClick(grid.viewport(), LEFT, NONE, beside)
    assert grid.selected_ids() == []


def test_the_selection_stays_on_its_photos_in_a_better_order(grid):
    grid.model().show_results(results(range(100), good=100), fresh=True)
    click(grid, 1)
    click(grid, 4, SHIFT)
    click(grid, 8, CTRL)
    grid.model().show_results(results([8, *range(50, 100), 4, 3, 2, 1], good=55), fresh=False)
    assert sorted(grid.selected_ids()) == [1, 2, 3, 4, 8]
    assert grid.selected_id() == 8


def test_a_range_with_shift_goes_on_in_a_better_order_as_if_there_had_been_none(grid):
    """What was selected before the range stays, the range itself is replaced."""
    grid.model().show_library(range(20), fresh=True)
    click(grid, 1)
    click(grid, 4, CTRL)
    click(grid, 6, CTRL | SHIFT)
    assert grid.selected_ids() == [1, 4, 5, 6]
    grid.model().show_library([*range(10, 20), *range(10)])
    assert grid.selected_ids() == [1, 4, 5, 6]
    click(grid, 13, SHIFT)  # photo 3; the range began at photo 4
    assert grid.selected_ids() == [1, 3, 4]


def test_moving_rows_costs_no_index_for_each_that_is_selected(grid):
    grid.model().show_library(range(5000), fresh=True)
    grid.selectAll()
    click(grid, 3, CTRL)
    kept: list[int] = []
    grid.model().layoutAboutToBeChanged.connect(lambda: kept.append(len(grid.model().persistentIndexList())))
    told: list[int] = []
    grid.selection.changed.connect(lambda: told.append(grid.selection.count))
    grid.model().show_library(list(reversed(range(5000))))
    assert len(kept) == 1
    assert kept[0] < 5
    assert grid.selection.ranges() == [(0, 4995), (4997, 4999)]
    assert grid.currentIndex().row() == 4996
    assert told == []


def test_all_of_many_stay_selected_in_another_order(qtbot, grid):
    grid.model().show_library(range(5000), fresh=True)
    qtbot.keyClick(grid, Qt.Key.Key_A, CTRL)
    grid.model().show_library(list(reversed(range(5000))))
    assert grid.selection.count == 5000


def test_when_some_of_several_go_the_others_stay_selected(grid):
    click(grid, 1)
    click(grid, 4, SHIFT)
    grid.model().show_library([0, 1, 2, 3, 5, 6])
    assert grid.selected_ids() == [1, 2, 3]
    assert grid.selected_id() is None


def test_it_tells_once_how_many_are_selected(grid):
    counts: list[int] = []
    grid.selection.changed.connect(lambda: counts.append(grid.selection.count))
    click(grid, 1)
    click(grid, 4, SHIFT)
    grid.model().show_library([7, 8, 9], fresh=True)
    assert counts == [1, 4, 0]


def test_one_of_several_can_become_the_current_one(grid):
    click(grid, 1)
    click(grid, 4, SHIFT)
    grid.selection.go_to(grid.model().index(2))
    assert (grid.selected_id(), grid.selected_ids()) == (2, [1, 2, 3, 4])
    grid.selection.go_to(grid.model().index(9))
    assert grid.selected_ids() == [9]


def test_several_can_be_given_up_for_the_current_one(grid):
    click(grid, 1)
    assert not grid.selection.keep_current()
    click(grid, 4, SHIFT)
    assert grid.selection.keep_current()
    assert grid.selected_ids() == [4]
    click(grid, 5, CTRL)
    click(grid, 6, CTRL)
    click(grid, 6, CTRL)
    assert grid.selection.keep_current()
    assert grid.selected_ids() == []


def test_entering_keeps_several_selected(grid):
    click(grid, 1)
    click(grid, 4, SHIFT)
    click(grid, 4, CTRL)
    grid.enter()
    assert grid.selected_ids() == [1, 2, 3]
