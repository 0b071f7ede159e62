from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout

from app.folders import ROOT_ROLE, FoldersPage
from engine import Root

WINTER = Root(1, Path("/photos/Winter"), 3300, 12, online=True)
TRIPS = Root(2, Path("/mnt/Trips"), 40, 0, online=False)


@pytest.fixture
def page(qtbot) -> FoldersPage:
    page = FoldersPage()
    qtbot.addWidget(page)
    page.show_roots([WINTER, TRIPS])
    page.show()
    return page


def lines(page: FoldersPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def test_it_lists_folders_with_their_state(page):
    winter, trips = lines(page)
    assert winter.startswith("/photos/Winter\n")
    assert "12 missing" in winter
    assert "not connected" in trips
    assert "not connected" not in winter


def test_removing_says_what_is_forgotten_before_it_is_done(qtbot, page):
    with qtbot.assertNotEmitted(page.remove_confirmed):
        qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert "“Winter”" in page.sentence
    assert "stay on the disk" in page.sentence
    assert "forgets" in page.sentence
    with qtbot.waitSignal(page.remove_confirmed) as signal:
        qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    assert signal.args == [WINTER]
    assert page.sentence == ""


@pytest.mark.parametrize(
    ("favourites", "said"),
    [(0, None), (1, "One of them is a favourite: that is"), (12, "12 of them are favourites: that is")],
)
def test_removing_says_how_many_favourites_are_forgotten(qtbot, page, favourites, said):
    page.show_roots([replace(WINTER, favourites=favourites)])
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert ("favourite" in page.sentence) == (said is not None)
    assert said is None or said in page.sentence


def test_escape_keeps_and_leaves_the_window_open(qtbot, page):
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    window = QDialog()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(page)
    window.show()
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(page.remove_confirmed):
        qtbot.keyClick(page.keep, Qt.Key.Key_Escape)
    assert page.sentence == ""
    assert window.isVisible()
    qtbot.keyClick(page.remove, Qt.Key.Key_Escape)
    assert not window.isVisible()
    page.setParent(None)


def test_nothing_is_asked_any_more_when_one_comes_back(qtbot, page):
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    page.hide()
    page.show()
    assert page.sentence == ""


def test_keep_keeps(qtbot, page):
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(page.remove_confirmed):
        qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    assert page.sentence == ""


def test_choosing_another_folder_takes_the_question_back(qtbot, page):
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    page.list.setCurrentRow(1)
    assert page.sentence == ""


def test_rescan_only_what_is_connected(qtbot, page):
    with qtbot.waitSignal(page.rescan_pressed) as signal:
        qtbot.mouseClick(page.rescan, Qt.MouseButton.LeftButton)
    assert signal.args == [WINTER]
    page.list.setCurrentRow(1)
    assert not page.rescan.isEnabled()


def test_new_counts_keep_the_selection(page):
    page.list.setCurrentRow(1)
    page.show_roots([replace(WINTER, photos=3301), replace(TRIPS, photos=41)])
    assert page.list.currentRow() == 1
    assert "41 photos" in lines(page)[1]


def many(photos: int) -> list[Root]:
    return [Root(n, Path(f"/photos/{n}"), photos, 0, online=True) for n in range(1, 30)]


def test_new_counts_leave_the_focus_and_the_scrolling_where_they_are(page):
    """While photos are read there are new counts every second."""
    page.show_roots(many(5))
    bar = page.list.verticalScrollBar()
    page.list.setCurrentRow(3)
    bar.setValue(bar.maximum())
    place = bar.value()
    assert place > 0
    for button in (page.remove, page.rescan):
        button.setFocus()
        page.show_roots(many(page.list.item(0).data(ROOT_ROLE).photos + 1))
        assert button.hasFocus()
        assert page.list.currentRow() == 3
        assert bar.value() == place
    page.show_roots(many(8)[:-1])
    assert page.rescan.hasFocus()
    assert page.list.currentRow() == 3


def test_the_selection_goes_with_its_folder_when_another_comes_or_goes(qtbot, page):
    page.list.setCurrentRow(1)
    page.show_roots([TRIPS])
    assert page.list.currentRow() == 0
    assert len(lines(page)) == 1
    assert not page.rescan.isEnabled()
    page.show_roots([WINTER, TRIPS])
    assert page.list.currentRow() == 1
    page.show_roots([WINTER])
    with qtbot.waitSignal(page.rescan_pressed) as signal:
        qtbot.mouseClick(page.rescan, Qt.MouseButton.LeftButton)
    assert signal.args == [WINTER]


def test_what_is_asked_stays_asked_with_the_new_counts(qtbot, page):
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    page.show_roots([replace(WINTER, photos=3301), TRIPS])
    assert "Its 3301 photos stay" in page.sentence
    assert page.keep.hasFocus()
    page.show_roots([TRIPS])
    assert page.sentence == ""


def test_without_folders_there_is_only_one_thing_to_do(qtbot, page):
    page.show_roots([])
    assert page.list.isHidden()
    assert not page.remove.isEnabled()
    with qtbot.waitSignal(page.add_pressed):
        qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)


def test_removing_a_single_photo_speaks_of_one(qtbot, page):
    page.show_roots([replace(WINTER, photos=1)])
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert "Its 1 photo stays on the disk as it is." in page.sentence
