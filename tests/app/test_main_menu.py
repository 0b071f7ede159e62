import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from app.main_menu import MainMenu
from tests.app.conftest import draw_photo


@pytest.fixture
def menu(app) -> MainMenu:
    return app.window.menu


def choose(menu: MainMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_folders_are_a_page_of_the_settings(app, menu):
    choose(menu, "Folders in the library…")
    assert app.beside.settings.folders.isVisible()


def test_looking_for_new_photos_reads_the_folders_again(qtbot, filled, photo_folder):
    draw_photo(photo_folder / "new.jpg", 50)
    with qtbot.waitSignal(filled.indexing.finished, timeout=20_000):
        choose(filled.window.menu, "Look for new photos")
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 13, timeout=20_000)


@pytest.mark.parametrize(
    ("key", "modifier", "signal"),
    [
        (Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier, "settings_pressed"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "shortcuts_pressed"),
    ],
)
def test_keys_work_while_the_menu_is_closed(qtbot, app, menu, key, modifier, signal):
    app.window.bar.field.setFocus()
    with qtbot.waitSignal(getattr(menu, signal)):
        qtbot.keyClick(app.window.bar.field, key, modifier)


def test_a_question_mark_is_text_in_the_search_field_and_a_shortcut_elsewhere(qtbot, app, menu):
    field = app.window.bar.field
    field.setFocus()
    with qtbot.assertNotEmitted(menu.shortcuts_pressed):
        qtbot.keyClick(field, "?")
    assert field.text() == "?"
    button = app.window.empty.findChild(type(app.window.bar._add))
    button.setFocus()
    with qtbot.waitSignal(menu.shortcuts_pressed):
        qtbot.keyClick(button, "?")


def test_quit_closes_the_window_and_what_is_beside_it(app, menu):
    app.beside.show_settings()
    app.beside.show_shortcuts()
    app.beside.show_about()
    choose(menu, "Quit")
    dialogs = app.window.findChildren(QDialog)
    assert len(dialogs) >= 3
    assert not any(window.isVisible() for window in (app.window, *dialogs))
