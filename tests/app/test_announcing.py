"""What a screen reader says by itself: events that Qt hands to the system, noted on their way there."""

from __future__ import annotations

import pytest
from PySide6 import QtGui
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from app.announcing import announce
from app.spoken_answers import REST_MS
from tests.app.test_window import type_and_wait

WAIT = 20_000
NEW = pytest.mark.skipif(not hasattr(QtGui, "QAccessibleAnnouncementEvent"), reason="came with Qt 6.8")


@pytest.fixture
def events(monkeypatch):
    noted = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", noted.append)
    return noted


@pytest.fixture
def said(monkeypatch):
    """The texts that are announced; an announcement says it all, an alert only where to read."""
    noted = []

    def note(event) -> None:
        if event.type() in (QAccessible.Event.Announcement, QAccessible.Event.Alert):
            new = event.type() == QAccessible.Event.Announcement
            noted.append(event.message() if new else event.object().accessibleName())

    monkeypatch.setattr(QAccessible, "updateAccessibility", note)
    return noted


@NEW
def test_an_announcement_is_polite(qtbot, events):
    label = QLabel("3 files could not be read")
    qtbot.addWidget(label)
    announce(label, "3 files could not be read")
    (event,) = events
    assert event.message() == "3 files could not be read"
    assert event.politeness() == QAccessible.AnnouncementPoliteness.Polite
    assert event.object() is label


def test_an_older_qt_is_told_where_to_read(qtbot, events, monkeypatch):
    monkeypatch.delattr(QtGui, "QAccessibleAnnouncementEvent", raising=False)
    label = QLabel("3 files could not be read")
    qtbot.addWidget(label)
    announce(label, "3 files could not be read")
    (event,) = events
    assert event.type() == QAccessible.Event.Alert
    assert event.object() is label


@NEW
def test_messages_and_answers_are_said(qtbot, filled, said):
    window = filled.window
    window.message.say("The photo is gone.")
    window.status.show_note("3 files could not be read", "Show which")
    assert said == ["The photo is gone.", "3 files could not be read"]
    window.message.clear()
    window.status.show_note("")
    qtbot.wait(2 * REST_MS)
    said.clear()

    type_and_wait(qtbot, filled, "a red thing")
    heading = window.model.sections()[0].title
    qtbot.waitUntil(lambda: said == [heading], timeout=WAIT)
    assert window.grid.accessibleDescription() == heading
    window.navigator.repeat()  # nothing is other than it was
    qtbot.wait(2 * REST_MS)
    assert said == [heading]

    window.bar.ask("is:landscape")
    qtbot.waitUntil(lambda: said[1:] == ["12 photos"], timeout=WAIT)
    window.bar.ask("is:portrait")
    qtbot.waitUntil(lambda: said[2:] == ["No photo fits these filters."], timeout=WAIT)
    window.bar.clear()
    qtbot.waitUntil(lambda: said[3:] == ["12 photos"], timeout=WAIT)

    photo = window.model.photo(window.model.photo_id(0)) or filled._library.get().photo(1)
    window.navigator.look_alikes(photo)
    qtbot.waitUntil(lambda: said[4:] == [f"Look-alikes of {photo.path.name}, 11 photos"], timeout=WAIT)


@NEW
def test_photos_that_come_in_are_not_counted_aloud(qtbot, filled, said, photo_folder):
    qtbot.wait(2 * REST_MS)
    said.clear()
    (photo_folder / "IMG_00.jpg").rename(photo_folder.parent / "IMG_00.jpg")
    filled.window.folders.read_known()
    qtbot.waitUntil(lambda: filled.window.model.rowCount() == 11, timeout=WAIT)
    qtbot.wait(2 * REST_MS)
    assert said == []
