"""The files that could not be read: listed, explained, tried again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from app.application import Application
from app.unread_model import UnreadFile
from app.unread_window import UnreadWindow
from engine import Skip
from tests.app.conftest import draw_photo
from tests.app.test_main_menu import choose
from tests.app.test_window import break_library

WAIT = 20_000


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    """Two photos, and three files that are none."""
    folder = tmp_path / "Winter"
    for number in range(2):
        draw_photo(folder / f"IMG_{number:02}.jpg", number)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "Alps").mkdir()
    (folder / "Alps" / "notes.png").write_bytes(b"two dogs on a beach")
    (folder / "cut.jpg").write_bytes(draw_photo(tmp_path / "whole.jpg", 3, (400, 300)).read_bytes()[:2000])
    return folder


@pytest.fixture
def filled(qtbot, app: Application, photo_folder: Path) -> Application:
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=WAIT)
    with qtbot.waitSignal(app.indexing.finished, timeout=WAIT):
        app.window.folders.add([photo_folder])
    return app


def listed(app: Application) -> dict[str, str]:
    return {file.name: file.reason for file in app.beside.unread.window.model.files}


def open_list(qtbot, app: Application) -> UnreadWindow:
    app.beside.show_unread()
    window = app.beside.unread.window
    qtbot.waitUntil(lambda: len(listed(app)) > 0, timeout=WAIT)
    return window


def select(window: UnreadWindow, row: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    index = window.model.index(row, 0)
    window.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)


def test_the_note_after_reading_shows_which(qtbot, filled):
    status = filled.window.status
    assert "3 files in Winter could not be read" in status.text
    button = next(b for b in status.findChildren(QPushButton) if b.text() == "Show which")
    assert button.accessibleName() == "3 files in Winter could not be read: Show which"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    window = filled.beside.unread.window
    assert window.isVisible()
    qtbot.waitUntil(lambda: len(listed(filled)) == 3, timeout=WAIT)
    assert "empty" in listed(filled)["empty.jpg"]
    assert "not a photo" in listed(filled)["notes.png"]
    assert "cut short" in listed(filled)["cut.jpg"]
    assert window.sentence.startswith("3 files could not be read")
    status.show_note("")
    assert not button.isVisible()


def test_the_menu_and_the_folders_lead_there(qtbot, filled):
    choose(filled.window.menu, "Files that couldn't be read…")
    window = filled.beside.unread.window
    assert window.isVisible()
    window.close()
    filled.beside.show_folders()
    page = filled.beside.settings.folders
    qtbot.waitUntil(page.unread.isVisible, timeout=WAIT)
    assert page.unread.text() == "3 files couldn't be read…"
    qtbot.mouseClick(page.unread, Qt.MouseButton.LeftButton)
    assert window.isVisible()


def test_the_list_is_there_after_a_restart(qtbot, filled, build):
    assert filled.shutdown(10)
    app = build()
    open_list(qtbot, app)
    assert set(listed(app)) == {"empty.jpg", "notes.png", "cut.jpg"}


def test_files_that_were_mended_are_read_when_tried_again(qtbot, filled, photo_folder):
    window = open_list(qtbot, filled)
    draw_photo(photo_folder / "cut.jpg", 9)
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        qtbot.mouseClick(window.again, Qt.MouseButton.LeftButton)
        assert not window.again.isEnabled()
        assert window.again.text() == "Reading…"
    qtbot.waitUntil(lambda: set(listed(filled)) == {"empty.jpg", "notes.png"}, timeout=WAIT)
    qtbot.waitUntil(lambda: window.again.isEnabled() and window.again.text() == "Try again", timeout=WAIT)
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 3, timeout=WAIT)
    for name in ("empty.jpg", "Alps/notes.png"):
        (photo_folder / name).unlink()
    filled.window.folders.read_known()
    qtbot.waitUntil(lambda: listed(filled) == {}, timeout=WAIT)
    assert window.sentence == "Every file in the library's folders could be read."
    assert window.table.isHidden()
    assert not window.again.isEnabled()


def test_a_file_is_shown_in_its_folder(qtbot, filled, quiet_desktop, photo_folder):
    window = open_list(qtbot, filled)
    names = [file.name for file in window.model.files]
    select(window, names.index("notes.png"))
    qtbot.mouseClick(window.folder, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(quiet_desktop.opened), timeout=WAIT)
    assert [Path(url.toLocalFile()) for url in quiet_desktop.opened] == [photo_folder / "Alps"]
    (photo_folder / "Alps" / "notes.png").unlink()
    (photo_folder / "Alps").rmdir()
    window.table.setFocus()
    qtbot.keyClick(window.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Alps can't be reached" in window.sentence, timeout=WAIT)


def test_the_list_can_be_copied(qtbot, filled, photo_folder):
    window = open_list(qtbot, filled)
    qtbot.mouseClick(window.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == [str(file.path) for file in window.model.files]
    assert "cut short" in "\n".join(lines)
    select(window, 1)
    window.table.setFocus()
    qtbot.keyClick(window.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == lines[1]


def test_it_closes_with_the_main_window(qtbot, filled):
    window = open_list(qtbot, filled)
    filled.window.close()
    assert not window.isVisible()


def unread(count: int) -> tuple[UnreadFile, ...]:
    return tuple(
        UnreadFile.of(Skip(Path(f"/p/Winter/{n:05}.jpg"), "The file is empty.")) for n in range(count)
    )


def test_ten_thousand_files_are_lines_like_any_others(qtbot):
    window = UnreadWindow()
    qtbot.addWidget(window)
    window.show_files(unread(10_000))
    with qtbot.waitExposed(window):
        window.show()
    rows = window.table.rowAt(0), window.table.rowAt(window.table.viewport().height() - 1)
    assert rows[0] == 0
    assert rows[1] < 40
    select(window, 9_000)
    window.table.scrollTo(window.model.index(9_000, 0))
    place = window.table.verticalScrollBar().value()
    window.show_files(unread(10_001)[1:])
    assert [index.row() for index in window.table.selectionModel().selectedRows()] == [8_999]
    assert window.table.verticalScrollBar().value() == place


def test_names_that_are_not_text_are_shown_all_the_same(qtbot):
    file = UnreadFile.of(Skip(Path("/p/caf\udce9/b\udce9.jpg"), "The file is empty."))
    assert (file.name, file.folder) == ("b�.jpg", "/p/caf�")


def test_the_columns_have_names_and_long_words_a_tool_tip(qtbot):
    window = UnreadWindow()
    qtbot.addWidget(window)
    window.show_files(unread(1))
    headings = [window.model.headerData(at, Qt.Orientation.Horizontal) for at in range(3)]
    assert headings == ["File", "Folder", "Why"]
    assert window.model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole) == "The file is empty."


def test_a_single_file_is_spoken_of_as_one(qtbot):
    window = UnreadWindow()
    qtbot.addWidget(window)
    window.show_files((UnreadFile(Path("/p/a.jpg"), "a.jpg", "/p", "It is empty."),))
    assert window.sentence == "1 file could not be read, and can't be found. It stays where it is."


def test_to_try_again_ends_where_the_library_fails(qtbot, filled, tmp_path):
    window = open_list(qtbot, filled)
    qtbot.waitUntil(lambda: window.again.isEnabled(), timeout=WAIT)
    break_library(qtbot, filled, tmp_path)
    window.again.click()
    assert window.again.text() == "Reading…"
    qtbot.waitUntil(lambda: window.again.isEnabled(), timeout=WAIT)
    assert window.again.text() == "Try again"
    assert "library" in window.sentence
