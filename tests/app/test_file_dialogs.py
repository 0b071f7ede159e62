"""The dialogs for folders and files: what they answer, and that they leave the library's locks alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from app.file_dialogs import choose_file, choose_folder
from engine import Library
from tests.locks import LOCKS, locked


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with another folder and files."""
    place = tmp_path / "place"
    (place / "Summer").mkdir(parents=True)
    (place / "words.unknown").write_text("words")
    (place / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return place


@pytest.fixture
def parent(qtbot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    return parent


@pytest.fixture
def in_dialog() -> Iterator[Callable[[Callable[[QFileDialog], None]], None]]:
    """Does something with the next dialog, once it has had the time to look at its folder."""
    timers: list[QTimer] = []

    def later(deed: Callable[[QFileDialog], None]) -> None:
        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QFileDialog) and dialog.isVisible():
                timer.stop()
                QTest.qWait(500)
                deed(dialog)

        timer = QTimer(interval=50)
        timer.timeout.connect(look)
        timer.start()
        timers.append(timer)

    yield later
    for timer in timers:
        timer.stop()


def type_name(dialog: QFileDialog, name: str) -> None:
    field = dialog.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_folder_is_chosen(parent, place, in_dialog):
    in_dialog(lambda dialog: type_name(dialog, "Summer"))
    assert choose_folder(parent, "Which?", place) == place / "Summer"


def test_a_file_is_chosen(parent, place, in_dialog):
    in_dialog(lambda dialog: type_name(dialog, "words.unknown"))
    assert choose_file(parent, "Which?", place) == place / "words.unknown"


@pytest.mark.parametrize("choose", [choose_folder, choose_file])
def test_cancelled_is_nothing(parent, place, in_dialog, choose):
    in_dialog(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    assert choose(parent, "Which?", place) is None


@pytest.mark.skipif(not LOCKS.exists(), reason="needs Linux's list of locks")
@pytest.mark.parametrize("choose", [choose_folder, choose_file])
def test_a_librarys_locks_survive_a_look_at_its_folder(parent, place, in_dialog, choose):
    """Without them the next program that closes the library takes its log away under the window."""
    during: list[set[str]] = []

    def look(dialog: QFileDialog) -> None:
        during.append(locked(place))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    with Library.open(place / "library.db") as library:
        library.counts()
        before = locked(place)
        in_dialog(look)
        choose(parent, "Which?", place)
        assert before >= {"library.db", "library.db-shm"}
        assert during == [before]
        assert locked(place) == before
