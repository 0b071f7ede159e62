"""Several photos, copies, drags and exports in the whole window, with real photos and real folders."""

import os
import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton, QWidget

from app import desktop
from app.application import Application
from app.dragging import MOST
from app.lanes import INDEX
from engine import Library
from tests.app.answers import is_found
from tests.app.conftest import draw_photo
from tests.app.quiet_desktop import answer_dialogs
from tests.small_disk import fill, small_disk

WAIT = 20_000
CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "Stick"
    folder.mkdir()
    return folder


def centre(app: Application, row: int) -> QPoint:
    return app.window.grid.visualRect(app.window.model.index(row)).center()


def select(app: Application, *rows: int) -> list[Path]:
    """Select photos with the mouse; return their files."""
    app.window.grid.setFocus()
    for at, row in enumerate(rows):
        QTest.mouseClick(app.window.grid.viewport(), LEFT, CTRL if at else NONE, centre(app, row))
    library: Library = app._library.get()
    return [library.photo(app.window.model.photo_id(row)).path for row in sorted(rows)]


def menu_at(app: Application, row: int) -> QMenu:
    """Click on a photo with the right button."""
    grid = app.window.grid
    QTest.mouseClick(grid.viewport(), RIGHT, NONE, centre(app, row))
    grid.customContextMenuRequested.emit(centre(app, row))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def press(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


def answer_with(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    answer_dialogs(monkeypatch, lambda _: [folder])


def clipboard() -> QMimeData:
    return QGuiApplication.clipboard().mimeData()


def test_the_status_line_counts_several(qtbot, filled):
    window = filled.window
    select(filled, 0)
    assert window.status.text == "12 photos"
    select(filled, 0, 2, 3)
    assert window.status.text == "12 photos · 3 photos selected"
    qtbot.keyClick(window.grid, Qt.Key.Key_A, CTRL)
    assert window.status.text == "12 photos · 12 photos selected"
    window.escape()
    assert window.status.text == "12 photos"
    assert window.grid.selected_ids() == [window.model.photo_id(3)]


def test_the_menu_of_several(filled):
    select(filled, 0, 2)
    menu = menu_at(filled, 2)
    assert entries(menu) == ["Copy", "Export copies to a folder…", "Add all to favourites"]
    menu.close()
    filled.window.refining.favourites.mark([filled.window.model.photo_id(0)], True)
    menu = menu_at(filled, 0)
    assert entries(menu)[2:] == ["Add all to favourites", "Remove all from favourites"]
    menu.close()


def test_a_right_click_beside_the_selection_is_for_that_photo_alone(filled):
    select(filled, 0, 2)
    menu = menu_at(filled, 5)
    assert entries(menu)[0] == "Open"
    assert filled.window.grid.selected_ids() == [filled.window.model.photo_id(5)]
    menu.close()


def test_favourites_of_several(qtbot, filled):
    library, favourites = filled._library.get(), filled.window.refining.favourites
    select(filled, 0, 2)
    chosen = set(filled.window.grid.selected_ids())
    press(menu_at(filled, 0), "Add all to favourites")
    assert favourites.ids == chosen
    qtbot.waitUntil(lambda: library.favourites() == chosen, timeout=WAIT)
    filled.window.activateWindow()  # which the offscreen desktop leaves undone when a menu closes
    qtbot.waitUntil(filled.window.isActiveWindow, timeout=WAIT)
    select(filled, 0, 2, 4)
    qtbot.keyClick(filled.window, Qt.Key.Key_B, CTRL)
    assert len(favourites.ids) == 3
    qtbot.keyClick(filled.window, Qt.Key.Key_B, CTRL)
    assert favourites.ids == frozenset()
    qtbot.waitUntil(lambda: library.favourites() == set(), timeout=WAIT)


def test_a_photo_looked_at_is_marked_alone(qtbot, filled):
    select(filled, 0, 2)
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_Space)
    assert filled.window.viewing.is_open
    qtbot.keyClick(filled.window, Qt.Key.Key_B, CTRL)
    assert filled.window.refining.favourites.ids == {filled.window.model.photo_id(2)}
    filled.window.viewing.close()
    assert filled.window.grid.selection.count == 2


def test_stepping_in_the_viewer_stays_within_several_or_leaves_them(qtbot, filled):
    select(filled, 0, 1)
    filled.window.viewing.open_selected()
    filled.window.viewing.step(-1)
    assert filled.window.grid.selection.count == 2
    filled.window.viewing.step(4)
    assert filled.window.grid.selected_ids() == [filled.window.model.photo_id(4)]


def test_space_selects_a_photo_that_is_not_before_it_shows_it(qtbot, filled):
    select(filled, 0)
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_Space)
    assert filled.window.grid.selection.count == 2
    assert not filled.window.viewing.is_open
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_Space)
    assert filled.window.viewing.is_open


