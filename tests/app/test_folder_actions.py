"""Folders are added, read and removed in the whole window, with real photos."""

import threading

import pytest

from app.application import Application
from app.folders import FoldersPage
from app.lanes import INDEX, LIBRARY
from tests.app.conftest import draw_photo

WAIT = 20_000


@pytest.fixture
def two(qtbot, filled, tmp_path) -> dict[str, int]:
    """The library's folders, by name."""
    draw_photo(tmp_path / "Summer" / "a.jpg", 99)
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        filled.window.folders.add([tmp_path / "Summer"])
    return roots(filled)


def roots(app: Application) -> dict[str, int]:
    return {root.path.name: root.id for root in app._library.get().roots()}


def hold(app: Application) -> threading.Event:
    """Let whatever is to be read or removed from now on wait for an event."""
    gate = threading.Event()
    app.tasks.submit(INDEX, lambda _: gate.wait(20), lambda _: None)
    return gate


def settle(qtbot, app: Application) -> None:
    """Wait until the library was asked, and everything on the index lane is through."""
    for lane in (LIBRARY, INDEX, LIBRARY):
        with qtbot.waitCallback(timeout=WAIT) as answered:
            app.tasks.submit(lane, lambda _: None, answered)


def test_of_two_folders_removed_one_after_the_other_none_comes_back(qtbot, filled, two):
    filled.indexing.remove(two["Winter"])
    gate = hold(filled)
    filled.indexing.remove(two["Summer"])
    qtbot.waitUntil(lambda: list(roots(filled)) == ["Summer"], timeout=WAIT)
    with qtbot.waitCallback(timeout=WAIT) as answered:
        filled.tasks.submit(LIBRARY, lambda _: None, answered)
    gate.set()
    settle(qtbot, filled)
    assert roots(filled) == {}


@pytest.mark.parametrize("asked", ["all", "one"])
def test_a_folder_that_is_being_removed_is_not_read_again(qtbot, filled, two, theme, asked):
    folders, page = filled.window.folders, FoldersPage()
    qtbot.addWidget(page)
    folders.serve(page)
    gate = hold(filled)
    filled.indexing.remove(two["Summer"])
    if asked == "all":
        folders.read_known()
    else:
        page.rescan_pressed.emit(next(root for root in folders.roots if root.id == two["Summer"]))
    with qtbot.waitCallback(timeout=WAIT) as answered:
        filled.tasks.submit(LIBRARY, lambda _: None, answered)
    gate.set()
    settle(qtbot, filled)
    assert roots(filled) == {"Winter": two["Winter"]}


def test_after_a_stop_removing_a_folder_reads_nothing(qtbot, filled, two):
    window = filled.window
    filled.indexing.started.connect(filled.indexing.stop)  # at once: known photos are read in no time
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):
        window.folders.read_known()
    with qtbot.assertNotEmitted(filled.indexing.started):
        filled.indexing.remove(two["Summer"])
        settle(qtbot, filled)
        qtbot.waitUntil(lambda: window.status.text == "12 photos", timeout=WAIT)
    assert [root.id for root in window.folders.roots] == [two["Winter"]]
