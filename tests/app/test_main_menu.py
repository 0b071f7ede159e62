import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

import engine
from app.main_menu import MainMenu


@pytest.fixture
def menu(app) -> MainMenu:
    return app.window.findChild(MainMenu)


def choose(menu: MainMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_about_names_the_version(app, menu):
    choose(menu, "About Sgraffito")
    box = app.window.findChild(QMessageBox)
    assert engine.__version__ in box.text()
    box.close()


def test_folders(app, menu):
    choose(menu, "Folders in the library…")
    assert app.window.folders.dialog.isVisible()
    app.window.folders.dialog.close()


def test_looking_for_new_photos_reads_the_folders_again(qtbot, filled):
    with qtbot.waitSignal(filled.indexing.finished, timeout=20_000):
        choose(filled.window.findChild(MainMenu), "Look for new photos")


def test_quit_closes_the_window(app, menu):
    choose(menu, "Quit")
    assert not app.window.isVisible()
    assert app.window not in [w for w in QApplication.topLevelWidgets() if w.isVisible()]
