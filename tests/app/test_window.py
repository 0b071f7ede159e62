import warnings
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from app.application import Application
from app.lanes import FROM_FILES, LIBRARY
from app.questions import Browse, Caption, DescribedAlike, LookAlikes
from engine import PackError
from tests.app.answers import is_found
from tests.app.conftest import draw_photo

WAIT = 20_000


def type_and_wait(qtbot, app: Application, caption: str) -> None:
    window = app.window
    window.bar.field.setFocus()
    window.bar.field.clear()
    qtbot.keyClicks(window.bar.field, caption)
    qtbot.waitUntil(lambda: is_found(app, caption), timeout=WAIT)


def press(menu: QMenu, text: str) -> None:
    action = next(action for action in menu.actions() if action.text() == text)
    action.trigger()
    menu.close()


def test_a_search_of_no_photos_leads_to_a_folder(qtbot, app):
    window = app.window
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=WAIT)
    window.bar.ask("a dog")
    qtbot.waitUntil(lambda: window.navigator._is_answered, timeout=WAIT)
    assert window.empty.isVisible()
    assert window.empty.text.startswith("Add a folder of photos")


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
    window.panel.list.setFocus()
    window.panel.list.setCurrentRow(0)
    qtbot.keyClick(window.panel.list, Qt.Key.Key_Return)
    assert window.bar.field.text() == description
    qtbot.waitUntil(lambda: is_found(filled, description), timeout=WAIT)
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
    qtbot.waitUntil(lambda: window.grid.width() > 400 and bar.maximum() > 300)  # the panel has made room
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
        "Open with…",
        "Show in folder",
        "Copy image",
        "Copy path",
        "Export a copy to a folder…",
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


