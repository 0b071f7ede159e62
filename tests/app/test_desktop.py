import os
import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app import desktop


class Viewer(QObject):
    """Stands where the system's viewer would be: Qt itself hands it the URLs."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.opened.append(url)


@pytest.fixture
def viewer(qapp) -> Iterator[Viewer]:
    viewer = Viewer()
    QDesktopServices.setUrlHandler("file", viewer, "show")
    yield viewer
    QDesktopServices.unsetUrlHandler("file")


def test_open_hands_the_file_to_the_system(viewer, tmp_path):
    photo = tmp_path / "a b#c%20ü.jpg"
    photo.write_bytes(b"jpeg")
    assert desktop.open_path(photo)
    assert [Path(url.toLocalFile()) for url in viewer.opened] == [photo]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the file manager by its own command elsewhere")
def test_show_in_folder_opens_the_folder(viewer, tmp_path):
    assert desktop.show_in_folder(tmp_path / "gone.jpg")
    assert [Path(url.toLocalFile()) for url in viewer.opened] == [tmp_path]


@pytest.mark.parametrize("name", ["IMG_1.jpg", "IMG 1.jpg", "Anna, Ben.jpg", "Anna, Ben 2.jpg"])
def test_the_explorer_gets_the_whole_path_as_one_part(name):
    line = desktop.explorer_line(PureWindowsPath("C:/Photos") / name)
    assert line == f'explorer /select,"C:\\Photos\\{name}"'


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has an explorer")
def test_an_explorer_that_does_not_start_is_no_crash(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert not desktop.show_in_folder(tmp_path / "a.jpg")


def test_a_name_that_is_not_utf8_keeps_its_bytes():
    path = Path(os.fsdecode(b"/photos/caf\xe9.jpg"))
    assert bytes(desktop.url_of(path).toEncoded()) == b"file:///photos/caf%E9.jpg"


@pytest.mark.parametrize("name", [b"a b#c%20\xc3\xbc?.jpg", b"caf\xe9.jpg"])
def test_a_url_leads_back_to_its_path(name):
    path = Path("/photos") / os.fsdecode(name)
    assert desktop.path_of(desktop.url_of(path)) == path


def test_copy_path(qapp):
    desktop.copy_path(Path(os.fsdecode(b"/photos/caf\xe9.jpg")))
    assert QGuiApplication.clipboard().text() == "/photos/caf�.jpg"
