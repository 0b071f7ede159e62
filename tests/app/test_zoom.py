import pytest
from PySide6.QtCore import QPointF, QSizeF

from app.zoom import Zoom

LARGE = Zoom((4000, 3000), (800, 600))


def test_a_large_photo_is_seen_whole():
    assert LARGE.scale == 0.2
    assert LARGE.place.getRect() == (0, 0, 800, 600)
    assert LARGE.percent == 20
    assert not LARGE.can_pan


def test_a_small_photo_is_enlarged_only_so_far_and_centred():
    small = Zoom((100, 100), (800, 600))
    assert small.place.getRect() == (300, 200, 200, 200)
    assert small.percent == 200


def test_a_hundred_percent_is_a_pixel_of_the_screen():
    sharp = Zoom((4000, 3000), (800, 600), ratio=2.0).at(100)
    assert sharp.scale == 0.5
    assert sharp.percent == 100


def test_the_point_under_the_pointer_stays():
    anchor = QPointF(200, 150)
    closer = LARGE.by(2, anchor)
    assert closer.percent == 40
    place = closer.place
    assert (anchor.x() - place.x()) / place.width() == pytest.approx(0.25)
    assert (anchor.y() - place.y()) / place.height() == pytest.approx(0.25)


def test_no_empty_border_comes_into_sight():
    moved = LARGE.at(100).panned(100_000, -100_000)
    assert moved.place.left() == pytest.approx(0)
    assert moved.place.bottom() == pytest.approx(600)


def test_moving_stops_at_once_after_the_border():
    moved = LARGE.at(100).panned(100_000, 0).panned(-50, 0)
    assert moved.place.left() == pytest.approx(-50)


def test_zooming_out_ends_at_the_whole_photo():
    zoom = LARGE.at(100)
    for _ in range(20):
        zoom = zoom.by(1 / 1.25)
    assert zoom == LARGE


def test_zooming_in_ends_somewhere():
    zoom = LARGE
    for _ in range(40):
        zoom = zoom.by(1.25)
    assert zoom.percent == 800


def test_a_small_photo_can_be_seen_in_its_own_size():
    small = Zoom((100, 100), (800, 600))
    assert small.at(100).place.getRect() == (350, 250, 100, 100)
    assert small.by(1 / 1.25).percent == 160
    assert small.by(1 / 1.25).by(0.1).percent == 100


def test_another_size_of_the_view_keeps_the_middle():
    zoom = LARGE.at(100).panned(-300, -200)
    other = zoom.in_view(QSizeF(400, 300), 1.0)
    assert other.middle == zoom.middle
    assert LARGE.in_view(QSizeF(400, 300), 1.0).percent == 10


def test_one_direction_can_be_moved_while_the_other_is_centred():
    wide = Zoom((4000, 500), (800, 600)).at(100)
    assert wide.can_pan
    moved = wide.panned(-100, -100)
    assert moved.place.top() == 50
    assert moved.place.left() == pytest.approx(wide.place.left() - 100)
