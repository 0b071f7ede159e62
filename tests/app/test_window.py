import warnings
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from app.application import Application
from app.questions import Browse, Caption, DescribedAlike, LookAlikes
from tests.app.conftest import draw_photo

WAIT = 20_000


def type_and_wait(qtbot, app: Application, caption: str) -> None:
    window = app.window
    window.bar.field.setFocus()
    window.bar.field.clear()
    qtbot.keyClicks(window.bar.field, caption)
    qtbot.waitUntil(
        lambda: bool(
            window.model.results and window.model.results.reranked and window.model.results.caption == caption
        ),
        timeout=WAIT,
    )


def press(menu: QMenu, text: str) -> None:
    action = next(action for action in menu.actions() if action.text() == text)
    action.trigger()
    menu.close()


def test_it_starts_with_the_focus_in_the_search_field_and_one_thing_to_do(qtbot, app):
    window = app.window
    assert QApplication.focusWidget() is window.bar.field
    qtbot.waitUntil(lambda: window.empty.text.startswith("Add a folder of photos"), timeout=WAIT)
    assert window.status.text.startswith("0 photos")
    assert not window.grid.isVisible()
    qtbot.waitUntil(lambda: window.status.text == "0 photos", timeout=WAIT)  # "Getting ready…" has gone


def test_photos_of_an_added_folder_appear(filled):
    window = filled.window
    assert window.grid.isVisible()
    assert window.status.text == "12 photos"
    assert isinstance(filled.session.question, Browse)


def test_a_typed_caption_is_answered_after_a_pause(qtbot, filled):
    type_and_wait(qtbot, filled, "a red thing")
    assert filled.session.question == Caption("a red thing")
    assert filled.window.model.sections()


def test_a_caption_typed_before_the_models_are_ready_waits(qtbot, app, photo_folder):
    window = app.window
    window.folders.add([photo_folder])
    qtbot.keyClicks(window.bar.field, "a dog")
    qtbot.keyClick(window.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not app.indexing.running, timeout=WAIT)
    qtbot.waitUntil(lambda: bool(window.model.results and len(window.model.results.hits) == 12), timeout=WAIT)
    assert window.message.text == ""


def test_a_better_order_keeps_the_selected_photo(qtbot, filled):
    window = filled.window
    first = []
    filled.session.answered.connect(
        lambda answer: window.grid.setCurrentIndex(window.model.index(3)) if answer.first else None
    )
    filled.session.answered.connect(
        lambda answer: first.append(window.grid.selected_id()) if answer.first else None
    )
    type_and_wait(qtbot, filled, "a blue circle")
    assert first[-1] is not None
    assert window.grid.selected_id() == first[-1]


def test_escape_clears_the_search_then_goes_to_the_field(qtbot, filled):
    window = filled.window
    type_and_wait(qtbot, filled, "a dog")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.model.rowCount() == 12 and window.model.results is None, timeout=WAIT)
    window.grid.setFocus()
    window.escape()
    assert window.bar.field.hasFocus()


