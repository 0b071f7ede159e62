from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication, QListView, QMenu, QPushButton

from app.photo_grid import PhotoGrid
from app.theme import LIGHT
from engine import Hit, Month, Photo, PhotoMetadata, Results


def results(ids, good: int) -> Results:
    hits = tuple(
        Hit(rank, Photo(i, Path(f"/p/{i}.jpg"), 1, 1, PhotoMetadata(4, 3)), 0.5, 0.5)
        for rank, i in enumerate(ids, 1)
    )
    return Results("a dog", hits, True, len(hits), good)


def cell(grid: PhotoGrid, row: int) -> QPoint:
    return grid.visualRect(grid.model().index(row)).center()


def test_only_what_is_in_sight_is_asked_for(qtbot, grid):
    grid.model().show_library(range(1, 100_001))
    asked: list[int] = []
    grid._thumbnails.arrived.connect(asked.append)
    qtbot.waitUntil(lambda: len(asked) >= 16 and not grid._thumbnails._jobs)
    qtbot.wait(50)
    assert set(asked) == set(range(1, len(asked) + 1))
    assert len(asked) < 60
    assert list(grid.visible_rows()) == list(range(grid.visible_rows()[-1] + 1))


def test_scrolling_to_the_end_shows_the_last_photo(grid):
    grid.model().show_library(range(100_000))
    grid.scrollTo(grid.model().index(99_999))
    assert grid.visible_rows()[-1] == 99_999
    assert grid.viewport().rect().contains(grid.visualRect(grid.model().index(99_999)))


def test_scroll_to_the_centre(grid):
    grid.model().show_library(range(1000))
    grid.scrollTo(grid.model().index(500), QListView.ScrollHint.PositionAtCenter)
    assert abs(cell(grid, 500).y() - grid.viewport().height() // 2) <= 1


def test_what_is_seen_is_what_is_clicked(qtbot, grid):
    grid.model().show_library(range(50))
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=cell(grid, 6))
    assert grid.selected_id() == 6
    assert grid.currentIndex().row() == 6
    assert [index.row() for index in grid.selectedIndexes()] == [6]


def test_a_click_beside_the_photos_changes_nothing(qtbot, grid):
    grid.model().show_library(range(3))
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 500))
    assert grid.selected_id() is None
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=cell(grid, 1))
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 500))
    assert grid.selected_id() == 1


def test_a_double_click_and_enter_activate(qtbot, grid):
    grid.model().show_library(range(50))
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=cell(grid, 2))
    with qtbot.waitSignal(grid.activated) as signal:
        qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=cell(grid, 2))
    assert signal.args[0].row() == 2
    grid.setCurrentIndex(grid.model().index(5))
    with qtbot.waitSignal(grid.activated) as signal:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert signal.args[0].row() == 5


@pytest.mark.parametrize(
    ("key", "row"),
    [
        (Qt.Key.Key_Right, 11),
        (Qt.Key.Key_Left, 9),
        (Qt.Key.Key_Down, 14),
        (Qt.Key.Key_Up, 6),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 199),
        (Qt.Key.Key_PageDown, 26),
        (Qt.Key.Key_PageUp, 0),
    ],
)
def test_keys_move_as_the_eye_does(qtbot, grid, key, row):
    grid.model().show_library(range(200))
    assert grid._layout.columns == 4
    grid.setCurrentIndex(grid.model().index(10))
    qtbot.keyClick(grid, key)
    assert grid.currentIndex().row() == row
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))


def test_entering_selects_the_first_photo_in_sight_unless_one_is_selected(grid):
    grid.enter()
    assert grid.selected_id() is None
    grid.model().show_library(range(200))
    grid.verticalScrollBar().setValue(grid._layout.rect(40).top())
    grid.enter()
    assert grid.hasFocus()
    assert grid.selected_id() == 40
    grid.verticalScrollBar().setValue(0)
    grid.enter()
    assert grid.selected_id() == 40


def test_keys_in_an_empty_grid_do_nothing(qtbot, grid):
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Return):
        qtbot.keyClick(grid, key)
    assert not grid.currentIndex().isValid()


def test_letters_are_for_the_search_field(qtbot, grid):
    grid.model().show_library(range(5))
    with qtbot.waitSignal(grid.typed) as signal:
        qtbot.keyClick(grid, "d")
    assert signal.args == ["d"]


