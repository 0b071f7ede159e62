"""Whether the window answers while photos are read: `python -m tests.benchmarks.bench_stalls [FOLDER]`.

The real window reads 10,000 photos (drawn ones, or FOLDER's, copied as often as needed) while
a script types, scrolls, and opens menus and panels. A watchdog counts every while of more
than 50 ms in which the window did not answer, and says where it was. The reference is the
same session in the same run once everything is read. Run it under a display (or Xvfb).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

import engine
from app.application import Application, leave_in_peace_what_stays
from app.settings import Settings
from engine.image import SUFFIXES
from tests.benchmarks.watchdog import STALL, Neighbour, Stall, Watchdog, of_the_machine

CAPTIONS = ("two dogs on a beach", "a red car", "children in the snow", "a man on a bicycle at night")
SIDE = 640
DRAWN = 500
SHOWN = 5


def fill(folder: Path, source: Path | None, count: int) -> None:
    """Put so many photos, no two of the same bytes, into a folder."""
    originals = sorted(p for p in source.rglob("*") if p.suffix.lower() in SUFFIXES) if source else []
    if not originals:
        originals = [draw(folder / f"drawn{number}.jpg", number) for number in range(min(DRAWN, count))]
        count -= len(originals)
    for number in range(count):
        original = originals[number % len(originals)]
        place = folder / f"{number // 1000:03}" / f"{number:06}{original.suffix}"
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(original, place)
        with place.open("ab") as file:  # after the picture's end, where no reader looks
            file.write(f"copy {number}".encode())


def draw(file: Path, number: int) -> Path:
    """Draw a photo: coarse noise of its own."""
    noise = Image.effect_noise((16, 12), 90 + number % 60).convert("RGB")
    tint = Image.new("RGB", noise.size, (number * 37 % 256, number * 91 % 256, number * 53 % 256))
    Image.blend(noise, tint, 0.5).resize((SIDE, SIDE * 3 // 4), Image.Resampling.BICUBIC).save(file)
    return file


class Evening:
    """What a user does, one small thing after the other, each followed by a pause in milliseconds."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._window = app.window
        self._steps = self._forever()
        self._timer = QTimer(singleShot=True)
        self._timer.timeout.connect(self._next)
        self.rounds = 0
        self.doing = Counter[str]()

    def run(self, until: Callable[[], bool]) -> None:
        """Go on until it is time to stop, in whole rounds."""
        loop, self._until = QEventLoop(), until
        self._stopped = loop.quit
        self._timer.start(0)
        loop.exec()

    def _next(self) -> None:
        pause = next(self._steps)
        if pause is None:
            self._stopped()
        else:
            self._timer.start(pause)

    def _forever(self) -> Iterator[int | None]:
        while True:
            for caption in CAPTIONS:
                yield from self._search(caption)
                yield from self._scroll(8)
                yield from self._ask_about()
                yield from self._look()
                yield from self._menus()
            self.rounds += 1
            while self._until():
                yield None
            yield 10

    def _search(self, caption: str) -> Iterator[int]:
        window = self._window
        window.bar.focus()
        for letter in caption:
            QTest.keyClick(window.bar.field, letter)
            yield 70
        yield 900
        window.model.show_weaker(True)
        yield 200

    def _scroll(self, turns: int) -> Iterator[int]:
        for direction in (-1, 1):
            for _ in range(turns):
                turn(self._window.grid.viewport(), 240 * direction)
                yield 40
        for key in (Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
            QTest.keyClick(self._window.grid, key)
            yield 200

    def _ask_about(self) -> Iterator[int]:
        window = self._window
        if not window.model.rowCount():
            return
        window.grid.enter()
        QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        yield 800
        QTest.keyClick(window.grid, Qt.Key.Key_Right)
        yield 600
        QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
        yield 400
        QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        yield 200
        if (photo := window.model.photo(window.model.photo_id(0))) is not None:
            window.navigator.describe(photo)
            yield 1200
            window.navigator.back()
            yield 400

    def _look(self) -> Iterator[int]:
        window = self._window
        window.grid.enter()
        window.viewing.open_selected()
        yield 400
        for _ in range(3):
            window.viewing.step(1)
            yield 250
        window.viewing.close()
        yield 100
        window.bar.clear()
        yield 400

    def _menus(self) -> Iterator[int]:
        window = self._window
        if window.model.rowCount():
            menu = window.photos.menu(window.model.photo_id(0))
            menu.popup(window.mapToGlobal(QPoint(300, 300)))
            yield 200
            menu.close()
        window.menu.popup(window.mapToGlobal(QPoint(900, 60)))
        yield 200
        window.menu.close()
        window.refining.filters.open(window.mapToGlobal(QPoint(300, 90)))
        yield 200
        window.refining.filters.close()
        self._app.beside.show_settings()
        yield 400
        self._app.beside.settings.close()
        yield 100
        yield from self._scroll(20)


def turn(widget: QWidget, steps: int) -> None:
    """Turn the mouse's wheel over a widget."""
    middle = QPointF(widget.rect().center())
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(), QPoint(0, steps), none,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def wait(until: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    while not until():
        QTest.qWait(20)


def watch(title: str, evening: Evening, until: Callable[[], bool]) -> None:
    """Spend an evening under the watchdog's eyes, and print what it saw."""
    dog, neighbour, rounds = Watchdog(), Neighbour(), evening.rounds
    with dog.watching():
        evening.run(until)
    gaps = neighbour.gaps()
    stalls = sorted(dog.stalls, key=lambda stall: -stall.seconds)
    ours = [stall for stall in stalls if not of_the_machine(stall, gaps)]
    responsive = 1 - sum(stall.seconds for stall in ours) / dog.watched
    print(f"\n{title}: {dog.watched:.0f} s, {evening.rounds - rounds} rounds")
    print(f"  {len(ours)} stalls over {1000 * STALL:.0f} ms, {100 * responsive:.2f} % of the time responsive")
    print(f"  and {len(stalls) - len(ours)} in which the machine itself was busy")
    show(ours)


def show(stalls: Sequence[Stall]) -> None:
    """Print the worst stalls, those from the same place once."""
    seen = Counter(stall.stack for stall in stalls)
    for stall in sorted(
        {stall.stack: stall for stall in reversed(stalls)}.values(), key=lambda s: -s.seconds
    )[:SHOWN]:
        print(
            f"  --- {1000 * stall.seconds:.0f} ms (worked {1000 * stall.working:.0f}, no core "
            f"{1000 * stall.queued:.0f}, waited {1000 * stall.waiting:.0f}), {seen[stall.stack]} times here"
        )
        print("".join(f"  {line}\n" for line in stall.stack.splitlines()[-6:]))
        print("".join(f"      meanwhile {line}\n" for line in stall.workers))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="photos to copy instead of drawn ones")
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--pack", type=Path, help="a model pack (default: the bundled one)")
    parser.add_argument("--seconds", type=float, default=120, help="how long the reference lasts at least")
    options = parser.parse_args()
    qt = QApplication([])
    qt.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory() as name:
        place, photos = Path(name), Path(name) / "photos"
        photos.mkdir()
        fill(photos, options.folder, options.photos)
        app = Application(
            qt,
            library=place / "library.db",
            load=engine.ModelLoader(options.pack),
            settings=Settings(place / "settings.ini"),
        )
        leave_in_peace_what_stays(app)
        app.window.resize(1280, 820)
        app.show()
        wait(lambda: app.session.is_ready)
        app.window.folders.add([photos])
        wait(lambda: app.window.model.rowCount() > 0)
        evening, started = Evening(app), time.monotonic()
        watch("While photos are read", evening, lambda: not app.indexing.running)
        read = app.window.folders.counts
        print(f"  {read.photos if read else 0} photos, read in {time.monotonic() - started:.0f} s")
        ends = time.monotonic() + options.seconds
        watch("Reference: the same without reading", evening, lambda: time.monotonic() > ends)
        sys.exit(0 if app.shutdown() else "a worker did not end in time")


if __name__ == "__main__":
    main()
