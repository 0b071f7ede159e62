"""A desktop where one click opens things (KDE Plasma 5 by itself): here a click selects all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)

from app.application import Application
from app.theme import Theme
from app.unread_model import UnreadFile
from app.unread_window import UnreadWindow
from tests.app.hands import CONTROL, PLAIN, SHIFT, double_click

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class SingleClick(QProxyStyle):
    """Answers as such a desktop does."""

    def styleHint(  # noqa: N802 (Qt's name)
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_ItemView_ActivateItemOnSingleClick:
            return 1
        return super().styleHint(hint, option, widget, returned)


@pytest.fixture
def single_click(qapp: QApplication, theme: Theme) -> Iterator[None]:
    """The program's look on such a desktop."""
    qapp.setStyle(SingleClick("Fusion"))
    hint = QStyle.StyleHint.SH_ItemView_ActivateItemOnSingleClick
    assert qapp.style().styleHint(hint, None, None) == 1
    yield
    qapp.setStyle("Fusion")


@pytest.mark.parametrize(("button", "keys"), [(LEFT, PLAIN), (LEFT, CONTROL), (LEFT, SHIFT), (RIGHT, PLAIN)])
def test_a_click_on_a_photo_opens_nothing(qtbot, filled: Application, single_click, button, keys):
    window = filled.window
    place = window.grid.visualRect(window.model.index(2)).center()
    with qtbot.assertNotEmitted(window.viewing.opened):
        QTest.mouseClick(window.grid.viewport(), button, keys, place)
    assert window.model.photo_id(2) in window.grid.selected_ids()


def test_a_double_click_on_a_photo_opens_it_once(qtbot, filled: Application, single_click):
    window = filled.window
    opened: list[bool] = []
    window.viewing.opened.connect(lambda: opened.append(True))
    double_click(window.grid.viewport(), window.grid.visualRect(window.model.index(2)).center())
    assert len(opened) == 1
    assert window.grid.selected_id() == window.model.photo_id(2)


def test_a_click_on_a_file_that_could_not_be_read_opens_no_folder(qtbot, single_click):
    window = UnreadWindow()
    qtbot.addWidget(window)
    window.show_files([UnreadFile(Path(f"/p/{n}.jpg"), f"{n}.jpg", "/p", "It is empty.") for n in range(3)])
    with qtbot.waitExposed(window):
        window.show()
    wanted: list[UnreadFile] = []
    window.folder_wanted.connect(wanted.append)
    place = window.table.visualRect(window.model.index(1, 0)).center()
    for keys in (PLAIN, CONTROL, SHIFT):
        QTest.mouseClick(window.table.viewport(), LEFT, keys, place)
    assert wanted == []
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    double_click(window.table.viewport(), place)
    assert [file.name for file in wanted] == ["1.jpg", "1.jpg"]
