import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette, QTextTable
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QTextBrowser

import engine
from app.advanced_page import AdvancedPage
from app.application import Application
from app.folders import FoldersPage
from app.settings import Settings
from app.settings_window import Page, SettingsWindow
from app.theme import DARK, LIGHT
from engine import Device

WAIT = 60_000


@pytest.fixture
def window(app) -> SettingsWindow:
    app.beside.show_settings()
    return app.beside.settings


def pick(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))


def test_it_is_beside_the_main_window_not_in_its_way(qtbot, app, window):
    assert window.isVisible()
    assert not window.isModal()
    app.beside.show_settings()
    assert app.beside.settings is window
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_every_page_is_reached_and_filled_in_by_keyboard(qtbot, window):
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.pages)
    titles = [window.pages.item(row).text() for row in range(window.pages.count())]
    assert titles == ["Folders", "Look", "Speed", "Storage", "Advanced"]
    for page in (window.look, window.speed, window.storage, window.advanced):
        qtbot.keyClick(window.pages, Qt.Key.Key_Down)
        assert page.isVisible()
    window.pages.setCurrentRow(1)
    qtbot.keyClick(window.pages, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.look.scheme


def test_everything_has_a_name_for_screen_readers(window):
    for page in Page:
        window.open_on(page)
    fields = [
        *window.findChildren(QComboBox),
        *window.findChildren(QTextBrowser),
        *(field for field in window.findChildren(QLineEdit) if field.isReadOnly()),
    ]
    assert len(fields) >= 8
    assert all(field.accessibleName() for field in fields)
    assert all(button.accessibleName() or button.text() for button in window.findChildren(QPushButton))


def test_it_opens_on_the_page_where_it_was_left(window):
    window.open_on(Page.SPEED)
    window.close()
    window.open_on()
    assert window.pages.currentRow() == Page.SPEED
    assert window.speed.isVisible()


def test_a_page_is_made_when_it_is_first_shown(window):
    assert len(window.findChildren(FoldersPage)) == 1
    assert not window.findChildren(AdvancedPage)
    window.open_on(Page.ADVANCED)
    window.open_on(Page.FOLDERS)
    window.open_on(Page.ADVANCED)
    assert window.findChildren(AdvancedPage) == [window.advanced]


def test_dark_is_put_on_at_once_and_kept(qapp, app, window, tmp_path):
    pick(window.look.scheme, "dark")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK["window"])
    window.close()
    assert Settings(tmp_path / "settings.ini").scheme == "dark"
    pick(window.look.scheme, "light")
    assert app.theme.colour("window") == QColor(LIGHT["window"])
    pick(window.look.scheme, "system")


def test_a_kept_scheme_is_there_at_the_next_start(qapp, build, tmp_path):
    Settings(tmp_path / "settings.ini").scheme = "dark"
    app = build()
    assert app.theme.colour("window") == QColor(DARK["window"])
    app.beside.show_settings()
    assert app.beside.settings.look.scheme.currentData() == "dark"
    app.theme.choose("system")


def test_the_devices_of_this_machine_are_offered_when_the_models_are_loaded(qtbot, window):
    device = window.speed.device
    first = engine.available_devices()[0].label
    qtbot.waitUntil(lambda: device.itemText(0) == f"Automatic ({first})", timeout=WAIT)
    assert device.findData("cpu") > 0
    assert device.currentData() == "auto"


def test_a_graphics_card_has_its_name_and_stays_chosen_while_it_is_away(window, tmp_path):
    page, settings = window.speed, Settings(tmp_path / "settings.ini")
    card, cpu = Device("cuda", "NVIDIA RTX 9"), Device("cpu", "CPU")
    page.show_devices((card, cpu))
    assert [page.device.itemText(i) for i in range(3)] == ["Automatic (NVIDIA RTX 9)", "NVIDIA RTX 9", "CPU"]
    pick(page.device, "cuda")
    page.show_devices((cpu,))
    assert page.device.currentText() == "Automatic (CPU)"
    window.close()
    assert settings.device == "cuda"


