"""Search by example in the real window: drop, paste and pick, and what can be wrong with a picture."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from app import shortcuts
from app.application import Application
from app.lanes import FILES
from app.questions import Browse, Caption, LikePicture
from tests.app.conftest import draw_photo
from tests.app.test_window import dragged

WAIT = 20_000


@pytest.fixture(autouse=True)
def clipboard(qapp):
    QGuiApplication.clipboard().clear()
    yield QGuiApplication.clipboard()
    QGuiApplication.clipboard().clear()


def files(*paths: Path | str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def pixels() -> QImage:
    image = QImage(1500, 900, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    return image


def drop(app: Application, mime: QMimeData) -> bool:
    window = app.window
    enter = dragged(QDragEnterEvent, QPoint(50, 50), mime)
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(dragged(QDropEvent, QPointF(50, 50), mime))
    return enter.isAccepted()


def wait_for_answer(qtbot, app: Application, name: str) -> None:
    window = app.window
    qtbot.waitUntil(
        lambda: (
            isinstance(app.session.question, LikePicture)
            and [section.title for section in window.model.sections()] == [f"Photos like {name}"]
        ),
        timeout=WAIT,
    )


def top(app: Application) -> str:
    return app.window.model.results.hits[0].photo.path.name


def test_a_dropped_picture_finds_photos_like_it(qtbot, filled, tmp_path):
    outside = draw_photo(tmp_path / "elsewhere" / "beach.jpg", 7)
    assert drop(filled, files(outside))
    wait_for_answer(qtbot, filled, "beach.jpg")
    window = filled.window
    assert top(filled) == "IMG_07.jpg"
    assert window.model.rowCount() == 12
    assert window.bar.example.isVisible()
    assert window.bar.example.accessibleName() == "Searching for photos like beach.jpg"
    assert not window.bar.example._picture.pixmap().isNull()
    assert window.message.text == ""
    assert not filled.indexing.running


def test_refinements_stay_and_can_be_typed(qtbot, filled, tmp_path, photo_folder):
    window = filled.window
    window.bar.ask("a dog is:landscape")
    qtbot.waitUntil(lambda: filled.session.question == Caption("a dog is:landscape"))
    drop(filled, files(draw_photo(tmp_path / "beach.jpg", 3)))
    wait_for_answer(qtbot, filled, "beach.jpg")
    assert window.bar.field.text() == "is:landscape"
    window.bar.ask("is:portrait")
    qtbot.waitUntil(window.empty.isVisible, timeout=WAIT)
    assert window.bar.example.isVisible()
    assert isinstance(filled.session.question, LikePicture)
    window.bar.ask("")
    qtbot.waitUntil(lambda: window.grid.isVisible() and window.model.rowCount() == 12, timeout=WAIT)
    assert isinstance(filled.session.question, LikePicture)
    window.bar.ask("a cat")
    assert filled.session.question == Caption("a cat")
    assert window.bar.example.isHidden()


def test_one_can_go_back_to_it_and_away_from_it(qtbot, filled, tmp_path):
    window = filled.window
    drop(filled, files(draw_photo(tmp_path / "beach.jpg", 3)))
    wait_for_answer(qtbot, filled, "beach.jpg")
    (tmp_path / "beach.jpg").unlink()
    window.navigator.look_alikes(window.model.photo(window.model.photo_id(2)))
    assert window.bar.example.isHidden()
    window.navigator.back()
    wait_for_answer(qtbot, filled, "beach.jpg")
    assert window.bar.example.isVisible()
    window.navigator.back()
    qtbot.waitUntil(lambda: filled.session.question == Browse())
    assert window.bar.example.isHidden()


def test_the_cross_takes_it_away_and_leaves_the_filters(qtbot, filled, tmp_path):
    window = filled.window
    drop(filled, files(draw_photo(tmp_path / "beach.jpg", 3)))
    wait_for_answer(qtbot, filled, "beach.jpg")
    window.bar.ask("is:landscape")
    qtbot.mouseClick(window.bar.example.close_button, Qt.MouseButton.LeftButton)
    assert filled.session.question == Caption("is:landscape")
    assert window.bar.field.hasFocus()
    assert window.bar.example.isHidden()


def test_of_several_pictures_the_first_is_taken_and_that_is_said(qtbot, filled, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("two dogs")
    drop(filled, files(text, draw_photo(tmp_path / "b.jpg", 3), draw_photo(tmp_path / "c.jpg", 4)))
    wait_for_answer(qtbot, filled, "b.jpg")
    assert filled.window.message.text == "One picture at a time: these are photos like b.jpg."
    filled.window.bar.ask("is:landscape")
    qtbot.waitUntil(lambda: filled.window.message.text == "", timeout=WAIT)


def test_folders_win_over_pictures(qtbot, filled, tmp_path):
    picture = draw_photo(tmp_path / "b.jpg", 3)
    draw_photo(tmp_path / "More" / "x.jpg", 40)
    drop(filled, files(picture, tmp_path / "More"))
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 13, timeout=WAIT)
    assert filled.session.question == Browse()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", b"two dogs on a beach", "notes.txt: This is not a photo"),
        ("broken.jpg", None, "broken.jpg: The file is cut short."),
        ("empty.png", b"", "empty.png: The file is empty."),
    ],
)
def test_a_file_that_is_no_picture_is_one_calm_sentence(qtbot, filled, tmp_path, name, content, said):
    if content is None:
        content = draw_photo(tmp_path / "whole.jpg", 3, (400, 300)).read_bytes()[:2000]
    (tmp_path / name).write_bytes(content)
    drop(filled, files(tmp_path / name))
    qtbot.waitUntil(lambda: filled.window.message.text.startswith(said), timeout=WAIT)
    assert filled.session.question == Browse()
    assert filled.window.bar.example.isHidden()


def test_a_file_that_is_gone_is_said(qtbot, filled, tmp_path):
    drop(filled, files(tmp_path / "gone.jpg"))
    qtbot.waitUntil(lambda: filled.window.message.text.startswith("gone.jpg: There is no such"), timeout=WAIT)


def test_nothing_is_fetched_from_the_web(filled):
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/beach.jpg")])
    assert drop(filled, mime)
    assert filled.window.message.text.startswith("Nothing is fetched from the web.")
    assert filled.session.question == Browse()


def test_pixels_from_a_browser_are_a_picture_whatever_their_address(qtbot, filled):
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/beach.jpg")])
    mime.setImageData(pixels())
    drop(filled, mime)
    wait_for_answer(qtbot, filled, "the dropped picture")


def test_text_alone_is_left_to_the_search_field(filled):
    mime = QMimeData()
    mime.setText("two dogs")
    assert not drop(filled, mime)


def test_files_dropped_on_the_search_field_are_the_window_s(qtbot, filled, tmp_path):
    field = filled.window.bar.field
    picture = files(draw_photo(tmp_path / "beach.jpg", 3))
    for event_type, place in ((QDragEnterEvent, QPoint(5, 5)), (QDropEvent, QPointF(5, 5))):
        event = dragged(event_type, place, picture)
        assert filled.window.examples.eventFilter(field, event)
        assert not event.isAccepted()
    words = QMimeData()
    words.setText("two dogs")
    assert not filled.window.examples.eventFilter(field, dragged(QDragEnterEvent, QPoint(5, 5), words))


class EntersFromTheGrid(QDragEnterEvent):
    """A drag that the grid began: one that Qt itself runs needs a real screen."""

    def source(self):
        return QApplication.activeWindow().grid


class DropFromTheGrid(QDropEvent):
    """Its end."""

    source = EntersFromTheGrid.source


def drop_from_the_grid(app: Application, place: QWidget, *rows: int) -> bool:
    """Drag photos from the grid, and let them fall on a widget; return whether it takes them."""
    window = app.window
    drag = window.taking.dragging.prepare([window.model.photo_id(row) for row in rows], window.grid)
    enter = dragged(EntersFromTheGrid, QPoint(5, 5), drag.mimeData())
    QApplication.sendEvent(place, enter)
    if enter.isAccepted():
        QApplication.sendEvent(place, dragged(DropFromTheGrid, QPointF(5, 5), drag.mimeData()))
    drag.deleteLater()
    return enter.isAccepted()


def wait_for_names(qtbot, app: Application) -> None:
    """Wait for the grid to have shown every photo."""
    model = app.window.model
    ids = [model.photo_id(row) for row in range(model.rowCount())]
    qtbot.waitUntil(lambda: all(model.photo(photo_id) for photo_id in ids), timeout=WAIT)


def test_the_field_says_what_typing_does_and_escape_takes_the_picture_away(qtbot, filled, photo_folder):
    window = filled.window
    usual = window.bar.field.placeholderText()
    window.examples.drop(files(photo_folder / "IMG_03.jpg"))
    qtbot.waitUntil(lambda: isinstance(filled.session.question, LikePicture), timeout=WAIT)
    assert window.bar.field.placeholderText() not in ("", usual)
    window.bar.focus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert filled.session.question == Browse()
    assert window.bar.example.isHidden()
    assert window.bar.field.placeholderText() == usual


def test_a_photo_of_the_grid_is_an_example_as_well(qtbot, filled):
    wait_for_names(qtbot, filled)
    bar, model = filled.window.bar, filled.window.model
    first, other = (model.photo(model.photo_id(row)).path.name for row in (3, 5))
    other_id = model.photo_id(5)
    assert drop_from_the_grid(filled, bar.field, 3)
    wait_for_answer(qtbot, filled, first)
    assert top(filled) == first
    assert bar.field.text() == ""
    assert filled.window.message.text == ""
    assert drop_from_the_grid(filled, bar.example, model.row_of(other_id))
    wait_for_answer(qtbot, filled, other)
    assert filled.window.message.text == ""


def test_of_several_photos_of_the_grid_the_first_is_taken_and_that_is_said(qtbot, filled):
    wait_for_names(qtbot, filled)
    model = filled.window.model
    name = model.photo(model.photo_id(2)).path.name
    assert drop_from_the_grid(filled, filled.window.bar.field, 2, 4, 6)
    wait_for_answer(qtbot, filled, name)
    assert filled.window.message.text == f"One picture at a time: these are photos like {name}."


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_photo_of_the_grid_whose_name_is_not_utf8(qtbot, app, tmp_path):
    draw_photo(tmp_path / "Winter" / "a.jpg")
    strange = Path(os.fsdecode(os.fsencode(tmp_path / "Winter") + b"/caf\xe9.jpg"))
    (tmp_path / "Winter" / "a.jpg").rename(strange)
    app.window.folders.add([strange.parent])
    qtbot.waitUntil(lambda: app.session.is_ready and app.window.model.rowCount() == 1, timeout=WAIT)
    wait_for_names(qtbot, app)
    assert drop_from_the_grid(app, app.window.bar.field, 0)
    wait_for_answer(qtbot, app, "caf\ufffd.jpg")


def test_elsewhere_in_the_window_its_own_photos_are_not_taken(qtbot, filled):
    wait_for_names(qtbot, filled)
    for place in (filled.window, filled.window.grid, filled.window.status):
        assert not drop_from_the_grid(filled, place, 3)
    assert filled.session.question == Browse()


def test_files_from_outside_may_fall_on_the_example(qtbot, filled, tmp_path):
    drop(filled, files(draw_photo(tmp_path / "beach.jpg", 3)))
    wait_for_answer(qtbot, filled, "beach.jpg")
    picture = files(draw_photo(tmp_path / "sea.jpg", 4))
    event = dragged(QDragEnterEvent, QPoint(5, 5), picture)
    assert filled.window.examples.eventFilter(filled.window.bar.example, event)
    assert not event.isAccepted()


@pytest.mark.parametrize("where", ["field", "grid"])
def test_a_picture_is_pasted(qtbot, filled, clipboard, where):
    widget = getattr(filled.window.bar if where == "field" else filled.window, where)
    widget.setFocus()
    clipboard.setImage(pixels())
    qtbot.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_for_answer(qtbot, filled, "the pasted picture")
    assert filled.window.bar.field.text() == ""


def test_a_copied_file_is_pasted_as_a_picture(qtbot, filled, clipboard, tmp_path):
    clipboard.setMimeData(files(draw_photo(tmp_path / "beach.jpg", 3)))
    filled.window.bar.field.setFocus()
    qtbot.keyClick(filled.window.bar.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_for_answer(qtbot, filled, "beach.jpg")
    assert filled.window.bar.field.text() == ""


@pytest.mark.parametrize("where", ["field", "grid"])
def test_text_stays_text(qtbot, filled, clipboard, where):
    widget = getattr(filled.window.bar if where == "field" else filled.window, where)
    widget.setFocus()
    mime = QMimeData()
    mime.setText("two dogs")
    mime.setImageData(pixels())  # as some programs copy a line of text
    clipboard.setMimeData(mime)
    qtbot.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert filled.window.bar.field.text() == "two dogs"
    assert filled.window.bar.example.isHidden()


def test_an_empty_clipboard_is_said(qtbot, filled):
    filled.window.grid.setFocus()
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert filled.window.message.text == "There is no picture on the clipboard."


def test_a_picture_is_picked(qtbot, filled, quiet_desktop, tmp_path):
    quiet_desktop.files = [draw_photo(tmp_path / "beach.jpg", 3)]
    qtbot.mouseClick(filled.window.bar.picture, Qt.MouseButton.LeftButton)
    wait_for_answer(qtbot, filled, "beach.jpg")
    quiet_desktop.files = []
    filled.window.examples.pick.trigger()
    assert quiet_desktop.asked == 2
    assert isinstance(filled.session.question, LikePicture)


def test_what_is_asked_meanwhile_is_not_overtaken(qtbot, filled, tmp_path):
    drop(filled, files(draw_photo(tmp_path / "beach.jpg", 3, (4000, 3000))))
    filled.window.bar.ask("a dog")
    qtbot.waitUntil(lambda: bool(filled.window.model.results), timeout=WAIT)
    qtbot.wait(300)
    assert filled.session.question == Caption("a dog")


@pytest.fixture
def slow_drive(filled):
    """No file is looked for until it is set."""
    answers = threading.Event()
    for _ in range(FILES.threads):
        filled.tasks.submit(FILES, lambda _: answers.wait(10), lambda _: None)
    yield answers
    answers.set()


def test_a_folder_of_a_slow_drive_is_added_whatever_is_asked_meanwhile(
    qtbot, filled, slow_drive, tmp_path, photo_folder
):
    for name in ("Summer", "Autumn"):
        draw_photo(tmp_path / name / f"{name}.jpg", 40)
        drop(filled, files(tmp_path / name))
    filled.window.bar.ask("a dog")
    slow_drive.set()
    qtbot.waitUntil(lambda: filled.window.folders.counts.photos == 14, timeout=WAIT)
    assert filled.session.question == Caption("a dog")


def test_a_picture_of_a_slow_drive_does_not_overtake_what_is_asked_meanwhile(
    qtbot, filled, slow_drive, tmp_path
):
    drop(filled, files(draw_photo(tmp_path / "beach.jpg", 3)))
    filled.window.bar.ask("a dog")
    slow_drive.set()
    qtbot.waitUntil(lambda: bool(filled.window.model.results), timeout=WAIT)
    qtbot.wait(300)
    assert filled.session.question == Caption("a dog")


def test_of_two_pictures_of_a_slow_drive_the_one_dropped_last_is_taken(qtbot, filled, slow_drive, tmp_path):
    for name in ("beach.jpg", "hill.jpg"):
        drop(filled, files(draw_photo(tmp_path / name, 3)))
    slow_drive.set()
    wait_for_answer(qtbot, filled, "hill.jpg")
    qtbot.wait(200)
    wait_for_answer(qtbot, filled, "hill.jpg")


def test_what_is_dropped_stays_where_it_was(filled, tmp_path):
    """With Shift a file manager proposes to move, and takes the file away where that is accepted."""
    mime = files(draw_photo(tmp_path / "beach.jpg", 3))
    copy, move = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction
    window = filled.window
    for event_type, place, take in (
        (QDragEnterEvent, QPoint(5, 5), window.dragEnterEvent),
        (QDropEvent, QPointF(5, 5), window.dropEvent),
    ):
        event = dragged(event_type, place, mime, copy | move, Qt.KeyboardModifier.ShiftModifier)
        assert event.proposedAction() == move
        take(event)
        assert event.isAccepted()
        assert event.dropAction() == copy


def test_a_picture_like_one_of_the_library_finds_it_first(qtbot, filled, tmp_path, photo_folder):
    copy = tmp_path / "copy.png"
    Image.open(photo_folder / "IMG_04.jpg").save(copy)
    drop(filled, files(copy))
    wait_for_answer(qtbot, filled, "copy.png")
    assert top(filled) == "IMG_04.jpg"
    assert filled.window.model.results.hits[0].score > 0.9


def test_its_keys_are_listed(filled):
    listed = {s.does: s.keys for group in shortcuts.groups(filled.window) for s in group.shortcuts}
    assert listed["Find photos like a picture"] == ("Ctrl+Shift+F",)
    assert listed["Find photos like the picture on the clipboard, or paste text"] == ("Ctrl+V",)