def test_the_button_of_the_weaker_matches(qtbot, grid):
    grid.model().show_results(results(range(30), good=3), fresh=True)
    button = grid.findChild(QPushButton)
    qtbot.waitUntil(button.isVisible)
    assert button.text() == "Show 18 more"
    assert button.accessibleName() == "Weaker matches: Show 18 more"
    assert button.y() > grid.visualRect(grid.model().index(2)).bottom()
    with qtbot.waitSignal(grid.heading_pressed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    grid.model().show_weaker(True)
    assert button.text() == "Hide"
    assert cell(grid, 3).y() > button.geometry().bottom()


def test_the_button_comes_into_sight_only_when_keys_lead_there(qtbot, grid):
    """The focus comes back to it, too, when a menu closes or the window is activated again."""
    grid.model().show_results(results(range(200), good=3), fresh=True)
    button, bar = grid.findChild(QPushButton), grid.verticalScrollBar()
    button.clicked.connect(lambda: grid.model().show_weaker(True))
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.hasFocus()
    bar.setValue(2000)
    menu = QMenu(grid)
    menu.addAction("About")
    menu.popup(grid.mapToGlobal(QPoint(0, 0)))
    qtbot.waitUntil(menu.isVisible)
    menu.close()
    qtbot.waitUntil(button.hasFocus)
    assert bar.value() == 2000
    for reason in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
        grid.setFocus()
        button.setFocus(reason)
        assert bar.value() == 2000
    grid.setFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert grid.viewport().rect().contains(button.geometry())


def test_the_button_goes_with_its_line_when_scrolled(qtbot, grid):
    grid.model().show_results(results(range(200), good=3), fresh=True)
    grid.model().show_weaker(True)
    button = grid.findChild(QPushButton)
    before = button.y()
    grid.verticalScrollBar().setValue(100)
    assert button.y() == before - 100


def test_no_button_without_weaker_matches(grid):
    grid.model().show_results(results(range(3), good=3), fresh=True)
    assert not grid.findChild(QPushButton).isVisible()


def test_a_better_order_keeps_selection_and_scroll(grid):
    grid.model().show_results(results(range(200), good=200), fresh=True)
    grid.verticalScrollBar().setValue(777)
    grid.setCurrentIndex(grid.model().index(30))
    scroll = grid.verticalScrollBar().value()
    grid.model().show_results(results([*range(100, 200), *range(100)], good=200), fresh=False)
    assert grid.selected_id() == 30
    assert grid.currentIndex().row() == 130
    assert grid.verticalScrollBar().value() == scroll


def test_when_the_selected_photo_goes_none_is_selected(grid):
    grid.model().show_library(range(10))
    grid.setCurrentIndex(grid.model().index(4))
    grid.model().show_library([0, 1, 2, 3, 5, 6])
    assert grid.selected_id() is None
    assert grid.selectedIndexes() == []


def test_resizing_keeps_the_first_photo_in_sight(qtbot, grid):
    grid.model().show_library(range(1000))
    grid.verticalScrollBar().setValue(grid._layout.rect(400).top())
    grid.resize(500, 600)
    qtbot.waitUntil(lambda: grid._layout.columns == 2)
    assert 400 in grid.visible_rows()


def test_on_a_finer_screen_photos_are_asked_for_anew(qtbot, grid, monkeypatch):
    grid.model().show_library(range(20))
    qtbot.waitUntil(lambda: not grid._asking.isActive())
    assert grid._thumbnails._ratio == 1.0
    monkeypatch.setattr(grid, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(grid, QEvent(QEvent.Type.DevicePixelRatioChange))
    qtbot.waitUntil(lambda: grid._thumbnails._ratio == 2.0)


def centre_colour(grid: PhotoGrid, row: int) -> QColor:
    return grid.viewport().grab().toImage().pixelColor(cell(grid, row))


def test_it_paints_pixmaps_and_placeholders(grid):
    grid.model().show_library([1, 2])
    red = QPixmap(grid._layout.cell)
    red.fill(Qt.GlobalColor.red)
    grid._thumbnails._keep(1, red)
    assert centre_colour(grid, 0) == QColor("red")
    assert centre_colour(grid, 1) == QColor(LIGHT["placeholder"])


def test_the_selected_photo_has_a_ring(grid):
    grid.model().show_library([1, 2])
    edge = grid.visualRect(grid.model().index(0)).topLeft() + QPoint(60, -2)
    assert grid.viewport().grab().toImage().pixelColor(edge) != QColor(LIGHT["accent"])
    grid.setCurrentIndex(grid.model().index(0))
    assert grid.viewport().grab().toImage().pixelColor(edge) == QColor(LIGHT["accent"])


def test_a_selected_photo_in_sight_stays_where_it_is_when_sizes_change(grid):
    grid.model().show_library(range(5000))
    grid.setCurrentIndex(grid.model().index(2001))
    grid.scrollTo(grid.model().index(2001), QListView.ScrollHint.PositionAtCenter)
    before = grid.visualRect(grid.currentIndex()).top()
    for width in (96, 376, 184):
        grid.set_cell_width(width)
        assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
    assert grid.visualRect(grid.currentIndex()).top() == before


def test_without_a_selection_in_sight_the_photo_at_the_top_stays_at_the_top(grid):
    grid.model().show_library(range(5000))
    grid.setCurrentIndex(grid.model().index(0))
    grid.verticalScrollBar().setValue(grid._layout.rect(2000).top())
    for width in (96, 480):
        grid.set_cell_width(width)
        assert 2000 in grid.visible_rows()
        assert abs(grid.visualRect(grid.model().index(2000)).top()) <= grid._layout.cell.height()


def test_the_beginning_stays_the_beginning_when_sizes_change(grid):
    grid.model().show_library(range(5000))
    grid.set_cell_width(480)
    assert grid.verticalScrollBar().value() == 0


def test_months_are_headings_with_their_photos_below(grid):
    grid.model().show_library(range(60), months=[Month(date(2019, 7, 1), 30), Month(None, 30)])
    first, second = grid._layout.heading(0), grid._layout.heading(1)
    assert grid.title_at_top() == "July 2019"
    assert grid.visualRect(grid.model().index(0)).top() > first.center().y()
    assert grid._layout.rect(29).bottom() < second.top() < grid._layout.rect(30).top()
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert grid.title_at_top() == "No date"


def test_the_keyboard_reaches_it_with_a_photo_selected(qtbot, filled):
    window = filled.window
    window.grid.selectionModel().clear()
    window.bar.focus()
    window.grid.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.grid.selected_id() == window.model.photo_id(0)


def test_the_menu_key_is_for_the_chosen_photo(filled):
    grid = filled.window.grid
    grid.setCurrentIndex(filled.window.model.index(3))
    place = grid.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
    assert grid.indexAt(place - grid.viewport().pos()).row() == 3
