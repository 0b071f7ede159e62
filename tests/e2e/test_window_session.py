"""A user's first evening with the window, from an empty library to the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.application import Application
from app.questions import Browse, Caption, DescribedAlike

WAIT = 60_000


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder, its bytes and its modification time."""
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


def search(qtbot, app: Application, caption: str) -> None:
    window = app.window
    window.bar.field.setFocus()
    window.bar.field.clear()
    qtbot.keyClicks(window.bar.field, caption)
    qtbot.keyClick(window.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: bool(
            window.model.results and window.model.results.reranked and window.model.results.caption == caption
        ),
        timeout=WAIT,
    )


def test_from_an_empty_library_to_the_next_start(qtbot, build, photo_folder):
    untouched = state_of(photo_folder)
    app = build()
    window = app.window

    # The first minute: one sentence, one button, then photos.
    qtbot.waitUntil(lambda: window.empty.text.startswith("Add a folder of photos"), timeout=WAIT)
    window.folders.add([photo_folder])
    qtbot.waitUntil(lambda: window.model.rowCount() == 12 and not app.indexing.running, timeout=WAIT)

    # A search: good matches, and the weaker ones behind one button.
    search(qtbot, app, "a red circle")
    good = window.model.rowCount()
    button = window.grid.findChild(QPushButton)
    if button.isVisible():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert window.model.rowCount() == 12 > good

    # Down to the photos by keyboard, and what one of them would be described as.
    qtbot.keyClick(window.bar.field, Qt.Key.Key_Down)
    assert window.grid.hasFocus()
    qtbot.keyClick(window.grid, Qt.Key.Key_Home)
    photo_id = window.grid.selected_id()
    assert photo_id == window.model.photo_id(0)
    menu = window.photos.menu(photo_id)
    next(action for action in menu.actions() if action.text() == "Find similar descriptions").trigger()
    qtbot.waitUntil(lambda: isinstance(app.session.question, DescribedAlike), timeout=WAIT)
    qtbot.waitUntil(lambda: window.model.results.caption != "a red circle", timeout=WAIT)
    assert window.panel.list.count() > 0

    # Back, and back again.
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: app.session.question == Caption("a red circle"), timeout=WAIT)
    qtbot.waitUntil(lambda: window.grid.selected_id() == photo_id, timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: isinstance(app.session.question, Browse), timeout=WAIT)
    assert window.bar.field.text() == ""

    # The next start: everything is there, and no photo was touched.
    window.close()
    assert app.shutdown(10)
    again = build()
    qtbot.waitUntil(lambda: again.window.model.rowCount() == 12, timeout=WAIT)
    search(qtbot, again, "a red circle")
    assert again.window.model.rowCount() == good
    assert state_of(photo_folder) == untouched
