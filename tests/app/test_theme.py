import re

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPalette

from app.theme import DARK, LIGHT
from engine import resources


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in QColor(colour).getRgbF()[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text", "window"),
        ("text", "surface"),
        ("text", "notice"),
        ("text", "hover"),
        ("text", "selected"),
        ("subdued", "window"),
        ("subdued", "surface"),
        ("subdued", "hover"),
        ("subdued", "placeholder"),
        ("subdued", "notice"),
        ("accent", "window"),
        ("accent", "surface"),
        ("accent", "hover"),
        ("accent", "notice"),
        ("accent_hover", "surface"),
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
    ],
)
def test_text_stands_out(colours, text, ground):
    assert contrast(colours[text], colours[ground]) >= 4.5


def test_light_and_dark_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys()


def test_every_colour_of_the_style_sheet_exists():
    names = set(re.findall(r"@(\w+)", (resources() / "style" / "app.qss").read_text("utf-8")))
    assert names <= LIGHT.keys()


def test_the_theme_follows_the_system(qtbot, theme, qapp):
    with qtbot.waitSignal(theme.changed):
        theme.apply(Qt.ColorScheme.Dark)
    assert theme.colour("window") == QColor(DARK["window"])
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK["window"])
    theme.apply(Qt.ColorScheme.Light)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT["window"])


def test_a_chosen_scheme_is_kept_whatever_the_system_does(theme, qapp):
    theme.choose("dark")
    assert theme.colour("window") == QColor(DARK["window"])
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.colour("window") == QColor(DARK["window"])
    theme.choose("light")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT["window"])


def test_back_to_the_system_takes_its_colours_at_once(theme, qapp):
    theme.choose("dark")
    theme.choose("system")
    dark = qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.colour("window") == QColor((DARK if dark else LIGHT)["window"])


def test_the_same_colours_are_not_put_on_twice(qtbot, theme):
    theme.choose("dark")
    with qtbot.assertNotEmitted(theme.changed):
        theme.apply(Qt.ColorScheme.Dark)
    theme.choose("system")


@pytest.mark.parametrize("icon", sorted((resources() / "icons").glob("*.svg")), ids=lambda icon: icon.stem)
def test_every_icon_draws_in_the_colour_asked_for(theme, icon):
    image = theme.icon(icon.stem, "accent").pixmap(QSize(24, 24)).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 150
    ]
    assert inked
    if icon.stem != "sgraffito":  # the program's own icon keeps its colours
        accent = QColor(LIGHT["accent"])
        assert all(abs(colour.red() - accent.red()) < 4 for colour in inked)
        assert all(abs(colour.blue() - accent.blue()) < 4 for colour in inked)