def test_ctrl_f_goes_to_the_field(qtbot, filled):
    filled.window.grid.setFocus()
    qtbot.keyClick(filled.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert filled.window.bar.field.hasFocus()


def test_typing_over_the_photos_searches(qtbot, filled):
    filled.window.grid.setFocus()
    qtbot.keyClick(filled.window.grid, "d")
    assert filled.window.bar.field.text() == "d"
    assert filled.window.bar.field.hasFocus()


@pytest.mark.parametrize("caption", ["雪人", "🐶"])
def test_a_caption_that_cannot_be_searched_says_so_calmly(qtbot, filled, caption):
    window = filled.window
    window.bar.field.setText(caption)
    qtbot.waitUntil(window.empty.isVisible, timeout=WAIT)
    assert window.empty.text
    button = window.empty.findChild(QPushButton)
    assert button.text() == "Show all photos"
    button.click()
    qtbot.waitUntil(lambda: window.grid.isVisible() and window.model.rowCount() == 12, timeout=WAIT)
    assert window.bar.field.text() == ""


def test_a_very_long_caption_is_searched_with_a_notice(qtbot, filled):
    window = filled.window
    window.bar.field.setText("a dog on the beach " * 260)
    qtbot.waitUntil(lambda: bool(window.model.results), timeout=WAIT)
    qtbot.waitUntil(lambda: "words" in window.message.text, timeout=WAIT)


def test_similar_descriptions_and_back(qtbot, filled):
    window = filled.window
    photo_id = window.model.photo_id(4)
    window.grid.setCurrentIndex(window.model.index(4))
    press(window.photos.menu(photo_id), "Find similar descriptions")
    qtbot.waitUntil(window.panel.isVisible, timeout=WAIT)
    qtbot.waitUntil(lambda: window.panel.list.count() > 0, timeout=60_000)
    qtbot.waitUntil(lambda: window.model.results is not None, timeout=WAIT)
    assert isinstance(filled.session.question, DescribedAlike)
    assert window.model.row_of(photo_id) == -1
    assert "described like" in window.model.sections()[0].title

    description = window.panel.list.item(0).text()
    window.panel.list.itemActivated.emit(window.panel.list.item(0))
    assert window.bar.field.text() == description
    qtbot.waitUntil(lambda: bool(window.model.results and window.model.results.reranked), timeout=WAIT)
    assert filled.session.question == Caption(description)

    window.navigator.back()
    qtbot.waitUntil(lambda: isinstance(filled.session.question, DescribedAlike))
    assert window.panel.isVisible()
    window.navigator.back()
    qtbot.waitUntil(lambda: window.model.results is None, timeout=WAIT)
    assert not window.panel.isVisible()
    qtbot.waitUntil(lambda: window.grid.selected_id() == photo_id)


def test_look_alikes(qtbot, filled):
    window = filled.window
    photo_id = window.model.photo_id(0)
    press(window.photos.menu(photo_id), "Find look-alikes")
    qtbot.waitUntil(lambda: isinstance(filled.session.question, LookAlikes), timeout=WAIT)
    qtbot.waitUntil(lambda: window.model.rowCount() == 11, timeout=WAIT)
    assert window.model.sections()[0].title.startswith("Look-alikes of IMG_")


def test_back_finds_the_scroll_position_again(qtbot, filled):
    window = filled.window
    window.resize(460, 400)
    bar = window.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 300)
    bar.setValue(250)
    press(window.photos.menu(window.model.photo_id(0)), "Find look-alikes")
    qtbot.waitUntil(lambda: window.model.rowCount() == 11, timeout=WAIT)
    assert bar.value() == 0
    window.navigator.back()
    qtbot.waitUntil(lambda: bar.value() == 250, timeout=WAIT)


def test_the_panel_can_be_closed_while_it_waits(qtbot, filled):
    window = filled.window
    press(window.photos.menu(window.model.photo_id(0)), "Find similar descriptions")
    qtbot.waitUntil(window.panel.isVisible, timeout=WAIT)
    window.grid.setFocus()
    window.escape()
    assert not window.panel.isVisible()
    type_and_wait(qtbot, filled, "a dog")  # the search lane is behind the descriptions by now
    assert not window.panel.isVisible()
    assert filled.session.question == Caption("a dog")


def test_the_context_menu_opens_on_the_photo_under_the_pointer(qtbot, filled):
    window = filled.window
    window.grid.customContextMenuRequested.emit(window.grid.visualRect(window.model.index(2)).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Open",
        "Show in folder",
        "Copy path",
        "Why this photo?",
        "Find similar descriptions",
        "Find look-alikes",
        "Information",
        "Add to favourites",
    ]
    press(menu, "Copy path")
    path = filled._library.get().photo(window.model.photo_id(2)).path
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == str(path), timeout=WAIT)


def test_the_context_menu_beside_the_photos_does_not_open(filled):
    filled.window.grid.customContextMenuRequested.emit(QPoint(1, 1))
    assert QApplication.activePopupWidget() is None


def test_opening_a_photo_that_is_gone_says_so_in_the_window(qtbot, filled, photo_folder):
    window = filled.window
    photo = filled._library.get().photo(window.model.photo_id(0))
    photo.path.unlink()
    press(window.photos.menu(photo.id), "Open")
    qtbot.waitUntil(lambda: "is no longer in its folder" in window.message.text, timeout=WAIT)
    assert photo.path.name in window.message.text
    window.grid.setFocus()
    window.escape()
    assert window.message.text == ""


