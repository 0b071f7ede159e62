import os
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from app.lanes import FILES
from app.late import Late
from app.photo_actions import PhotoActions
from engine import Indexer, Library, printable
from tests.app.conftest import draw_photo

WAIT = 10  # seconds


class Viewer(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[bytes] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.opened.append(bytes(url.toEncoded()))


@pytest.fixture
def viewer(qapp):
    viewer = Viewer()
    QDesktopServices.setUrlHandler("file", viewer, "show")
    yield viewer
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def library(tmp_path, tasks, load):
    draw_photo(tmp_path / "Winter" / "a.jpg", 1)
    if sys.platform == "linux":
        (tmp_path / "Winter" / "a.jpg").rename(os.fsdecode(os.fsencode(tmp_path) + b"/Winter/caf\xe9.jpg"))
    with Library.open(tmp_path / "library.db") as library:
        Indexer(library, load()).run([tmp_path / "Winter"])
        yield library
        assert tasks.close(10)


@pytest.fixture
def actions(qtbot, tasks, library) -> PhotoActions:
    window = QWidget()
    qtbot.addWidget(window)
    actions = PhotoActions(tasks, Late(lambda: library), window)
    actions.kept = window
    return actions


@pytest.fixture
def photo(library):
    return library.photo(library.present_ids()[0])


def test_open_gives_the_photo_to_the_system_whatever_its_name(qtbot, actions, viewer, photo):
    with qtbot.waitSignal(actions.opened):
        actions.open(photo.id)
    assert viewer.opened == [photo.path.as_uri().encode()]


def test_a_photo_that_is_gone_is_a_sentence(qtbot, actions, viewer, photo):
    photo.path.unlink()
    with qtbot.waitSignal(actions.message) as signal:
        actions.open(photo.id)
    assert "is no longer in its folder" in signal.args[0]
    assert viewer.opened == []


@pytest.mark.parametrize("name", ["Open", "Show in folder"])
def test_a_folder_that_is_gone_is_a_sentence(qtbot, actions, viewer, photo, name):
    photo.path.parent.rename(photo.path.parent.with_name("elsewhere"))
    menu = actions.menu(photo.id)
    with qtbot.waitSignal(actions.message) as signal:
        next(action for action in menu.actions() if action.text() == name).trigger()
    assert "can't be reached" in signal.args[0]


def test_a_file_manager_that_does_not_start_is_a_sentence(qtbot, actions, photo, tmp_path, monkeypatch):
    """`open` is not there on other systems than a Mac."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("PATH", str(tmp_path))
    menu = actions.menu(photo.id)
    with qtbot.waitSignal(actions.message) as signal:
        next(action for action in menu.actions() if action.text() == "Show in folder").trigger()
    assert signal.args == [f"The folder of {printable(photo.path.name)} could not be shown."]


@pytest.mark.parametrize("name", ["Open", "Show in folder"])
def test_a_drive_that_does_not_answer_holds_up_nothing_else(qtbot, actions, viewer, tasks, photo, name):
    answers = threading.Event()
    for _ in range(FILES.threads):
        tasks.submit(FILES, lambda _: answers.wait(WAIT), lambda _: None)
    menu = actions.menu(photo.id)
    next(action for action in menu.actions() if action.text() == name).trigger()
    with qtbot.waitSignal(actions.information_wanted):
        next(action for action in menu.actions() if action.text() == "Information").trigger()
    QGuiApplication.clipboard().setText("nothing yet")
    actions.copy_image(photo.id)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().mimeData().hasImage())
    assert viewer.opened == []
    answers.set()
    qtbot.waitUntil(lambda: len(viewer.opened) == 1)
    QGuiApplication.clipboard().clear()  # what it holds must not outlive the offscreen desktop


def test_a_photo_that_left_the_library_is_a_sentence(qtbot, actions):
    with qtbot.waitSignal(actions.message) as signal:
        actions.open(9999)
    assert "no longer in the library" in signal.args[0]


def test_others_may_add_to_the_menu(actions, photo):
    actions.menu_made.connect(lambda menu, photo_id: menu.addAction(f"Number {photo_id}"))
    assert actions.menu(photo.id).actions()[-1].text() == f"Number {photo.id}"


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Find similar descriptions", "descriptions_wanted"),
        ("Find look-alikes", "look_alikes_wanted"),
        ("Why this photo?", "reasons_wanted"),
        ("Information", "information_wanted"),
    ],
)
def test_the_menu_asks_for_more_of_it(qtbot, actions, photo, name, signal):
    menu = actions.menu(photo.id, searched=True)
    with qtbot.waitSignal(getattr(actions, signal)) as blocker:
        next(action for action in menu.actions() if action.text() == name).trigger()
    assert blocker.args == [photo]


def test_the_reasons_are_asked_for_by_key_as_well(qtbot, actions, photo):
    with qtbot.waitSignal(actions.reasons_wanted) as signal:
        actions.explain(photo.id)
    assert signal.args == [photo]


def test_only_the_answer_to_a_description_has_reasons(actions, photo):
    menu = actions.menu(photo.id)
    assert not next(action for action in menu.actions() if action.text() == "Why this photo?").isEnabled()
