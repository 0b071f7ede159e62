from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.folders import FoldersDialog
from engine import Root

WINTER = Root(1, Path("/photos/Winter"), 3300, 12, online=True)
TRIPS = Root(2, Path("/mnt/Trips"), 40, 0, online=False)


@pytest.fixture
def dialog(qtbot) -> FoldersDialog:
    dialog = FoldersDialog()
    qtbot.addWidget(dialog)
    dialog.show_roots([WINTER, TRIPS])
    dialog.show()
    return dialog


def lines(dialog: FoldersDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_it_lists_folders_with_their_state(dialog):
    winter, trips = lines(dialog)
    assert winter.startswith("/photos/Winter\n")
    assert "12 missing" in winter
    assert "not connected" in trips
    assert "not connected" not in winter


def test_removing_says_what_is_forgotten_before_it_is_done(qtbot, dialog):
    with qtbot.assertNotEmitted(dialog.remove_confirmed):
        qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    assert "“Winter”" in dialog.sentence
    assert "stay on the disk" in dialog.sentence
    assert "forgets" in dialog.sentence
    with qtbot.waitSignal(dialog.remove_confirmed) as signal:
        qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert signal.args == [WINTER]
    assert dialog.sentence == ""


def test_keep_keeps(qtbot, dialog):
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(dialog.remove_confirmed):
        qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    assert dialog.sentence == ""


def test_choosing_another_folder_takes_the_question_back(qtbot, dialog):
    qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    dialog.list.setCurrentRow(1)
    assert dialog.sentence == ""


def test_rescan_only_what_is_connected(qtbot, dialog):
    with qtbot.waitSignal(dialog.rescan_pressed) as signal:
        qtbot.mouseClick(dialog.rescan, Qt.MouseButton.LeftButton)
    assert signal.args == [WINTER]
    dialog.list.setCurrentRow(1)
    assert not dialog.rescan.isEnabled()


def test_new_counts_keep_the_selection(dialog):
    dialog.list.setCurrentRow(1)
    dialog.show_roots([WINTER, TRIPS])
    assert dialog.list.currentRow() == 1


def test_without_folders_there_is_only_one_thing_to_do(qtbot, dialog):
    dialog.show_roots([])
    assert dialog.list.isHidden()
    assert not dialog.remove.isEnabled()
    with qtbot.waitSignal(dialog.add_pressed):
        qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
