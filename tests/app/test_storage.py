"""The settings' page "Storage": what takes how much, and clearing the previews."""

import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.settings_window import Page
from app.storage_page import StoragePage
from engine import ClearReport, Library, LibrarySpace
from engine.library import database
from tests.app.answers import is_found

WAIT = 20_000


@pytest.fixture
def page(qtbot, filled) -> StoragePage:
    """The page over twelve photos, with its numbers, while the grid is seen."""
    window = filled.beside.settings
    window.open_on(Page.STORAGE)
    qtbot.waitUntil(lambda: window.storage.clear.isEnabled(), timeout=WAIT)
    return window.storage


def previews(app) -> dict[int, bytes | None]:
    library = app._library.get()
    return {photo_id: library.thumbnail(photo_id) for photo_id in library.present_ids()}


def test_it_says_what_takes_how_much(page, filled):
    space = filled._library.get().space()
    assert 0 < space.thumbnails < space.total
    assert page.previews.text().endswith("kB")
    assert page.search_data.text().endswith("B")
    assert page.library_note.text() == page.library.accessibleDescription() != ""
    assert page.previews.accessibleName() == "Previews"
    assert "made again" in page.previews.accessibleDescription()
    assert page.search_data.accessibleName() == "Search data"


def test_what_is_free_in_the_file_is_told_where_it_is_much(page):
    page.show_space(LibrarySpace(5_000_000, 1_000_000, 2_500_000))
    assert page.library_note.text() == "5.0 MB, 2.5 MB of it free for photos to come"
    assert page.search_data.text() == "1.5 MB"
    page.show_space(LibrarySpace(5_000_000, 1_000_000, 4_096))
    assert page.library_note.text() == "5.0 MB"


def test_there_is_nothing_to_clear_in_an_empty_library(qtbot, app):
    window = app.beside.settings
    window.open_on(Page.STORAGE)
    qtbot.waitUntil(lambda: window.storage.previews.text() == "0 bytes", timeout=WAIT)
    assert not window.storage.clear.isEnabled()


def test_cleared_previews_in_sight_are_made_again_at_once(qtbot, page, filled):
    before = previews(filled)
    grid, seen = filled.window.grid, []
    qtbot.waitUntil(lambda: all(grid._thumbnails.pixmap(photo_id) for photo_id in before), timeout=WAIT)
    filled.window.storage.cleared.connect(lambda _: seen.append(previews(filled)))
    page.clear.setFocus()
    qtbot.keyClick(page.clear, Qt.Key.Key_Space)
    assert page.answer.text() == "Clearing previews…"
    assert not page.clear.isEnabled()
    assert QApplication.focusWidget() is not None
    qtbot.waitUntil(lambda: "were cleared." in page.answer.text(), timeout=WAIT)
    assert set(seen[0].values()) == {None}
    assert all(grid._thumbnails.pixmap(photo_id) for photo_id in before)  # the grid never shows a gap
    qtbot.waitUntil(lambda: previews(filled) == before, timeout=WAIT)
    page.hide()
    page.show()
    qtbot.waitUntil(lambda: page.clear.isEnabled(), timeout=WAIT)


def test_photos_are_found_and_seen_without_previews(qtbot, page, filled, photo_folder):
    window = filled.window
    filled.beside.settings.close()
    photo_folder.rename(photo_folder.with_name("away"))
    with closing(sqlite3.connect(filled._library.get().path)) as connection:
        connection.execute("DELETE FROM thumbnails")  # as if they had been cleared before
        connection.commit()
    window._thumbnails.renew()
    window.bar.field.setText("a red circle")
    window.bar.field.returnPressed.emit()
    qtbot.waitUntil(lambda: is_found(filled, "a red circle"), timeout=WAIT)
    window.navigator.look_alikes(window.model.results.hits[0].photo)
    qtbot.waitUntil(lambda: window.model.results.caption != "a red circle", timeout=WAIT)
    assert window.model.rowCount() > 0
    photo_folder.with_name("away").rename(photo_folder)
    with qtbot.waitSignal(filled.indexing.finished, timeout=WAIT):  # all is as it was: nothing is updated
        window.folders.read_known()
    shown = [window.model.photo_id(row) for row in window.grid.visible_rows()]
    qtbot.waitUntil(lambda: all(previews(filled)[photo_id] for photo_id in shown), timeout=WAIT)


def test_photos_that_are_away_keep_theirs(qtbot, page, filled, photo_folder):
    before = previews(filled)
    photo_folder.rename(photo_folder.with_name("away"))
    page.clear.click()
    qtbot.waitUntil(lambda: page.answer.text().startswith("No previews were cleared"), timeout=WAIT)
    assert previews(filled) == before
    assert page.clear.isEnabled()


def test_what_stays_is_told(page):
    page.show_cleared(ClearReport(30, 310_400_000, 1))
    assert page.answer.text() == (
        "310.4 MB of previews were cleared. "
        "Those of 1 photo stay: these can't be reached now, or have changed."
    )


def test_a_library_in_use_is_a_sentence_and_nothing_is_lost(qtbot, page, filled, monkeypatch):
    before, library = previews(filled), filled._library.get()
    library.close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(library.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        page.clear.click()
        qtbot.waitUntil(lambda: "in use by another program" in page.answer.text(), timeout=WAIT)
        writer.execute("ROLLBACK")
    assert previews(filled) == before
    assert page.clear.isEnabled()


def test_clearing_ends_with_the_app(qtbot, page, filled):
    page.clear.click()
    assert filled.shutdown(5)
    with Library.open(filled.beside._library) as library:
        assert library.counts().photos == 12
