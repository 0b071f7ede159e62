"""The program as its own process: a session, closing and dying while it reads, and real keys on X11."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

import engine
from tests.album import draw
from tests.app.conftest import draw_photo
from tests.e2e import drop_target
from tests.e2e.remote import ROOT, Remote
from tests.e2e.test_window_session import state_of

pytestmark = pytest.mark.slow

MANY = 240  # more photos than are read while a window is closed
SOON = 2.0
LETTER = (1150, 650, 240)  # left, top and side of another program's window
STEPS = 20  # of a hand that pulls something over the screen


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def start(library: Path, home: Path) -> Iterator[Callable[..., Remote]]:
    """Starts the program on the library, as often as one likes."""
    started: list[Remote] = []

    def begin(**options: str) -> Remote:
        started.append(Remote(library, home, **options))
        return started[-1]

    yield begin
    for remote in started:
        remote.kill()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder that takes a while to read."""
    for number in range(MANY):
        draw(tmp_path / "many" / f"{number}.jpg", number)
    return tmp_path / "many"


def assert_intact(library: Path) -> None:
    with closing(sqlite3.connect(library)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def photos_in(library: Path) -> int:
    with engine.Library.open(library) as opened:
        return opened.counts().photos


def errors(home: Path) -> str:
    return "".join(log.read_text() for log in home.rglob("sgraffito.log"))


def test_an_evening_and_the_next_start(start, home, photo_folder, tmp_path):
    untouched = state_of(photo_folder)
    remote = start()
    remote.do("add", str(photo_folder))
    remote.until(reading=False, photos=12, shown=12)

    # Search, refine, and see why.
    remote.do("press", "Ctrl+F")
    remote.do("type", "a red circle")
    remote.do("press", "Return")
    remote.until(searched="a red circle")
    remote.do("type", " is:landscape")
    remote.do("press", "Return")
    assert remote.until(searched="a red circle is:landscape")["shown"]
    remote.do("press", "Down")
    remote.do("press", "Home")
    favourite = remote.until(focus="PhotoGrid")["selected"]
    assert favourite is not None
    remote.do("press", "Ctrl+Y")
    remote.until(words=3)
    remote.do("press", "Esc")

    # A copy of it in another folder.
    copies = tmp_path / "copies"
    copies.mkdir()
    remote.do("answer", str(copies))
    remote.do("press", "Ctrl+Shift+E")
    while not (copied := list(copies.glob("*.jpg"))) or not remote.do("look")["message"]:
        time.sleep(0.05)
    assert copied[0].read_bytes() == (photo_folder / copied[0].name).read_bytes()

    # How it would be described, and a favourite.
    remote.do("menu", "Find similar descriptions")
    assert remote.until(question="DescribedAlike")["descriptions"]
    remote.do("press", "Alt+Left")
    remote.until(question="Caption", selected=favourite)
    remote.do("press", "Ctrl+B")
    remote.until(favourites=[favourite])
    remote.close()

    # The next start.
    again = start()
    again.until(photos=12, shown=12, favourites=[favourite], reading=False)
    again.do("press", "Up")
    assert again.do("look")["text"] == "a red circle is:landscape"
    again.close()
    assert state_of(photo_folder) == untouched
    assert errors(home) == ""


def test_closing_while_reading_is_soon_done_and_goes_on_next_time(start, library, home, many):
    remote = start()
    remote.do("add", str(many))
    while not 0 < remote.do("look")["photos"] < MANY:
        time.sleep(0.02)
    took = remote.close()
    print(f"closed in {took:.2f} s (in ordinary conditions within {SOON:.0f} s)")
    read = photos_in(library)
    assert 0 < read < MANY  # it ended before it could have read the rest
    assert_intact(library)

    again = start()  # nothing is said to it: it goes on by itself
    again.until(photos=MANY, reading=False)
    again.close()
    assert errors(home) == ""


def test_a_library_survives_the_death_of_its_process(start, library, home, many):
    for _ in range(2):
        remote = start()
        remote.do("add", str(many))
        before = photos_in(library)
        while remote.do("look")["photos"] <= before:
            time.sleep(0.02)
        remote.kill()
        assert_intact(library)
        assert photos_in(library) > before
    last = start()
    last.until(photos=MANY, reading=False)
    last.close()
    assert errors(home) == ""


# With a display and another program's keys ------------------------------------------------------


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A screen that nobody sees."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        name = f":{server.stdout.readline().strip()}"
        monkeypatch.setenv("DISPLAY", name)
        yield name
        server.terminate()


class Hands:
    """Another program's keys, sent through the X server, which has no window manager here."""

    def turn_to(self, title: str) -> None:
        """Give a window the focus, as a window manager would."""
        self._xdotool("search", "--sync", "--onlyvisible", "--name", f"^{title}$", "windowfocus", "--sync")

    def press(self, *keys: str) -> None:
        for key in keys:
            self._xdotool("key", "--clearmodifiers", key)

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", "30", text)

    def drag(self, start: Sequence[int], end: Sequence[int]) -> None:
        """Pull from one place on the screen to another, as slowly as a hand, and let go."""
        self._xdotool("mousemove", *map(str, start))
        self._xdotool("mousedown", "1")
        for step in range(1, STEPS + 1):
            way = (round(a + (b - a) * step / STEPS) for a, b in zip(start, end, strict=True))
            self._xdotool("mousemove", *map(str, way), "sleep", "0.05")
        self._xdotool("mouseup", "1")

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, timeout=60, stdout=subprocess.DEVNULL)


