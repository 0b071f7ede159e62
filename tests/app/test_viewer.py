from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget

from app.loaded_photo import LoadedPhoto
from app.viewer import Viewer
from app.word_light import WordLight

CONTROL = Qt.KeyboardModifier.ControlModifier


def photo(width: int, height: int, full: QSize | None = None, colour: str = "#3060c0") -> LoadedPhoto:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return LoadedPhoto(None, (image,), full or QSize(width, height), stamp=1)


@pytest.fixture
def viewer(qtbot, theme) -> Viewer:
    viewer = Viewer(theme)
    qtbot.addWidget(viewer)
    viewer.resize(900, 700)
    viewer.show()
    qtbot.waitExposed(viewer)
    viewer.wait_for("IMG_1.jpg", "3 of 12")
    viewer.show_photo(photo(2000, 1000), same=False)
    return viewer


@pytest.fixture
def press(qtbot, viewer):
    return lambda key, modifier=Qt.KeyboardModifier.NoModifier: qtbot.keyClick(viewer.canvas, key, modifier)


def scale_text(viewer: Viewer) -> str:
    return viewer.bar._scale.text()


def test_the_photo_is_seen_whole_with_its_name(viewer):
    assert viewer.bar.text == "IMG_1.jpg 3 of 12"
    assert viewer.canvas.accessibleName() == "IMG_1.jpg, 3 of 12"
    assert scale_text(viewer) == "45 %"
    image = viewer.canvas.grab().toImage()
    middle = image.rect().center()
    assert image.pixelColor(middle) == QColor("#3060c0")
    assert image.pixelColor(middle.x(), 4) != QColor("#3060c0")


@pytest.mark.parametrize("width", [1000, 640, 532, 420, 300, 276])
def test_the_bar_leaves_out_what_it_has_no_room_for(qtbot, viewer, width):
    viewer.resize(width, 500)
    shown = [w for w in viewer.bar.findChildren(QWidget) if w.isVisible()]
    places = sorted((w.geometry() for w in shown), key=QRect.left)
    assert all(one.right() < two.left() for one, two in pairwise(places))
    assert places[-1].right() < width
    assert all(w.width() >= w.sizeHint().width() for w in shown if w is not viewer.bar._name)
    viewer.resize(1000, 500)
    assert all(w.isVisible() for w in viewer.bar.findChildren(QWidget))


def test_keys_zoom(viewer, press):
    press(Qt.Key.Key_Plus)
    assert scale_text(viewer) == "56 %"
    press(Qt.Key.Key_Minus)
    assert scale_text(viewer) == "45 %"
    press(Qt.Key.Key_1, CONTROL)
    assert scale_text(viewer) == "100 %"
    press(Qt.Key.Key_0, CONTROL)
    assert viewer.canvas.zoom.chosen is None


def test_the_wheel_zooms_about_the_pointer(viewer):
    before = viewer.canvas.zoom.place
    place = QPointF(before.x() + before.width() / 4, before.center().y())
    event = QWheelEvent(
        place,
        viewer.canvas.mapToGlobal(place),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewer.canvas, event)
    after = viewer.canvas.zoom.place
    assert after.width() > 1.5 * before.width()
    assert (place.x() - after.x()) / after.width() == pytest.approx(0.25)


def test_arrows_step_while_the_photo_is_whole_and_move_it_while_it_is_not(qtbot, viewer, press):
    with qtbot.waitSignal(viewer.stepped) as signal:
        press(Qt.Key.Key_Right)
    assert signal.args == [1]
    press(Qt.Key.Key_1, CONTROL)
    before = viewer.canvas.zoom.place.x()
    with qtbot.assertNotEmitted(viewer.stepped):
        press(Qt.Key.Key_Right)
    assert viewer.canvas.zoom.place.x() < before
    with qtbot.waitSignal(viewer.stepped) as signal:
        press(Qt.Key.Key_PageUp)
    assert signal.args == [-1]


