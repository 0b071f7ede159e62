from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.word_light import WordLight

PLACE = QRectF(0, 0, 240, 160)


def lit(light: WordLight, ground: str) -> QImage:
    image = QImage(240, 160, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    light.paint(painter, PLACE)
    painter.end()
    return image


@pytest.fixture
def light(qapp) -> WordLight:
    grid = [[0.0] * 8 for _ in range(8)]
    grid[1][1] = 0.04  # maps sum to 1: their values are small
    return WordLight.of(grid)


def test_the_word_s_place_stays_as_it_is_and_the_rest_is_dimmed(light):
    image = lit(light, "#c0c0c0")
    assert image.pixelColor(45, 30).lightness() > 180
    assert image.pixelColor(200, 130).lightness() < 70


@pytest.mark.parametrize("ground", ["black", "white", "#808080", "#ff0000"])
def test_the_line_is_seen_on_any_photo(light, ground):
    image = lit(light, ground)
    row = [image.pixelColor(x, 30).lightness() for x in range(45, 120)]
    assert max(row) - min(row) > 120


def test_it_is_smooth(light):
    image = lit(light, "white")
    row = [image.pixelColor(x, 100).lightness() for x in range(240)]
    assert max(abs(a - b) for a, b in pairwise(row)) < 30


def test_a_word_found_everywhere_alike_dims_nothing(qapp):
    image = lit(WordLight.of([[0.25, 0.25], [0.25, 0.25]]), "#c0c0c0")
    assert image.pixelColor(120, 80) == QColor("#c0c0c0")


def test_maps_of_other_forms(qapp):
    image = lit(WordLight.of([[0.0, 1.0]]), "white")
    assert image.pixelColor(220, 80).lightness() > image.pixelColor(20, 80).lightness() + 100


def test_nothing_is_painted_beside_the_photo(light):
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    light.paint(painter, QRectF(50, 40, 100, 80))
    painter.end()
    assert image.pixelColor(20, 20) == image.pixelColor(200, 150) == QColor("white")
