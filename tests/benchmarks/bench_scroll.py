"""Scrolling through 100,000 photos against a plain list of as many icons.

Run with `python -m tests.benchmarks.bench_scroll [LIBRARY]` (offscreen; the library file is
made where there is none, a gigabyte and half a minute, and kept only where it is named).
A frame is one step of scrolling, the painting, and whatever arrived meanwhile; sixty of them
a second are 16.7 ms each. The reference is Qt's own list view in icon mode, in batches, over
the same number of items with one icon each, scrolled by the same steps.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, QSize, QStringListModel, Qt
from PySide6.QtGui import QIcon, QPixmap, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView

from app.application import Application
from app.settings import Settings
from engine import Models
from tests.benchmarks.many_photos import fill

PHOTOS = 100_000
SIZE = QSize(1280, 820)
STEPS = 400
PAGES = 120


class Icons(QStringListModel):
    """As many names as there are photos, with one icon for all."""

    def __init__(self) -> None:
        super().__init__([f"IMG_{number:06}" for number in range(PHOTOS)])
        pixmap = QPixmap(184, 138)
        pixmap.fill(Qt.GlobalColor.darkGreen)
        self._icon = QIcon(pixmap)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return self._icon if role == Qt.ItemDataRole.DecorationRole else super().data(index, role)


def wait(qt: QApplication, until: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not until():
        qt.processEvents()
        time.sleep(0.002)
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there in time")


def wheel(view: QAbstractItemView, notches: int) -> None:
    place = QPointF(view.viewport().rect().center())
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def jump(view: QAbstractItemView, at: int) -> None:
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() * (at * 37 % PAGES) // PAGES)


def frames(qt: QApplication, view: QAbstractItemView, act: Callable[[int], None], count: int) -> list[float]:
    """Return the seconds of each frame; between frames, workers get the rest of a sixtieth of a second."""
    taken = []
    for at in range(count):
        start = time.perf_counter()
        act(at)
        view.viewport().update()
        qt.processEvents()
        taken.append(time.perf_counter() - start)
        time.sleep(max(0.0, 1 / 60 - taken[-1]))
    return taken


def line(name: str, taken: list[float], reference: list[float] | None = None) -> str:
    ordered = sorted(taken)
    figures = [statistics.median(ordered), ordered[int(len(ordered) * 0.99)], ordered[-1]]
    text = " / ".join(f"{1000 * figure:.1f}" for figure in figures)
    ratio = f", {figures[0] / statistics.median(reference):.2f} of the reference" if reference else ""
    return f"{name}: {text} ms (median / 99 % / worst){ratio}"


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def no_models() -> Models:
    raise SystemExit("scrolling needs no models")


def reference(qt: QApplication) -> tuple[list[float], list[float]]:
    view = QListView()
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setLayoutMode(QListView.LayoutMode.Batched)
    view.setUniformItemSizes(True)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setIconSize(QSize(184, 138))
    view.setGridSize(QSize(192, 160))
    view.setModel(Icons())
    view.resize(SIZE)
    view.show()
    wait(qt, lambda: view.verticalScrollBar().maximum() > 1000)
    bar, before = view.verticalScrollBar(), -1
    while bar.maximum() != before:
        before = bar.maximum()
        qt.processEvents()
        time.sleep(0.2)
    steps = frames(qt, view, lambda _: wheel(view, 1), STEPS)
    return steps, frames(qt, view, lambda at: jump(view, at), PAGES)


def measure(qt: QApplication, place: Path, file: Path) -> None:
    steps, jumps = reference(qt)
    print(line("plain QListView, wheel", steps))
    print(line("plain QListView, jumps", jumps))
    base = megabytes()
    app = Application(qt, library=file, load=no_models, settings=Settings(place / "settings.ini"))
    window, grid = app.window, app.window.grid
    window.resize(SIZE)
    app.session.warm_up = lambda: None  # the models are loaded beside this and would be measured, too
    start = time.perf_counter()
    app.show()
    longest, last = 0.0, time.perf_counter()
    while window.model.rowCount() < PHOTOS:
        qt.processEvents()
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        time.sleep(0.001)
        last = time.perf_counter()
    print(f"shown after {time.perf_counter() - start:.2f} s, longest stall {1000 * longest:.0f} ms")
    wait(qt, lambda: not app.indexing.running)
    taken = frames(qt, grid, lambda _: wheel(grid, 1), STEPS)
    print(line("photo grid, wheel", taken, steps))
    taken = frames(qt, grid, lambda _: wheel(grid, 12), STEPS)
    print(line("photo grid, wheel spun fast", taken, steps))
    taken = frames(qt, grid, lambda at: jump(grid, at), PAGES)
    print(line("photo grid, jumps", taken, jumps))
    for width in (96, 480):
        start = time.perf_counter()
        grid.set_cell_width(width)
        qt.processEvents()
        print(f"cells of {width} pixels after {1000 * (time.perf_counter() - start):.1f} ms")
        taken = frames(qt, grid, lambda _: wheel(grid, 1), STEPS)
        print(line(f"photo grid, cells of {width} pixels, wheel", taken, steps))
    for order in ("oldest", "name", "newest"):
        first = window.model.photo_id(0)
        window.sorting.choose(order)
        longest, last = 0.0, time.perf_counter()
        while window.model.photo_id(0) == first:
            qt.processEvents()
            longest = max(longest, time.perf_counter() - last)
            time.sleep(0.001)
            last = time.perf_counter()
        print(f"order {order}: longest stall {1000 * longest:.0f} ms")
    print(f"peak memory {megabytes()} MB, of it {base} MB before the window was there")
    print(f"{grid._thumbnails.used / 2**20:.0f} MB of pixmaps are kept")
    app.shutdown()


def main() -> None:
    """Make the library where it is not there, and measure."""
    qt = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        file = Path(sys.argv[1]) if len(sys.argv) > 1 else place / "library.db"
        if not file.exists():
            fill(file, file.with_suffix(""), PHOTOS)
        measure(qt, place, file)


if __name__ == "__main__":
    main()