def test_copy_gives_files_and_paths(qtbot, filled):
    paths = select(filled, 0, 2)
    QGuiApplication.clipboard().setText("nothing yet")
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_C, CTRL)
    qtbot.waitUntil(lambda: clipboard().hasUrls(), timeout=WAIT)
    assert clipboard().urls() == [QUrl.fromLocalFile(str(path)) for path in paths]
    assert clipboard().text() == "\n".join(map(str, paths))
    QGuiApplication.clipboard().setText("nothing yet")
    press(menu_at(filled, 0), "Copy")
    qtbot.waitUntil(lambda: len(clipboard().urls()) == 2, timeout=WAIT)


def test_the_files_on_a_clipboard_are_what_file_managers_paste(monkeypatch):
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    parts = desktop.clipboard_parts([Path("/p/a b.jpg"), Path(os.fsdecode(b"/p/caf\xe9.jpg"))])
    assert parts["x-special/gnome-copied-files"] == b"copy\nfile:///p/a%20b.jpg\nfile:///p/caf%E9.jpg"
    assert parts["text/uri-list"] == b"file:///p/a%20b.jpg\r\nfile:///p/caf%E9.jpg\r\n"
    assert parts["text/plain"].decode() == "/p/a b.jpg\n/p/caf�.jpg"


def test_copy_image_gives_an_upright_picture_and_the_file(qtbot, app, tmp_path):
    file = draw_photo(tmp_path / "Turned" / "a.jpg", 3, (96, 72))
    with Image.open(file) as image:
        exif = image.getexif()
        exif[0x0112] = 6
        image.save(file, exif=exif)
    app.window.folders.add([file.parent])
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 1, timeout=WAIT)
    select(app, 0)
    QGuiApplication.clipboard().setText("nothing yet")
    qtbot.keyClick(app.window.grid, Qt.Key.Key_C, CTRL | SHIFT)
    qtbot.waitUntil(lambda: clipboard().hasImage(), timeout=WAIT)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (72, 96)
    assert clipboard().urls() == [QUrl.fromLocalFile(str(file))]


@pytest.mark.parametrize(("spoil", "sentence"), [(Path.unlink, "no longer in its folder"), (None, "IMG_")])
def test_a_picture_that_cannot_be_copied_is_a_sentence(qtbot, filled, spoil, sentence):
    (path,) = select(filled, 0)
    if spoil:
        spoil(path)
    else:
        path.write_bytes(b"no jpeg")
    press(menu_at(filled, 0), "Copy image")
    qtbot.waitUntil(lambda: sentence in filled.window.message.text, timeout=WAIT)


def test_export_copies_and_offers_the_folder(qtbot, filled, target, monkeypatch):
    paths = select(filled, 0, 2)
    answer_with(monkeypatch, target)
    press(menu_at(filled, 0), "Export copies to a folder…")
    assert filled.window.taking.exporting.progress.isVisible()
    qtbot.waitUntil(lambda: filled.window.message.text == "Copied 2 photos to Stick.", timeout=WAIT)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == {
        path.name: path.read_bytes() for path in paths
    }
    assert not filled.window.taking.exporting.progress.isVisible()
    button = next(b for b in filled.window.message.findChildren(QPushButton) if b.text() == "Show folder")
    target.rename(target.with_name("elsewhere"))
    button.click()
    gone = "This folder can't be reached any more."
    qtbot.waitUntil(lambda: filled.window.message.text == gone, timeout=WAIT)


