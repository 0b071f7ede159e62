import gc
import multiprocessing
import subprocess
import sys
import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

import engine
from app.application import Application, leave_in_peace_what_stays
from app.questions import Caption
from app.settings import Settings
from tests.app.conftest import draw_photo

WAIT = 20_000


def test_the_window_needs_nothing_heavy():
    code = (
        "import sys, app.application as a; from PySide6.QtWidgets import QApplication;"
        "qt = QApplication([]); w = a.Application(qt).window; w.show(); qt.processEvents();"
        "print([n for n in ('torch', 'sqlalchemy', 'open_clip', 'PIL', 'timm') if n in sys.modules])"
    )
    root = Path(engine.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_run_returns_when_the_window_is_closed(own_home, tmp_path):
    code = (
        "from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication;"
        "from pathlib import Path; from app.application import run;"
        "qt = QApplication([]);"
        "QTimer.singleShot(300, lambda: [w.close() for w in qt.topLevelWidgets()]);"
        f"raise SystemExit(run(['sgraffito'], library=Path({str(tmp_path / 'l.db')!r})))"
    )
    root = Path(engine.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60)
    complaints = [line for line in done.stderr.splitlines() if "does not support" not in line]
    assert (done.returncode, complaints) == (0, [])


def test_closing_while_photos_are_read_stops_cleanly_and_the_next_start_goes_on(
    qtbot, build, photo_folder, load
):
    for number in range(60):
        draw_photo(photo_folder / f"more_{number}.jpg", number, (900, 700))
    app = build()
    app.window.folders.add([photo_folder])
    qtbot.waitUntil(
        lambda: app.indexing.progress() is not None and app.indexing.progress().done > 0, timeout=WAIT
    )
    app.window.close()
    assert app.shutdown(2.0)
    assert not [
        thread.name for thread in threading.enumerate() if thread.name.startswith(("index", "decode"))
    ]

    again = build()
    qtbot.waitUntil(lambda: again.window.model.rowCount() == 72, timeout=60_000)


def test_photos_are_read_in_a_process_of_its_own_which_is_replaced_when_it_dies(
    qtbot, qapp, tmp_path, photo_folder, tiny_pack_folder
):
    for number in range(80):
        draw_photo(photo_folder / f"more_{number}.jpg", number, (640, 480))
    app = Application(
        qapp,
        library=tmp_path / "library.db",
        load=engine.ModelLoader(tiny_pack_folder, "cpu"),
        settings=Settings(tmp_path / "settings.ini"),
    )
    app.show()
    app.window.folders.add([photo_folder])
    qtbot.waitUntil(lambda: app.window.model.rowCount() > 0, timeout=60_000)
    (process,) = multiprocessing.active_children()
    process.kill()
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 92, timeout=60_000)
    qtbot.waitUntil(lambda: multiprocessing.active_children() == [], timeout=WAIT)
    assert not app.window.message.isVisible()
    assert app.shutdown(10)


def test_what_is_loaded_with_the_models_is_not_looked_through_again(qtbot, build):
    app = build()
    leave_in_peace_what_stays(app)
    before = gc.get_freeze_count()
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=WAIT)
    try:
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()


def test_everything_is_still_there_after_a_restart(qtbot, build, photo_folder):
    app = build()
    app.window.folders.add([photo_folder])
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 12, timeout=WAIT)
    app.window.resize(777, 555)
    assert app.shutdown(10)
    again = build()
    qtbot.waitUntil(lambda: again.window.model.rowCount() == 12, timeout=WAIT)
    assert (again.window.width(), again.window.height()) == (777, 555)


def test_a_damaged_library_is_left_alone_and_can_be_tried_again(qtbot, build, tmp_path):
    (tmp_path / "library.db").write_bytes(b"this is no database at all " * 100)
    before = (tmp_path / "library.db").read_bytes()
    app = build()
    qtbot.waitUntil(lambda: "library.db" in app.window.empty.text, timeout=WAIT)
    assert app.window.empty.isVisible()
    assert (tmp_path / "library.db").read_bytes() == before
    (tmp_path / "library.db").rename(tmp_path / "damaged.db")
    app.window.empty.findChild(QPushButton).click()  # Try again
    qtbot.waitUntil(lambda: app.window.empty.text.startswith("Add a folder"), timeout=WAIT)


def test_a_missing_model_pack_leaves_the_photos_to_look_at(qtbot, qapp, tmp_path, filled):
    library = filled._library.get().path
    assert filled.shutdown(10)
    app = Application(
        qapp,
        library=library,
        load=engine.ModelLoader(tmp_path / "no-pack"),
        settings=Settings(tmp_path / "settings.ini"),
    )
    app.show()
    qtbot.waitUntil(lambda: "no-pack" in app.window.message.text, timeout=WAIT)
    qtbot.waitUntil(lambda: app.window.model.rowCount() == 12, timeout=WAIT)
    app.session.ask(Caption("a dog"))
    qtbot.waitUntil(lambda: "no-pack" in app.window.message.text, timeout=WAIT)
    assert app.window.grid.isVisible()
    again = next(b for b in app.window.message.findChildren(QPushButton) if b.text() == "Try again")
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert app.window.message.text == ""
    qtbot.waitUntil(lambda: "no-pack" in app.window.message.text, timeout=WAIT)
    assert app.shutdown(10)
