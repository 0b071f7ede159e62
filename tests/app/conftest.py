"""Real windows, real libraries, real photos; nothing of the user's own is touched."""

from __future__ import annotations

import colorsys
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

import engine
from app import absence
from app.application import Application
from app.late import Late
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.settings import Settings
from app.tasks import Tasks
from app.theme import Theme
from app.thumbnails import Thumbnails
from tests.app.quiet_desktop import QuietDesktop
from tests.packs import carry_bank


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, so that a window never reads the user's settings or library."""
    home = tmp_path / "home"
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that waits longer to hear of a folder: the tests' machines are slow at times."""
    monkeypatch.setattr(absence, "AT_ONCE", 10)


@pytest.fixture(scope="session", autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Nothing is left on the clipboard at the end: Qt's offscreen desktop would crash over it."""
    yield
    qapp.clipboard().clear()


def draw_photo(file: Path, number: int = 0, size: tuple[int, int] = (96, 72)) -> Path:
    """Write a small JPEG whose colours depend on its number."""
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(number * 0.13 % 1, 0.7, 0.9))
    image = Image.new("RGB", size, (red, green, blue))
    draw = ImageDraw.Draw(image)
    draw.ellipse((5 + number % 20, 8, 40 + number % 30, 50), fill=(blue, red, green))
    draw.text((50, 50), str(number), fill="white")
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(file, quality=90)
    return file


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    """A folder with twelve photos."""
    folder = tmp_path / "Winter"
    for number in range(12):
        draw_photo(folder / f"IMG_{number:02}.jpg", number)
    return folder


@pytest.fixture
def quiet_desktop(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QuietDesktop]:
    """A desktop whose dialogs are answered at once, and whose programs only note what they are given."""
    desktop = QuietDesktop()
    desktop.install(monkeypatch)
    yield desktop
    desktop.remove()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The look, applied to the test's application."""
    return Theme(qapp)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    """Worker threads, all of which must have ended with the test."""
    tasks = Tasks()
    yield tasks
    assert tasks.close(5)
    tasks.deleteLater()


@pytest.fixture
def grid(qtbot: QtBot, theme: Theme, tasks: Tasks, tmp_path: Path) -> Iterator[PhotoGrid]:
    """A grid of four columns over an empty library: its photos have no thumbnails."""
    library = engine.Library.open(tmp_path / "library.db")
    grid = PhotoGrid(Thumbnails(tasks, Late(lambda: library)), theme)
    grid.setModel(PhotoModel(grid))
    qtbot.addWidget(grid)
    grid.resize(830, 600)
    grid.show()
    qtbot.waitExposed(grid)
    yield grid
    assert tasks.close(5)
    library.close()


@pytest.fixture(scope="session")
def whole_pack(tiny_pack_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny pack that carries the composed descriptions: without, each window would encode them anew."""
    return carry_bank(shutil.copytree(tiny_pack_folder, tmp_path_factory.mktemp("whole") / "tiny"))


@pytest.fixture
def load(whole_pack: Path) -> Callable[[], engine.Models]:
    """How the app gets its models: real ones of a tiny pack."""
    return lambda: engine.load_models(whole_pack, device="cpu")


class ReaderHere(engine.Indexer):
    """Reads in this process: starting another one would take most of a test's time."""

    def close(self) -> None:
        """There is nothing to give back."""


@pytest.fixture
def make_reader(load: Callable[[], engine.Models]) -> Callable[..., ReaderHere]:
    """How the app gets what reads folders."""
    return lambda library, gentle: ReaderHere(library, load(), gentle=gentle)


@pytest.fixture
def build(
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    load: Callable[[], engine.Models],
    make_reader: Callable[..., ReaderHere],
) -> Iterator[Callable[[], Application]]:
    """Makes apps on one library and shows them; each must leave no thread behind."""
    built: list[Application] = []

    def make() -> Application:
        settings = Settings(tmp_path / "settings.ini")
        app = Application(
            qapp, library=tmp_path / "library.db", load=load, make_reader=make_reader, settings=settings
        )
        built.append(app)
        app.show()
        qtbot.waitExposed(app.window)
        return app

    yield make
    for app in built:
        if isValid(app.window):  # the test has not shut it down itself
            assert app.shutdown(10)


@pytest.fixture
def app(build: Callable[[], Application]) -> Application:
    """The app on an empty library."""
    return build()


@pytest.fixture
def filled(app: Application, photo_folder: Path, qtbot: QtBot) -> Application:
    """The app after it has read the twelve photos."""
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=20_000)
    with qtbot.waitSignal(app.indexing.finished, timeout=20_000):
        app.window.folders.add([photo_folder])
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 12, timeout=5_000)
    return app