def test_keys_of_the_x_server(display, start, library, home, tmp_path):
    for number in range(12):
        draw_photo(tmp_path / "Winter" / f"IMG_{number:02}.jpg", number)
    remote = start(platform="xcb")
    remote.until(photos=0)
    hands = Hands()
    hands.turn_to("Sgraffito")
    hands.press("ctrl+o")  # Qt's own dialog, for there is no desktop here
    hands.turn_to("Add a folder of photos")
    hands.type(str(tmp_path / "Winter"))
    hands.press("Return")
    remote.until(photos=12, shown=12, reading=False)
    hands.turn_to("Sgraffito")
    hands.press("ctrl+f")
    hands.type("a blue circle")
    hands.press("Return")
    remote.until(searched="a blue circle")
    hands.press("Down", "Right")
    chosen = remote.until(focus="PhotoGrid")["selected"]
    hands.press("Menu")
    remote.until(popup="QMenu", selected=chosen)
    hands.press("Escape")
    hands.press("ctrl+b")
    remote.until(favourites=[chosen])
    hands.press("ctrl+q")
    assert remote.process.wait(60) == 0
    assert errors(home) == ""
    assert_intact(library)


@pytest.fixture
def letter(display: str) -> Iterator[subprocess.Popen[str]]:
    """Another program with a window in the lower right corner of the screen, and what it says."""
    place = [str(number) for number in LETTER]
    command = [sys.executable, "-m", "tests.e2e.drop_target", *place]
    environment = dict(os.environ, QT_QPA_PLATFORM="xcb")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


def test_photos_are_dragged_into_another_program(display, start, home, photo_folder, letter):
    untouched = state_of(photo_folder)
    remote = start(platform="xcb")
    remote.do("add", str(photo_folder))
    remote.until(reading=False, photos=12, shown=12)
    hands = Hands()
    hands.turn_to("Sgraffito")
    hands.press("ctrl+f", "Down", "Home", "shift+Right")
    chosen = remote.until(focus="PhotoGrid", chosen=2)
    hands.turn_to(drop_target.TITLE)
    left, top, side = LETTER
    hands.drag(chosen["spot"], (left + side // 2, top + side // 2))
    dropped = json.loads(letter.stdout.readline())
    assert dropped["action"] == "CopyAction"
    assert len(dropped["files"]) == 2
    assert all(Path(file).parent == photo_folder for file in dropped["files"])
    assert remote.do("look")["chosen"] == 2  # what was dragged stays selected
    remote.close()
    assert state_of(photo_folder) == untouched
    assert errors(home) == ""
