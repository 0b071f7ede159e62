"""The window in another language: all of it, nothing cut off, and from right to left."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)

from app import languages, phrases
from app.look_page import LookPage
from app.settings import Settings
from app.settings_window import SettingsWindow
from tests.app import pseudo
from tests.app.test_keyboard_walk import STATES, Walker, full, go_to, photo_folder, walker

__all__ = ["full", "photo_folder", "walker"]

# What is the same in every language: names, the user's own words, kinds of files, keys, numbers.
SAME = re.compile(
    r"IMG_\d+|Winter|/|a red circle|is:landscape|Sgraffito|^(JPEG|HEIC|PNG|WebP|AVIF|TIFF|GIF|BMP|RGB)$"
    r"|^[\W\d_]*$|^(Ctrl|Alt|Shift|F\d|Esc|Home|End|Del|Ins|Return|Enter|Tab|Left|Right|Up|Down|[A-Z])\b"
    r"|^CPU$|^\d+([.,]\d+)? .?B$|^\d+ %$|^English$|sgraffito"
)


ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly


@pytest.fixture(scope="session")
def translations(tmp_path_factory) -> Path:
    """A folder with the program's translation into a language that nobody speaks."""
    for name in ("pyside6-lupdate", "pyside6-lrelease"):
        if pseudo.tool(name) is None:
            pytest.skip(f"{name} is not here")
    folder = tmp_path_factory.mktemp("translations")
    pseudo.make(folder)
    return folder


@pytest.fixture
def esperanto(qapp, translations) -> Iterator[None]:
    """All that is built in the test speaks it."""
    before, direction = QLocale(), qapp.layoutDirection()
    installed = languages.install(qapp, "eo", translations)
    assert installed
    yield
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before)
    qapp.setLayoutDirection(direction)