def test_the_folder_of_the_last_export_is_proposed_after_the_next_start(
    qtbot, filled, build, target, monkeypatch
):
    Path.home().mkdir(exist_ok=True)
    proposed: list[str] = []

    def choose(dialog: QFileDialog) -> list[Path]:
        proposed.append(dialog.directory().absolutePath())
        return [target]

    answer_dialogs(monkeypatch, choose)
    photo_ids = filled.window.model.ids_between(0, 1)
    filled.window.taking.exporting.choose(photo_ids)
    qtbot.waitUntil(lambda: filled.window.message.text == "Copied 2 photos to Stick.", timeout=WAIT)
    assert filled.shutdown(10)
    again = build().window.taking.exporting
    again.choose(photo_ids)
    qtbot.waitUntil(lambda: not again.running, timeout=WAIT)
    target.rename(target.with_name("elsewhere"))
    again.choose(photo_ids)
    assert proposed == [str(Path.home()), str(target), str(Path.home())]
    qtbot.waitUntil(lambda: not again.running, timeout=WAIT)


def test_export_by_key_and_for_one_photo(qtbot, filled, target, monkeypatch):
    select(filled, 4)
    answer_with(monkeypatch, target)
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_E, CTRL | SHIFT)
    qtbot.waitUntil(lambda: filled.window.message.text == "Copied 1 photo to Stick.", timeout=WAIT)
    press(menu_at(filled, 4), "Export a copy to a folder…")
    qtbot.waitUntil(lambda: len(list(target.iterdir())) == 2, timeout=WAIT)


def test_without_a_folder_or_a_photo_nothing_is_exported(qtbot, filled, monkeypatch):
    answer_dialogs(monkeypatch, lambda _: [])
    select(filled, 0)
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_E, CTRL | SHIFT)
    assert not filled.window.taking.exporting.running
    filled.window.grid.clearSelection()
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_E, CTRL | SHIFT)
    assert filled.window.message.text == "Choose a photo first."


def test_export_among_the_photos_is_refused(qtbot, filled, photo_folder, monkeypatch):
    select(filled, 0)
    answer_with(monkeypatch, photo_folder)
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_E, CTRL | SHIFT)
    qtbot.waitUntil(lambda: "part of your library" in filled.window.message.text, timeout=WAIT)
    assert len(list(photo_folder.iterdir())) == 12
    assert not filled.window.taking.exporting.running


def test_photos_that_vanished_are_named(qtbot, filled, target):
    paths = select(filled, 0, 1, 2, 3, 4)
    for path in paths[:4]:
        path.unlink()
    filled.window.taking.exporting.export(filled.window.grid.selected_ids(), target)
    qtbot.waitUntil(lambda: filled.window.message.text.startswith("Copied 1 of 5"), timeout=WAIT)
    assert filled.window.message.text.count("it is no longer in its folder") == 3
    assert filled.window.message.text.endswith("), 1 more.")


def test_export_can_be_stopped(qtbot, filled, photo_folder, target):
    for path in photo_folder.iterdir():
        path.write_bytes(bytes(8 << 20))
    qtbot.keyClick(filled.window.grid, Qt.Key.Key_A, CTRL)
    exporting = filled.window.taking.exporting
    exporting.export(filled.window.grid.selected_ids(), target)
    exporting.choose([1])
    assert "copied already" in filled.window.message.text
    exporting.progress.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: filled.window.message.text.startswith("Stopped: "), timeout=WAIT)
    whole = [file for file in target.iterdir() if file.stat().st_size == 8 << 20]
    assert whole == list(target.iterdir())
    assert len(whole) < 12


def test_the_progress_is_in_the_status_line(qtbot, filled, photo_folder, target):
    for path in photo_folder.iterdir():
        path.write_bytes(bytes(8 << 20))
    exporting = filled.window.taking.exporting
    seen: list[str] = []
    poll = QTimer()
    poll.timeout.connect(lambda: seen.append(exporting.progress.text))
    poll.start(5)
    with qtbot.waitSignal(exporting.finished, timeout=WAIT):
        exporting.export([filled.window.model.photo_id(row) for row in range(12)], target)
    assert seen[0].startswith("Copying to Stick")
    assert exporting.progress.text == ""


