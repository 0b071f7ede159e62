"""Selections of nearly all of 100,000 photos: other orders, and a rubber band over all lines.

Run with `python -m tests.benchmarks.bench_selecting` (offscreen, half a minute).
The reference is Qt's own list view in icon mode over a list of as many names. It sorts them
the other way round with the same rows selected; and it follows the same rubber band, which
is moved below the last lines: by a few pixels, then by one more column or one less. While
either lasts the window stands still, so 50 ms are the limit to aim at.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView

from app.late import Late
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.tasks import Tasks
from app.theme import Theme
from app.thumbnails import Thumbnails
from engine import Library
from tests.benchmarks.bench_scroll import PHOTOS, SIZE, Icons, wait

LEFT_OUT = (3, 5_000, 70_000)  # which are not selected
TIMES = 6
MOVES = 8
BAND = (900, 894, 700, 694)  # how far right the mouse is, move by move


def icon_view(qt: QApplication) -> QListView:
    """Return Qt's own list view of as many icons, with cells of the grid's size and gaps between them."""
    view = QListView()
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setMovement(QListView.Movement.Static)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setUniformItemSizes(True)
    view.setIconSize(QSize(184, 138))
    view.setGridSize(QSize(200, 160))
    view.setModel(Icons())
    view.resize(SIZE)
    view.show()
    wait(
        qt, lambda: view.verticalScrollBar().maximum() > PHOTOS // (SIZE.width() // 200) * 160 - SIZE.height()
    )
    return view


def select_nearly_all(view: QAbstractItemView) -> None:
    flags, rows, model = QItemSelectionModel.SelectionFlag, view.selectionModel(), view.model()
    rows.select(QItemSelection(model.index(0, 0), model.index(PHOTOS - 1, 0)), flags.ClearAndSelect)
    for row in LEFT_OUT:
        rows.select(model.index(row, 0), flags.Toggle)


def seconds(qt: QApplication, act: Callable[[], None]) -> float:
    """Return how long something keeps the window, the painting included."""
    qt.processEvents()
    start = time.perf_counter()
    act()
    qt.processEvents()
    return time.perf_counter() - start


def reorderings(qt: QApplication, view: QAbstractItemView, turn: Callable[[bool], None]) -> list[float]:
    taken = []
    for at in range(TIMES):
        select_nearly_all(view)
        taken.append(seconds(qt, lambda at=at: turn(bool(at % 2))))
    return taken


def band(qt: QApplication, view: QAbstractItemView) -> list[float]:
    """Pull a rubber band from the top over all lines, and move it there."""
    view.clearSelection()
    port, bar, none = view.viewport(), view.verticalScrollBar(), Qt.KeyboardModifier.NoModifier
    bar.setValue(0)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, none, QPoint(2, 2))
    QTest.mouseMove(port, QPoint(BAND[0], 100))
    bar.setValue(bar.maximum())
    places = [QPoint(BAND[at % len(BAND)], port.height() - 100 - 40 * (at % 3)) for at in range(MOVES)]
    taken = [seconds(qt, lambda place=place: QTest.mouseMove(port, place)) for place in places]
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, none, places[-1])
    return taken


def line(name: str, taken: list[float], reference: list[float] | None = None) -> str:
    middle = statistics.median(taken)
    ratio = f", {middle / statistics.median(reference):.2f} of the reference" if reference else ""
    return f"{name}: {1000 * middle:.0f} ms, worst {1000 * max(taken):.0f} ms{ratio}"


def measure(qt: QApplication, place: Path) -> None:
    plain = icon_view(qt)
    directions = (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder)
    reference = reorderings(qt, plain, lambda back: plain.model().sort(0, directions[back]))
    print(line("plain QListView, sorted the other way", reference))
    reference_band = band(qt, plain)
    print(line("plain QListView, rubber band", reference_band))
    plain.close()
    tasks = Tasks()
    with Library.open(place / "library.db") as library:
        grid, model = PhotoGrid(Thumbnails(tasks, Late(lambda: library)), Theme(qt)), PhotoModel()
        grid.setModel(model)
        grid.resize(SIZE)
        grid.show()
        ids = list(range(PHOTOS))
        orders = (ids[::-1], ids)
        model.show_library(ids)
        none = [seconds(qt, lambda at=at: model.show_library(orders[at % 2])) for at in range(TIMES)]
        print(line("photo grid, nothing selected, the other way", none))
        taken = reorderings(qt, grid, lambda back: model.show_library(orders[back]))
        print(line("photo grid, the other way", taken, reference))
        print(line("photo grid, rubber band", band(qt, grid), reference_band))
        grid.close()
        tasks.close()


def main() -> None:
    """Measure."""
    qt = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        measure(qt, Path(folder))


if __name__ == "__main__":
    main()
