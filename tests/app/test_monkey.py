"""Two thousand random deeds: nothing may fail, warn, be left behind, or touch a photo.

Another monkey: `SGRAFFITO_MONKEY=7 pytest tests/app/test_monkey.py`. When it finds
something, it prints its seed and what it did last.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

import engine
from tests.app.conftest import draw_photo
from tests.app.monkey import Monkey
from tests.app.quiet_desktop import StaysOpen

SEED = int(os.environ.get("SGRAFFITO_MONKEY", "2026"))
DEEDS = 2000


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(file): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty photos, in two folders, of several shapes."""
    for number in range(40):
        size = ((96, 72), (72, 96), (80, 80), (160, 60))[number % 4]
        draw_photo(
            tmp_path / "photos" / ("Winter", "Trips & more")[number % 2] / f"{number}.jpg", number, size
        )
    return tmp_path / "photos"


def test_two_thousand_random_deeds(qtbot, qtlog, build, photos, quiet_desktop, tmp_path):
    untouched, threads = state_of(photos), set(threading.enumerate())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    app = build()
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=20_000)
    app.window.folders.add([photos])
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 40, timeout=20_000)
    roots = app._library.get().roots()
    stays = StaysOpen(app.window)

    def change_the_look(choose) -> str:
        scheme = choose.choice(("system", "light", "dark"))
        app.theme.choose(scheme)
        return scheme

    def answer_dialogs_with(choose) -> str:
        quiet_desktop.folder = choose.choice((None, photos / "Winter", elsewhere, tmp_path / "gone"))
        return str(quiet_desktop.folder)

    monkey = Monkey(SEED, app.window, tmp_path / "monkey.txt", (change_the_look, answer_dialogs_with))
    with qtbot.capture_exceptions() as raised:
        monkey.play(DEEDS, lambda: bool(raised or _loud(qtlog)))
        qtbot.wait(50)
    told = [f"{kind.__name__}: {error}" for kind, error, _ in raised]
    wrong = told or _loud(qtlog)
    assert not wrong, f"{wrong}\n{monkey.report()}"

    app.window.removeEventFilter(stays)
    assert app.shutdown(10)
    assert set(threading.enumerate()) <= threads
    now = state_of(photos)
    assert untouched.items() <= now.items()
    with sqlite3.connect(tmp_path / "library.db") as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
    file.close()
    with engine.Library.open(tmp_path / "library.db") as library:
        assert library.counts().photos <= len(now) + len(list(elsewhere.iterdir()))  # copies may be read, too
        stayed = {root.id for root in roots} <= {root.id for root in library.roots()}
    # A folder that the monkey has taken out of the library takes copies of photos like any other.
    assert now == untouched or not stayed
    assert {content for content, _ in now.values()} == {content for content, _ in untouched.values()}


def _loud(qtlog) -> list[str]:
    """Return what Qt has complained about."""
    return [record.message for record in qtlog.records if not record.ignored]