def test_dragging_moves(qtbot, viewer, press):
    press(Qt.Key.Key_1, CONTROL)
    before = viewer.canvas.zoom.place
    qtbot.mousePress(viewer.canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    qtbot.mouseMove(viewer.canvas, QPoint(350, 280))
    qtbot.mouseRelease(viewer.canvas, Qt.MouseButton.LeftButton, pos=QPoint(350, 280))
    assert viewer.canvas.zoom.place.topLeft() == before.topLeft() + QPointF(-50, -20)


def test_a_double_click_goes_close_and_back(qtbot, viewer):
    for expected in ("100 %", "45 %"):
        qtbot.mouseDClick(viewer.canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 300))
        assert scale_text(viewer) == expected


def test_more_pixels_are_asked_for_only_when_they_are_seen(qtbot, viewer, press):
    small = photo(900, 450, QSize(2000, 1000))
    with qtbot.assertNotEmitted(viewer.canvas.detail_wanted):
        viewer.show_photo(small, same=False)
    with qtbot.waitSignal(viewer.canvas.detail_wanted):
        press(Qt.Key.Key_1, CONTROL)
    viewer.show_photo(photo(2000, 1000), same=True)
    assert scale_text(viewer) == "100 %"
    with qtbot.assertNotEmitted(viewer.canvas.detail_wanted):
        press(Qt.Key.Key_Plus)


def test_another_photo_is_whole_again(viewer, press):
    press(Qt.Key.Key_1, CONTROL)
    viewer.show_photo(photo(500, 1000), same=False)
    assert viewer.canvas.zoom.chosen is None


def test_a_photo_that_cannot_be_shown_is_a_sentence_in_its_place(viewer, press):
    viewer.show_photo(LoadedPhoto(None, trouble="IMG_1.jpg is no longer in its folder."), same=False)
    assert viewer.trouble == "IMG_1.jpg is no longer in its folder."
    assert scale_text(viewer) == ""
    press(Qt.Key.Key_Plus)
    viewer.show_photo(photo(20, 20), same=False)
    assert viewer.trouble == ""


def test_any_key_stops_the_slideshow_and_does_nothing_else(qtbot, viewer, press):
    viewer.slideshow.toggle()
    assert "Stop" in viewer.bar.play.text()
    with qtbot.assertNotEmitted(viewer.stepped):
        press(Qt.Key.Key_Right)
    assert not viewer.slideshow.playing
    assert viewer.bar.play.text() == "Slideshow (F5)"


def test_a_click_stops_the_slideshow(qtbot, viewer):
    viewer.slideshow.toggle()
    qtbot.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton)
    assert not viewer.slideshow.playing


def test_a_word_s_place_is_lit_over_the_photo(viewer):
    plain = viewer.canvas.grab().toImage()
    viewer.canvas.show_light(WordLight.of([[0.0, 1.0]]))
    assert viewer.canvas.grab().toImage() != plain


def test_every_button_has_a_name(viewer):
    buttons = viewer.bar.findChildren(QToolButton)
    assert len(buttons) == 11
    assert all(button.toolTip() for button in buttons)
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in buttons)


def test_space_goes_back(qtbot, viewer, press):
    with qtbot.waitSignal(viewer.left):
        press(Qt.Key.Key_Space)


def test_a_long_name_is_cut_to_the_room_and_all_else_stays_whole(viewer):
    viewer.wait_for("IMG_20190105_140312 " + "a winter holiday " * 9 + ".jpg", "1,204 of 33,000")
    for width in (1200, 760, 900):
        viewer.resize(width, 600)
        shown = [label for label in viewer.bar.findChildren(QLabel) if label.text()]
        assert len(shown) == 2
        viewer.bar.layout().activate()
        for label in shown:
            assert label.width() >= label.sizeHint().width()


def test_a_screen_reader_hears_no_trouble_of_the_photo_before(viewer):
    viewer.show_photo(LoadedPhoto(None, trouble="IMG_1.jpg is no longer in its folder."), same=False)
    assert viewer.canvas.accessibleDescription() == "IMG_1.jpg is no longer in its folder."
    viewer.show_photo(photo(2000, 1000), same=False)
    assert viewer.canvas.accessibleDescription() == ""