def texts(window: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Every text of a window that is seen, pointed at, or read aloud."""
    yield window, window.windowTitle()
    for widget in (window, *window.findChildren(QWidget)):
        if (
            not widget.isVisible()
            or widget.objectName().startswith("qt_")
            or widget.objectName() == "wordChip"
        ):
            continue
        yield widget, widget.toolTip()
        yield widget, widget.accessibleName()
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget, widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget, widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from ((widget, widget.itemText(at)) for at in range(widget.count()))
        elif isinstance(widget, QListWidget) and widget.objectName() == "pageList":
            yield from ((widget, widget.item(at).text()) for at in range(widget.count()))
        elif isinstance(widget, QTreeWidget):
            lines = QTreeWidgetItemIterator(widget)
            while (line := lines.value()) is not None:
                yield widget, line.text(0)
                lines += 1
        yield from (
            (widget, action.text()) for action in widget.actions() if not isinstance(widget, QLineEdit)
        )


def english(window: QWidget) -> set[str]:
    return {
        f"{type(widget).__name__} {widget.objectName()}: {text!r}"
        for widget, text in texts(window)
        if text and not said_in_it(text)
    }


def cut_off(window: QWidget) -> set[str]:
    """What shows less than it says: buttons and labels narrower than their text, or out of the window."""
    found = set()
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QAbstractButton | QLabel) or not widget.text():
            continue
        if (
            isinstance(widget, QToolButton)
            and widget.toolButtonStyle() == ICON_ONLY
            and not widget.icon().isNull()
        ):
            continue  # its text is only spoken
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        hint = widget.heightForWidth(widget.width()) if wraps else widget.sizeHint().width()
        if hint > (widget.height() if wraps else widget.width()) + 1:
            found.add(f"{type(widget).__name__} {widget.objectName()}: {widget.text()!r} needs {hint}")
        right = widget.mapTo(window, widget.rect().topRight()).x()
        left = widget.mapTo(window, widget.rect().topLeft()).x()
        if left < 0 or right > window.width():
            found.add(f"{type(widget).__name__}: {widget.text()!r} leaves the window at {left} to {right}")
    return found


def pages(walker: Walker) -> Iterator[QWidget]:
    """Every state and page of the program, one after the other."""
    for state in STATES:
        for window in go_to(walker, state):
            if isinstance(window, SettingsWindow):
                for page in range(window.pages.count()):
                    window.pages.setCurrentRow(page)
                    walker.qtbot.wait(20)
                    yield window
            else:
                yield window
        active = QApplication.activeWindow()
        if active is not walker.app.window:
            active.close()
            walker.return_to_window()
        walker.app.window.viewing.close()
        walker.app.window.side.close_open()


def test_the_whole_program_speaks_it_and_nothing_is_cut_off(esperanto, full):
    full.app.window.resize(1200, 800)
    left = set[str]()
    for window in pages(full):
        left |= english(window) | cut_off(window)
    for menu in (
        full.app.window.menu,
        full.app.window.refining.filters,
        *full.app.window.findChildren(QMenu),
    ):
        left |= {f"menu: {a.text()}" for a in menu.actions() if a.text() and not said_in_it(a.text())}
    assert not left, "\n".join(sorted(left))


def said_in_it(text: str) -> bool:
    return pseudo.START in text or bool(SAME.search(text.replace("\u200b", "")))


def test_a_number_goes_with_its_sentence(esperanto):
    assert phrases.photos(5).startswith("[5 ")
    assert phrases.photos(1).startswith("[1 ")


def test_from_right_to_left(qapp, full):
    window, direction = full.app.window, qapp.layoutDirection()
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window.resize(1200, 800)
        for page in pages(full):
            assert not (cut := cut_off(page)), "\n".join(sorted(cut))
        go_to(full, "why")
        grid, panel = window.grid, window.about.why_panel
        assert panel.mapTo(window, panel.rect().center()).x() < grid.mapTo(window, grid.rect().center()).x()
    finally:
        qapp.setLayoutDirection(direction)


def test_without_translations_english_is_all_there_is(qapp, tmp_path):
    assert languages.offered(tmp_path) == ()
    assert languages.install(qapp, languages.SYSTEM, tmp_path) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="the system's languages come from the environment there")
@pytest.mark.parametrize(
    ("wished", "installed"), [("eo:en", True), ("nb:eo:en", True), ("en_GB:eo", False), ("nb:en:eo", False)]
)
def test_the_first_language_of_the_system_that_is_there_is_spoken(translations, wished, installed):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from app import languages\n"
        "print(bool(languages.install(QApplication([]), languages.SYSTEM, Path(sys.argv[1]))))\n"
    )
    environment = os.environ | {"LANG": "C.UTF-8", "LANGUAGE": wished, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("LC_ALL", None)
    command = [sys.executable, "-c", script, os.fspath(translations)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(installed)


def test_the_language_is_offered_and_kept(qtbot, theme, translations, tmp_path):
    assert languages.offered(translations) == (("English", "en"), ("Esperanto", "eo"))
    settings = Settings(tmp_path / "settings.ini")
    page = LookPage(theme, settings, translations=translations)
    qtbot.addWidget(page)
    page.show()
    assert page.language.isVisible()
    page.language.setCurrentIndex(page.language.findData("eo"))
    assert Settings(tmp_path / "settings.ini").language == "eo"
    page.language.setCurrentIndex(0)
    assert settings.language == languages.SYSTEM


def test_where_there_is_one_language_none_is_offered(qtbot, theme, tmp_path):
    page = LookPage(theme, Settings(tmp_path / "settings.ini"), translations=tmp_path)
    qtbot.addWidget(page)
    page.show()
    assert not page.language.isVisible()


@pytest.mark.parametrize("damaged", ["", "../../etc", "de_DE_x", "12"])
def test_a_damaged_language_is_the_system_s(tmp_path, damaged):
    settings = Settings(tmp_path / "settings.ini")
    settings.language = damaged
    assert settings.language == languages.SYSTEM
