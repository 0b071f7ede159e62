"""Where one reads from right to left, lines begin at the right and the arrow keys go the other way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.arrows import onward
from app.description_delegate import pencil_place
from app.flow_layout import FlowLayout
from app.grid_layout import MARGIN, GridLayout, Section
from tests.app.test_grid_layout import CELL

WAIT = 20_000
RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft
Key = Qt.Key


@pytest.fixture(autouse=True)
def right_to_left(qapp) -> Iterator[None]:
    before = qapp.layoutDirection()
    qapp.setLayoutDirection(RIGHT_TO_LEFT)
    yield
    qapp.setLayoutDirection(before)


def right_of(widget: QWidget, other: QWidget) -> bool:
    place = QPoint(0, 0)
    return widget.mapToGlobal(place).x() > other.mapToGlobal(place).x()


def test_lines_of_photos_run_from_the_right():
    sections = [Section("", 5), Section("More", 7)]
    plain, mirrored = (GridLayout(sections, 900, CELL, mirrored=mirror) for mirror in (False, True))
    assert mirrored.rect(0).right() == 899 - MARGIN
    for row in range(12):
        place = mirrored.rect(row)
        assert place.size() == plain.rect(row).size()
        assert 899 - place.right() == plain.rect(row).left()
        assert mirrored.row_at(place.center()) == row
        assert list(mirrored.ranges_in(QRect(place.center(), QSize(1, 1)))) == [(row, row)]


def test_the_keys_of_the_grid_go_where_the_photos_are(qtbot, filled):
    grid = filled.window.grid
    grid.setFocus()
    grid.setCurrentIndex(grid.model().index(0))
    for key, row in ((Key.Key_Left, 1), (Key.Key_Left, 2), (Key.Key_Right, 1), (Key.Key_Home, 0)):
        before = grid.visualRect(grid.currentIndex())
        qtbot.keyClick(grid, key)
        assert grid.currentIndex().row() == row
        after = grid.visualRect(grid.currentIndex())
        assert (after.left() < before.left()) == (key == Key.Key_Left)


def test_the_band_selects_what_it_touches(qtbot, filled):
    grid, left = filled.window.grid, Qt.MouseButton.LeftButton
    beside = grid.visualRect(grid.model().index(0)).topRight() + QPoint(8, 8)
    on_second = grid.visualRect(grid.model().index(1)).center()
    QTest.mousePress(grid.viewport(), left, pos=beside)
    QTest.mouseMove(grid.viewport(), on_second)
    QTest.mouseRelease(grid.viewport(), left, pos=on_second)
    assert grid.selected_ids() == [grid.model().photo_id(row) for row in (0, 1)]


def test_the_date_floats_beside_the_scroll_bar(qtbot, filled, monkeypatch):
    window = filled.window
    window.resize(460, 400)
    grid = window.grid
    bar = grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 300, timeout=WAIT)
    monkeypatch.setattr(grid, "title_at_top", lambda: "July 2019")
    bar.setValue(bar.maximum())
    label = next(label for label in grid.findChildren(QLabel) if label.objectName() == "scrollLabel")
    assert label.isVisible()
    assert label.geometry().center().x() < grid.width() / 2
    assert bar.mapTo(grid, QPoint(0, 0)).x() < label.x()


def test_the_keys_and_buttons_of_the_viewer(qtbot, filled):
    window = filled.window
    viewer, bar = window.viewing.viewer, window.viewing.viewer.bar
    window.viewing.open(window.model.photo_id(4))
    qtbot.waitUntil(lambda: viewer.canvas.loaded is not None, timeout=WAIT)
    for key, row in ((Key.Key_Left, 5), (Key.Key_PageDown, 6), (Key.Key_Right, 5), (Key.Key_PageUp, 4)):
        qtbot.keyClick(viewer.canvas, key)
        assert window.grid.selected_id() == window.model.photo_id(row)
    buttons = {b.defaultAction(): b for b in bar.children() if hasattr(b, "defaultAction")}
    assert right_of(buttons[bar.previous], buttons[bar.following])
    image = filled.theme.icon("next").pixmap(32, 32).toImage()
    dark = [x for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 128]
    tip = [x for x in range(32) if image.pixelColor(x, 16).alpha() > 128]
    assert max(tip) < sum(dark) / len(dark), "it points to the left"


def test_the_keys_of_chips(qtbot, filled):
    window = filled.window
    window.bar.ask("is:landscape has:location")
    chips = window.bar.refinements.chips
    assert len(chips) == 2
    chips[0].setFocus()
    assert right_of(chips[0], chips[1])
    qtbot.keyClick(chips[0], Key.Key_Left)
    assert QApplication.focusWidget() is chips[1]
    qtbot.keyClick(chips[1], Key.Key_Right)
    assert QApplication.focusWidget() is chips[0]
    assert chips[0].layoutDirection() == Qt.LayoutDirection.LeftToRight  # the cross behind the words


def test_widgets_in_lines_begin_at_the_right(qtbot):
    place = QWidget()
    qtbot.addWidget(place)
    flow = FlowLayout(place)
    one, two = QPushButton("one"), QPushButton("two")
    flow.addWidget(one)
    flow.addWidget(two)
    place.resize(400, 60)
    place.show()
    qtbot.waitExposed(place)
    assert one.geometry().right() == 399
    assert right_of(one, two)
    assert onward(Key.Key_Left, place) == 1
    assert onward(Key.Key_Right, place) == -1
    assert onward(Key.Key_Up, place) == 0


def test_the_pencil_is_at_the_other_end():
    line = QRect(0, 0, 200, 50)
    assert pencil_place(line).left() > 100
    assert pencil_place(line, RIGHT_TO_LEFT).right() < 100