def dragged(event_type, place: QPoint | QPointF, mime: QMimeData):
    """Make an event of a drag; Qt wants only the platform to do so, hence its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        event = event_type(
            place,
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    event.ignore()
    return event


def drop(window, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = dragged(QDragEnterEvent, QPoint(50, 50), mime)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(dragged(QDropEvent, QPointF(50, 50), mime))


def test_a_dropped_folder_is_read(qtbot, app, photo_folder):
    drop(app.window, photo_folder)
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 12, timeout=WAIT)


def test_a_dropped_file_is_answered_with_a_sentence(qtbot, app, photo_folder):
    drop(app.window, photo_folder / "IMG_00.jpg")
    assert app.window.message.text.startswith("Drop a folder")
    assert not app.indexing.running


def test_text_is_not_taken(app):
    mime = QMimeData()
    mime.setText("hello")
    enter = dragged(QDragEnterEvent, QPoint(5, 5), mime)
    app.window.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_a_folder_without_photos_is_named(qtbot, app, tmp_path):
    (tmp_path / "Nothing").mkdir()
    app.window.folders.add([tmp_path / "Nothing"])
    qtbot.waitUntil(lambda: app.window.empty.text == "No photos were found in Nothing.", timeout=WAIT)


def test_a_folder_that_does_not_exist_is_a_sentence(qtbot, app, tmp_path):
    app.window.folders.add([tmp_path / "gone"])
    qtbot.waitUntil(lambda: "gone" in app.window.message.text, timeout=WAIT)


def test_unreadable_files_are_counted_in_the_status(qtbot, app, photo_folder):
    (photo_folder / "broken.jpg").write_bytes(b"no jpeg")
    app.window.folders.add([photo_folder])
    qtbot.waitUntil(lambda: "1 file in Winter could not be read" in app.window.status.text, timeout=WAIT)


def test_removing_a_folder_empties_the_window(qtbot, filled):
    window = filled.window
    filled.beside.show_folders()
    page = filled.beside.settings.folders
    qtbot.waitUntil(page.remove.isEnabled, timeout=WAIT)
    page.remove.click()
    page.confirm.click()
    qtbot.waitUntil(lambda: page.list.isHidden(), timeout=WAIT)
    filled.beside.settings.close()
    qtbot.waitUntil(lambda: window.empty.isVisible(), timeout=WAIT)
    assert window.empty.text.startswith("Add a folder")


def test_new_photos_are_found_by_looking_again(qtbot, filled, photo_folder):
    draw_photo(photo_folder / "new.jpg", 50)
    filled.window.folders.read_known()
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 13, timeout=WAIT)


def test_a_folder_that_is_not_connected_is_said_and_its_photos_stay(qtbot, filled, photo_folder):
    photo_folder.rename(photo_folder.with_name("elsewhere"))
    filled.window.folders.refresh()
    qtbot.waitUntil(lambda: "Winter is not connected" in filled.window.message.text, timeout=WAIT)
    assert filled.window.model.rowCount() == 12


def test_stop_ends_the_reading(qtbot, app, photo_folder):
    for number in range(100):
        draw_photo(photo_folder / f"more_{number}.jpg", number)
    app.window.folders.add([photo_folder])
    app.window.status.stop_pressed.emit()
    qtbot.waitUntil(lambda: not app.indexing.running, timeout=WAIT)
    assert app.window.status.text.count("Reading") == 0


def test_pause_reaches_the_indexer(qtbot, app, photo_folder):
    app.window.folders.add([photo_folder])
    app.window.status.pause_toggled.emit(True)
    qtbot.waitUntil(lambda: "paused" in app.window.status.text, timeout=WAIT)
    app.window.status.pause_toggled.emit(False)
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 12, timeout=WAIT)


def test_a_message_on_an_unplugged_folder_is_said_once(qtbot, filled, photo_folder):
    window = filled.window
    photo_folder.rename(photo_folder.with_name("elsewhere"))
    window.folders.refresh()
    qtbot.waitUntil(lambda: "not connected" in window.message.text, timeout=WAIT)
    window.message.clear()
    with qtbot.waitSignal(window.folders.changed, timeout=WAIT):
        window.folders.refresh()
    assert window.message.text == ""
