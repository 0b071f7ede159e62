"""The size of photos in the grid of the real window."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from app.thumbnail_size import SIZES

CONTROL = Qt.KeyboardModifier.ControlModifier


def turn(app, notches: float, modifiers=CONTROL) -> None:
    viewport = app.window.grid.viewport()
    place = QPointF(viewport.rect().center())
    event = QWheelEvent(
        place,
        viewport.mapToGlobal(place),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_sizes_are_on_the_grid_of_eight_pixels():
    assert all(size % 8 == 0 for size in SIZES)
    assert list(SIZES) == sorted(SIZES)


@pytest.mark.parametrize("key", [Qt.Key.Key_Plus, Qt.Key.Key_Equal])
def test_keys_change_the_size_wherever_the_focus_is(qtbot, filled, key):
    window, size = filled.window, filled.window.size_of_photos
    usual = size.width
    columns = window.grid._layout.columns
    window.bar.field.setFocus()
    qtbot.keyClick(window, key, CONTROL)
    assert size.width > usual
    assert window.grid._layout.columns < columns
    qtbot.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    assert size.width < usual
    qtbot.keyClick(window, Qt.Key.Key_0, CONTROL)
    assert size.width == usual


def test_the_viewer_keeps_its_own_keys(qtbot, filled):
    window = filled.window
    usual = window.size_of_photos.width
    window.viewing.open(window.model.photo_id(0))
    canvas = window.viewing.viewer.canvas
    qtbot.waitUntil(lambda: canvas.loaded is not None, timeout=20_000)
    qtbot.keyClick(window.viewing.viewer, Qt.Key.Key_Plus)
    assert canvas.zoom.chosen is not None
    qtbot.keyClick(window.viewing.viewer, Qt.Key.Key_0, CONTROL)
    assert canvas.zoom.chosen is None
    qtbot.keyClick(window.viewing.viewer, Qt.Key.Key_Plus, CONTROL)
    assert window.size_of_photos.width == usual


def test_the_wheel_with_control_changes_the_size_and_does_not_scroll(filled):
    size = filled.window.size_of_photos
    usual = size.width
    turn(filled, 1)
    assert size.width == SIZES[SIZES.index(usual) + 1]
    turn(filled, -0.5)  # a touchpad sends parts of a notch
    assert size.width == SIZES[SIZES.index(usual) + 1]
    turn(filled, -0.5)
    assert size.width == usual
    turn(filled, 1, Qt.KeyboardModifier.NoModifier)
    assert size.width == usual


def test_the_slider_goes_from_the_smallest_to_the_largest_and_no_further(qtbot, filled):
    size = filled.window.size_of_photos
    slider = size.control.slider
    assert slider.accessibleName() == "Size of the photos"
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert size.width == SIZES[-1]
    size.step(1)
    assert size.width == SIZES[-1]
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert size.width == SIZES[0]


def test_the_size_is_kept_for_the_next_start(filled, build, tmp_path):
    filled.window.size_of_photos.step(2)
    width = filled.window.size_of_photos.width
    assert Settings(tmp_path / "settings.ini").thumbnail == width
    assert filled.shutdown(10)
    again = build()
    assert again.window.size_of_photos.width == width
    assert again.window.grid._smallest.width() == width
