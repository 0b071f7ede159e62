"""Opening photos with other programs: real desktop entries, real processes."""

import os
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app import desktop
from app.lanes import FILES
from app.open_with import OpenWith, programs_for
from app.program_chooser import ProgramChooser
from engine import Photo, PhotoMetadata
from tests.app.conftest import draw_photo
from tests.app.quiet_desktop import answer_dialogs

linux = pytest.mark.skipif(sys.platform != "linux", reason="desktop entries are for Linux")


@pytest.fixture
def applications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop of the test's own, with one program: it notes how it was called."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
    folder = tmp_path / "share" / "applications"
    folder.mkdir(parents=True)
    script = tmp_path / "note.sh"
    called, new = tmp_path / "called", tmp_path / "new"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$PWD" "$@" > {new} && mv {new} {called}\n')
    script.chmod(0o755)
    lines = ("Type=Application", "Name=Note", f"Exec={script} --photo %f", f"Path={tmp_path}")
    (folder / "note.desktop").write_text("\n".join(["[Desktop Entry]", *lines, "MimeType=image/jpeg;"]))
    return folder


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def open_with(tasks, window) -> OpenWith:
    return OpenWith(tasks, window)


def photo_at(path: Path) -> Photo:
    return Photo(1, path, 1, 1, PhotoMetadata(4, 3))


def chooser(window: QWidget) -> ProgramChooser | None:
    return window.findChild(ProgramChooser)


@linux
def test_the_chosen_program_gets_the_photo(qtbot, open_with, window, applications, tmp_path):
    photo = photo_at(draw_photo(tmp_path / "a b#c.jpg"))
    open_with.ask(photo)
    qtbot.waitUntil(lambda: chooser(window) is not None)
    dialog = chooser(window)
    assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == ["Note"]
    with qtbot.waitSignal(open_with.opened):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    called = tmp_path / "called"
    qtbot.waitUntil(called.exists)
    assert called.read_text().splitlines() == [str(tmp_path), "--photo", str(photo.path)]


@linux
def test_a_name_that_is_not_utf8_is_given_as_a_url(qtbot, open_with, applications, tmp_path):
    draw_photo(tmp_path / "a.jpg")
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg"))
    (tmp_path / "a.jpg").rename(path)
    open_with.open(photo_at(path), programs_for(path)[0])
    called = tmp_path / "called"
    qtbot.waitUntil(called.exists)
    assert called.read_text().splitlines()[-1] == f"file://{tmp_path}/caf%E9.jpg"


@linux
def test_cancel_opens_nothing(qtbot, open_with, window, applications, tmp_path):
    open_with.ask(photo_at(draw_photo(tmp_path / "a.jpg")))
    qtbot.waitUntil(lambda: chooser(window) is not None)
    qtbot.keyClick(chooser(window), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: chooser(window) is None)
    assert not (tmp_path / "called").exists()


@linux
def test_no_program_is_a_sentence(qtbot, open_with, applications, tmp_path):
    with qtbot.waitSignal(open_with.message) as signal:
        open_with.ask(photo_at(draw_photo(tmp_path / "a.png")))
    assert signal.args == ["No program on this computer says that it opens photos like a.png."]


@linux
def test_a_program_that_does_not_start_is_a_sentence(qtbot, open_with, applications, tmp_path):
    photo = photo_at(draw_photo(tmp_path / "a.jpg"))
    note = programs_for(photo.path)[0]
    (tmp_path / "note.sh").unlink()
    with qtbot.waitSignal(open_with.message) as signal:
        open_with.open(photo, note)
    assert signal.args == ["a.jpg could not be opened with Note. Choose another program."]


def test_a_photo_that_is_gone_is_a_sentence(qtbot, open_with, tmp_path):
    with qtbot.waitSignal(open_with.message) as signal:
        open_with.ask(photo_at(tmp_path / "gone.jpg"))
    assert "is no longer in its folder" in signal.args[0]
    assert QApplication.activeModalWidget() is None


def test_it_is_looked_for_on_a_worker(qtbot, open_with, tasks, tmp_path):
    """A drive that does not answer keeps those waiting that ask for it, not the window."""
    answers = threading.Event()
    for _ in range(FILES.threads):
        tasks.submit(FILES, lambda _: answers.wait(10), lambda _: None)
    said: list[str] = []
    open_with.message.connect(said.append)
    open_with.ask(photo_at(tmp_path / "gone.jpg"))
    assert said == []
    answers.set()
    qtbot.waitUntil(lambda: len(said) == 1)


def test_on_a_mac_a_program_is_picked_among_files(qtbot, open_with, tmp_path, monkeypatch):
    """`open` is not there on other systems: that it can't be started is said."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("PATH", str(tmp_path))
    answer_dialogs(monkeypatch, lambda _: [Path("/Applications/Eye.app")])
    with qtbot.waitSignal(open_with.message) as signal:
        open_with.ask(photo_at(draw_photo(tmp_path / "a.jpg")))
    assert signal.args == ["a.jpg could not be opened with Eye. Choose another program."]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows would ask")
def test_windows_that_does_not_ask_is_a_sentence(qtbot, open_with, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    photo = photo_at(draw_photo(tmp_path / "a.jpg"))
    assert not desktop.ask_windows(photo.path)
    with qtbot.waitSignal(open_with.message) as signal:
        open_with.ask(photo)
    assert "could not be opened with Windows" in signal.args[0]