def test_cores_and_gentleness_are_kept(app, window, tmp_path):
    page = window.speed
    pick(page.threads, 1)
    pick(page.gentle, "always")
    window.close()
    again = Settings(tmp_path / "settings.ini")
    assert (again.threads, again.gentle) == (1, "always")
    pick(page.threads, None)
    assert page.threads.currentText() == "Automatic"
    window.close()
    assert app.indexing._is_gentle()
    pick(page.gentle, "never")
    assert not app.indexing._is_gentle()


def test_what_changes_at_the_next_start_says_so(window):
    assert "next start" in window.speed.threads.accessibleDescription()


def test_the_library_and_the_log_are_named_with_the_library_s_size(qtbot, window, tmp_path):
    window.open_on(Page.STORAGE)
    page = window.storage
    assert page.library.text() == str(tmp_path / "library.db")
    assert page.log.text() == str(engine.log_folder())
    qtbot.waitUntil(lambda: page.library_note.text().endswith("kB"), timeout=WAIT)
    assert page.library.isReadOnly()


def test_a_log_folder_that_is_not_there_is_said(qtbot, window):
    window.open_on(Page.STORAGE)
    assert not engine.log_folder().exists()
    qtbot.mouseClick(window.storage.show_log, Qt.MouseButton.LeftButton)
    assert window.storage.answer.text() == "The folder could not be shown."


def test_the_model_card_is_shown_as_text(qtbot, window):
    card = engine.read_card()
    page = window.advanced
    qtbot.waitUntil(lambda: page.pack.text() == card.name, timeout=WAIT)
    assert page.pack_note.text().endswith("MB")
    text = page.card.toPlainText()
    assert "Model card" in text
    assert "reliability.svg" not in text
    assert page.card.isReadOnly()
    assert any(isinstance(f, QTextTable) for f in page.card.document().rootFrame().childFrames())


def test_a_missing_pack_is_a_sentence(window):
    error = engine.PackError("there is no model pack in this folder.", path="/p", hint="Install it.")
    window.advanced.show_failure(error)
    assert "/p" in window.advanced.pack_note.text()
    assert not window.advanced.show_pack.isEnabled()


def test_folders_come_and_go_while_the_page_is_open(qtbot, filled, photo_folder, tmp_path):
    filled.beside.show_folders()
    page = filled.beside.settings.folders
    qtbot.waitUntil(lambda: page.list.count() == 1 and "12 photos" in page.list.item(0).text(), timeout=WAIT)
    page.remove.click()
    assert "“Winter”" in page.sentence
    with qtbot.waitSignal(filled.window.folders.changed, timeout=WAIT):
        filled.window.folders.refresh()
    assert page.sentence  # news of the library don't take the question away
    page.confirm.click()
    qtbot.waitUntil(lambda: page.list.isHidden(), timeout=WAIT)


def test_devices_that_are_gone_do_not_keep_the_app_from_searching(qtbot, qapp, tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    settings.device = next(name for name in ("mps", "cuda") if name not in names())
    settings.threads = 1
    app = Application(qapp, library=tmp_path / "library.db", settings=settings)
    app.show()
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=WAIT)
    assert app.window.message.text == ""
    assert app.shutdown(10)


def names() -> list[str]:
    return [device.name for device in engine.available_devices()]


def test_opening_it_does_not_hold_the_window_up(qtbot, app):
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=WAIT)
    began = time.thread_time()
    app.beside.show_settings()
    assert time.thread_time() - began < 0.5  # generous: it shows that nothing heavy is imported or read
    assert isinstance(app.beside.settings.parent(), type(app.window))
    assert Path(app.beside.settings.storage.library.text()).name == "library.db"


def test_no_note_is_cut_off_in_a_small_window(qtbot, window):
    window.resize(620, 360)
    for row, page in enumerate((window.look, window.speed, window.storage), start=1):
        window.pages.setCurrentRow(row)
        notes = [label for label in page.findChildren(QLabel) if label.wordWrap() and label.text()]
        for note in notes:
            qtbot.waitUntil(lambda note=note: note.height() >= note.heightForWidth(note.width()))