def dragged(
    event_type,
    place: QPoint | QPointF,
    mime: QMimeData,
    actions: Qt.DropAction = Qt.DropAction.CopyAction,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
):
    """Make an event of a drag; Qt wants only the platform to do so, hence its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        event = event_type(
            place,
            actions,
            mime,
            Qt.MouseButton.LeftButton,
            keys,
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


def test_a_window_closed_in_full_screen_opens_as_a_window(qtbot, filled, build):
    window = filled.window
    window.resize(700, 500)
    window.viewing.open(window.model.photo_id(0))
    window.viewing.toggle_full_screen()
    qtbot.waitUntil(window.isFullScreen)
    assert filled.shutdown(10)
    again = build().window
    assert not again.isFullScreen()
    assert again.size().toTuple() == (700, 500)


def test_a_search_is_emptied_with_the_last_folder(qtbot, filled):
    window = filled.window
    type_and_wait(qtbot, filled, "a red thing")
    filled.indexing.remove(filled._library.get().roots()[0].id)
    qtbot.waitUntil(window.empty.isVisible, timeout=WAIT)
    assert window.empty.text.startswith("Add a folder of photos")


def test_a_photo_in_the_place_of_another_one_is_seen(qtbot, filled, photo_folder):
    window = filled.window
    (photo_folder / "IMG_03.jpg").unlink()
    draw_photo(photo_folder / "new.jpg", 50)
    window.folders.read_known()
    library = filled._library.get()
    qtbot.waitUntil(lambda: library.find(photo_folder / "new.jpg") is not None, timeout=WAIT)
    new = library.find(photo_folder / "new.jpg").id
    qtbot.waitUntil(lambda: window.model.row_of(new) >= 0, timeout=WAIT)
    assert window.model.rowCount() == 12


def test_a_search_that_is_repeated_before_its_answer_begins_at_the_top(qtbot, filled):
    window = filled.window
    window.resize(460, 400)
    bar = window.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: window.grid.width() > 400 and bar.maximum() > 300)
    bar.setValue(250)
    window.bar.ask("a dog")
    window.navigator.repeat()  # as when the folders have just been read
    qtbot.waitUntil(lambda: is_found(filled, "a dog"), timeout=WAIT)
    assert bar.value() == 0


def test_descriptions_do_not_take_away_what_is_typed_meanwhile(qtbot, filled):
    window = filled.window
    window.navigator.describe(filled._library.get().photo(window.model.photo_id(0)))
    window.bar.field.setText("a dog")
    window.bar._pause.stop()  # the user is still typing
    qtbot.waitUntil(lambda: window.panel.list.count() > 0, timeout=60_000)
    assert window.bar.field.text() == "a dog"
    assert isinstance(filled.session.question, Browse)


def test_a_folder_that_is_kept_after_all_has_its_present_count(qtbot, filled, photo_folder):
    filled.beside.show_folders()
    page = filled.beside.settings.folders
    qtbot.waitUntil(page.remove.isEnabled, timeout=WAIT)
    page.remove.click()
    draw_photo(photo_folder / "new.jpg", 50)
    filled.window.folders.read_known()
    qtbot.waitUntil(lambda: filled.window.status.text == "13 photos", timeout=WAIT)
    page.keep.click()
    assert "13 photos" in page.list.item(0).text()


def test_the_note_on_unread_files_outlives_the_getting_ready(qtbot, app):
    status = app.window.status
    status.show_note("1 file in Winter could not be read", "Show which")
    app.session.ready.emit()
    assert "could not be read" in status.text


def test_the_message_on_an_unplugged_folder_stays_as_long_as_it_is_true(qtbot, filled, photo_folder):
    window = filled.window
    away = photo_folder.rename(photo_folder.with_name("elsewhere"))
    window.folders.refresh()
    qtbot.waitUntil(lambda: "not connected" in window.message.text, timeout=WAIT)
    again = next(b for b in window.message.findChildren(QPushButton) if b.text() == "Try again")
    with qtbot.waitSignal(window.folders.changed, timeout=WAIT):
        again.click()
    assert "not connected" in window.message.text
    away.rename(photo_folder)
    window.folders.read_known()
    qtbot.waitUntil(lambda: window.message.text == "", timeout=WAIT)


@pytest.mark.parametrize("by", ["Stop", "removing its folder"])
def test_what_is_stopped_while_it_is_paused_does_not_offer_to_resume(qtbot, filled, photo_folder, by):
    window = filled.window
    window.folders.add([photo_folder])
    pause, stop = (b for b in window.status.findChildren(QPushButton) if b.isVisible())
    pause.click()
    assert pause.text() == "Resume"
    if by == "Stop":
        stop.click()
    else:
        filled.indexing.remove(filled._library.get().roots()[0].id)
    assert pause.text() == "Pause"
    qtbot.waitUntil(lambda: not filled.indexing.running, timeout=WAIT)


@pytest.mark.parametrize("asks", ["Find similar descriptions", "Find look-alikes"])
def test_a_photo_that_went_missing_is_named_and_what_is_shown_stays(qtbot, filled, asks):
    window = filled.window
    photo_id = window.model.photo_id(0)
    menu = window.photos.menu(photo_id)
    photo = filled._library.get().photo(photo_id)
    photo.path.unlink()
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        window.folders.read_known()
    press(menu, asks)
    gone = f"{photo.path.name} is no longer in its folder: it was moved, renamed or deleted."
    qtbot.waitUntil(lambda: window.message.text == gone, timeout=WAIT)
    assert isinstance(filled.session.question, Browse)
    assert window.panel.isHidden()


def test_descriptions_that_failed_are_asked_for_again(qtbot, filled):
    window = filled.window
    photo = filled._library.get().photo(window.model.photo_id(0))
    window.navigator.describe(photo)
    filled.session.forget_description()
    filled.session.undescribed.emit(PackError("is damaged.", path="/models/sgraffito"))
    assert window.panel.isHidden()
    next(b for b in window.message.findChildren(QPushButton) if b.text() == "Try again").click()
    qtbot.waitUntil(lambda: window.panel.list.count() > 0, timeout=60_000)
    qtbot.waitUntil(lambda: isinstance(filled.session.question, DescribedAlike), timeout=WAIT)


def test_look_alikes_of_a_photo_whose_folder_is_removed_give_way_to_a_sentence(qtbot, filled, tmp_path):
    window = filled.window
    draw_photo(tmp_path / "Summer" / "a.jpg", 99)
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        window.folders.add([tmp_path / "Summer"])
    library = filled._library.get()
    window.navigator.look_alikes(library.find(tmp_path / "Summer" / "a.jpg"))
    qtbot.waitUntil(lambda: window.model.results is not None, timeout=WAIT)
    filled.indexing.remove(next(root.id for root in library.roots() if root.path.name == "Summer"))
    qtbot.waitUntil(lambda: window.empty.text == "This photo is no longer in the library.", timeout=WAIT)
    assert window.message.text == ""
    window.empty.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: window.grid.isVisible() and window.model.rowCount() == 12, timeout=WAIT)


def test_a_message_from_elsewhere_outlives_the_answers_to_a_search(qtbot, filled, tmp_path):
    window = filled.window
    type_and_wait(qtbot, filled, "a red thing")
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        window.folders.add([tmp_path / "gone"])
    answers = []
    filled.session.answered.connect(answers.append)
    qtbot.waitUntil(lambda: bool(answers and answers[-1].last), timeout=WAIT)  # it was asked again
    assert "gone" in window.message.text


def test_a_search_that_finds_nothing_says_so_while_photos_are_read(qtbot, filled, photo_folder):
    window = filled.window
    window.bar.ask("date:1990")
    qtbot.waitUntil(lambda: window.empty.text == "No photo fits these filters.", timeout=WAIT)
    window.folders.add([photo_folder])
    assert window.empty.text == "No photo fits these filters."
    qtbot.waitUntil(lambda: not filled.indexing.running, timeout=WAIT)


def test_descriptions_go_with_the_photo_when_its_folder_is_removed(qtbot, filled, tmp_path):
    window = filled.window
    draw_photo(tmp_path / "Summer" / "a.jpg", 99)
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        window.folders.add([tmp_path / "Summer"])
    library = filled._library.get()
    roots = {root.path.name: root.id for root in library.roots()}
    for photo, left in (
        (library.find(tmp_path / "Summer" / "a.jpg"), "Summer"),
        (library.photo(window.model.photo_id(1)), "Winter"),
    ):
        window.navigator.describe(photo)
        qtbot.waitUntil(lambda: window.panel.list.count() > 0, timeout=60_000)
        if left == "Winter":  # another folder's photo is not concerned
            draw_photo(tmp_path / "Autumn" / "b.jpg", 98)
            with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
                window.folders.add([tmp_path / "Autumn"])
            with qtbot.waitSignal(filled.indexing.removed, timeout=WAIT):
                filled.indexing.remove(
                    next(root.id for root in library.roots() if root.path.name == "Autumn")
                )
            qtbot.wait(200)
            assert window.panel.isVisible()
        filled.indexing.remove(roots[left])
        qtbot.waitUntil(window.panel.isHidden, timeout=WAIT)
        qtbot.waitUntil(
            lambda: window.message.text == "This photo is no longer in the library.", timeout=WAIT
        )
        window.message.dismiss()


def break_library(qtbot, app: Application, folder: Path) -> None:
    """Have the library's file damaged, as by a failing disk."""
    model, thumbnails = app.window.model, app.window._thumbnails
    shown = [model.photo_id(row) for row in range(model.rowCount())]
    qtbot.waitUntil(lambda: all(thumbnails.pixmap(photo) for photo in shown), timeout=WAIT)
    for lane in (LIBRARY, FROM_FILES):  # nothing else asks the library any more
        with qtbot.waitCallback(timeout=WAIT) as answered:
            app.tasks.submit(lane, lambda _: None, answered)
    app._library.get().close()
    for file in folder.glob("library.db*"):
        file.write_bytes(b"no library any more" * 1000)