def test_a_full_disk_is_one_sentence(qtbot, filled, photo_folder, tmp_path):
    for path in photo_folder.iterdir():
        path.write_bytes(os.urandom(150_000))
    texts: list[str] = []
    exporting = filled.window.taking.exporting
    exporting.finished.connect(lambda text, folder: texts.append(text))
    with small_disk(tmp_path / "Small", 2048) as disk:
        run = exporting._run

        def run_on_a_filling_disk(photo_ids, folder, stop):
            fill_up = FillAfter(disk, 12 + 2 * 3 + 1)
            return run(photo_ids, folder, fill_up)

        exporting._run = run_on_a_filling_disk
        exporting.export([filled.window.model.photo_id(row) for row in range(12)], disk)
        qtbot.waitUntil(lambda: bool(texts), timeout=WAIT)
        names = sorted(file.name for file in disk.iterdir())
    assert texts == ["Copied 3 of 12; the disk is full."]
    assert filled.window.message.text == texts[0]
    assert len(names) == 4
    assert not any(name.endswith(".part") for name in names)


class FillAfter:
    """A stop that is never set; somebody else fills the disk when it has been looked at so often."""

    def __init__(self, disk: Path, looks: int) -> None:
        self._disk = disk
        self._left = looks

    def is_set(self) -> bool:
        self._left -= 1
        if self._left == 0:
            fill(self._disk)
        return False


def test_closing_stops_the_export(qtbot, filled, photo_folder, target):
    for path in photo_folder.iterdir():
        path.write_bytes(bytes(30 << 20))
    filled.window.taking.exporting.export([filled.window.model.photo_id(row) for row in range(12)], target)
    qtbot.waitUntil(lambda: any(target.iterdir()), timeout=WAIT)
    assert filled.shutdown(10)
    assert all(file.suffix == ".jpg" and file.stat().st_size == 30 << 20 for file in target.iterdir())


def wait_for_names(qtbot, app: Application) -> None:
    """Wait for the grid to have shown every photo."""
    model = app.window.model
    qtbot.waitUntil(lambda: all(model.photo(model.photo_id(row)) for row in range(12)), timeout=WAIT)


def test_a_drag_carries_all_that_is_selected(qtbot, filled):
    wait_for_names(qtbot, filled)
    paths = select(filled, 0, 2, 3, 7)
    dragging = filled.window.taking.dragging
    drag = dragging.prepare(filled.window.grid.selected_ids(), filled.window.grid)
    assert drag.mimeData().urls() == [QUrl.fromLocalFile(str(path)) for path in paths]
    assert not drag.pixmap().isNull()
    assert (
        drag.pixmap().toImage()
        != dragging.prepare(filled.window.grid.selected_ids()[:1], filled.window.grid).pixmap().toImage()
    )


def test_photos_out_of_sight_are_looked_up_once_they_are_selected(qtbot, filled):
    """The grid has been shown none of them: only the library knows where they are."""
    window = filled.window
    window.model._photos.clear()
    select(filled, 0)
    qtbot.keyClick(window.grid, Qt.Key.Key_A, CTRL)
    dragging = window.taking.dragging
    assert dragging.prepare(window.grid.selected_ids(), window.grid) is None
    assert "Drag them again in a moment" in window.message.text
    qtbot.waitUntil(
        lambda: dragging.prepare(window.grid.selected_ids(), window.grid) is not None, timeout=WAIT
    )


def test_too_many_to_drag_is_a_sentence(filled):
    assert filled.window.taking.dragging.prepare(range(MOST + 1), filled.window.grid) is None
    assert "photos are too many to drag." in filled.window.message.text


def dragged_by(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[QUrl], Qt.DropAction]]:
    """Note what is handed to the system to be dragged; no pointer moves in a test."""
    given: list[tuple[list[QUrl], Qt.DropAction]] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, actions: given.append((drag.mimeData().urls(), actions)))
    return given


def pull(place: QWidget, start: QPoint) -> None:
    QTest.mousePress(place, LEFT, NONE, start)
    for step in (10, 30, 60):
        QTest.mouseMove(place, start + QPoint(step, step))
    QTest.mouseRelease(place, LEFT, NONE, start + QPoint(60, 60))