@pytest.mark.parametrize("asks", ["Copy path", "Information", "Find look-alikes"])
def test_what_fails_with_the_library_is_never_silent(qtbot, filled, tmp_path, asks):
    window = filled.window
    menu = window.photos.menu(window.model.photo_id(0))
    break_library(qtbot, filled, tmp_path)
    press(menu, asks)
    qtbot.waitUntil(lambda: window.message.text != "", timeout=WAIT)
    assert "library" in window.message.text


def test_a_library_that_is_back_has_its_stars_and_past_searches(qtbot, filled, build, tmp_path):
    photo_id = filled.window.model.photo_id(0)
    filled.window.refining.favourites.mark([photo_id], True)
    filled._library.get().save_search("two dogs")
    qtbot.waitUntil(lambda: filled._library.get().favourites() == {photo_id}, timeout=WAIT)
    assert filled.shutdown(10)
    held = (tmp_path / "library.db").read_bytes()
    (tmp_path / "library.db").write_bytes(b"no library any more" * 1000)
    window = build().window
    again = lambda: next((b for b in window.empty.findChildren(QPushButton)), None)  # noqa: E731
    qtbot.waitUntil(lambda: again().isVisible() and again().text() == "Try again", timeout=WAIT)
    (tmp_path / "library.db").write_bytes(held)
    again().click()
    qtbot.waitUntil(lambda: window.model.rowCount() == 12, timeout=WAIT)
    qtbot.waitUntil(lambda: window.refining.favourites.ids == {photo_id}, timeout=WAIT)
    assert window.refining.past.saved == ["two dogs"]
    assert window.grid.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space])
def test_keys_without_a_letter_are_not_typed_into_the_search(qtbot, filled, key):
    window = filled.window
    window.grid.enter()
    qtbot.keyClick(window.grid, key, Qt.KeyboardModifier.ShiftModifier)
    assert window.bar.field.text() == ""
    assert window.grid.hasFocus()


def test_escape_takes_the_rubber_band_away_and_what_it_had_selected(qtbot, filled):
    window, left = filled.window, Qt.MouseButton.LeftButton
    grid, viewport = window.grid, window.grid.viewport()
    grid.setFocus()
    grid.setCurrentIndex(window.model.index(3))
    first = grid.visualRect(window.model.index(0))
    QTest.mousePress(viewport, left, pos=first.topLeft() - QPoint(8, 8))
    QTest.mouseMove(viewport, grid.visualRect(window.model.index(1)).center())
    assert grid.selection.count == 2
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not grid.band.is_held
    assert grid.selected_ids() == [window.model.photo_id(3)]
    QTest.mouseRelease(viewport, left, pos=first.center())
    assert grid.selected_ids() == [window.model.photo_id(3)]