def test_pulling_at_a_photo_drags_copies_of_all_selected(qtbot, filled, monkeypatch):
    wait_for_names(qtbot, filled)
    given = dragged_by(monkeypatch)
    paths = select(filled, 1, 2)
    pull(filled.window.grid.viewport(), centre(filled, 1))
    urls = [QUrl.fromLocalFile(str(path)) for path in paths]
    assert given == [(urls, Qt.DropAction.CopyAction)]
    pull(filled.window.grid.viewport(), centre(filled, 0))
    assert len(given[1][0]) == 1


def test_the_photo_in_the_viewer_is_dragged_unless_it_is_moved(qtbot, filled, monkeypatch):
    given = dragged_by(monkeypatch)
    (path,) = select(filled, 1)
    window = filled.window
    window.viewing.open_selected()
    canvas = window.viewing.viewer.canvas
    qtbot.waitUntil(lambda: canvas.loaded is not None, timeout=WAIT)
    pull(canvas, canvas.rect().center())
    assert given == [([QUrl.fromLocalFile(str(path))], Qt.DropAction.CopyAction)]
    canvas.set_zoom(canvas.zoom.at(3000))
    assert canvas.zoom.can_pan
    pull(canvas, canvas.rect().center())
    assert len(given) == 1


def test_own_photos_dropped_on_the_own_window_do_nothing(qtbot, filled):
    (path,) = select(filled, 1)
    window = filled.window
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])

    class Own(QDragEnterEvent):
        def source(self):
            return window.grid

    enter = Own(QPoint(50, 50), Qt.DropAction.CopyAction, mime, LEFT, NONE)
    enter.ignore()
    window.dragEnterEvent(enter)
    assert not enter.isAccepted()


def rename(file: Path) -> Path:
    """Move a photo into a folder below, under another name."""
    (file.parent / "Best").mkdir(exist_ok=True)
    return file.rename(file.parent / "Best" / f"new-{file.name}")


def dragged(app: Application) -> list[Path]:
    """Return the files that a drag of what is selected would carry."""
    drag = app.window.taking.dragging.prepare(app.window.grid.selected_ids(), app.window.grid)
    return [] if drag is None else [Path(url.toLocalFile()) for url in drag.mimeData().urls()]


def test_photos_that_were_moved_are_dragged_from_where_they_are(qtbot, filled):
    wait_for_names(qtbot, filled)
    first, second = select(filled, 0, 2)
    qtbot.waitUntil(lambda: dragged(filled) == [first, second], timeout=WAIT)
    moved = rename(second)
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        filled.window.folders.read_known()
    qtbot.waitUntil(lambda: dragged(filled) == [first, moved], timeout=WAIT)
    wait_for_names(qtbot, filled)
    assert moved.name in filled.window.model.index(2).data(Qt.ItemDataRole.ToolTipRole)


def test_photos_of_a_folder_that_was_renamed_are_dragged_from_where_they_are(qtbot, filled):
    wait_for_names(qtbot, filled)
    (first,) = select(filled, 0)
    qtbot.waitUntil(lambda: dragged(filled) == [first], timeout=WAIT)
    folder = first.parent.rename(first.parent.with_name("Summer"))
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        filled.window.folders.add([folder])
    qtbot.waitUntil(lambda: dragged(filled) == [folder / first.name], timeout=WAIT)
    wait_for_names(qtbot, filled)
    assert str(folder) in filled.window.model.index(2).data(Qt.ItemDataRole.ToolTipRole)
    assert [root.path for root in filled._library.get().roots()] == [folder]


def test_matches_that_were_moved_are_dragged_while_another_folder_is_read(qtbot, filled, tmp_path):
    window = filled.window
    window.bar.ask("a dog")
    qtbot.waitUntil(lambda: is_found(filled, "a dog"), timeout=WAIT)
    (found,) = select(filled, 0)
    moved = rename(found)
    draw_photo(tmp_path / "Summer" / "a.jpg", 99)
    gate = threading.Event()
    filled.indexing.read([found.parent])
    filled.tasks.submit(INDEX, lambda _: gate.wait(20), lambda _: None)
    filled.indexing.read([tmp_path / "Summer"])
    qtbot.waitUntil(lambda: dragged(filled) == [moved], timeout=WAIT)
    assert filled.indexing.running
    gate.set()
    qtbot.waitUntil(lambda: not filled.indexing.running, timeout=WAIT)
