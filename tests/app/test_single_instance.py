"""A second start, with real processes."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalServer

import engine
from app.single_instance import SingleInstance

ROOT = Path(engine.__file__).parent.parent
WAIT = 60_000
START = (
    "import sys; from pathlib import Path; from PySide6.QtCore import QTimer;"
    "from PySide6.QtWidgets import QApplication; from app.application import run;"
    "qt = QApplication([]); QTimer.singleShot({after}, lambda: [w.close() for w in qt.topLevelWidgets()]);"
    "code = run(['sgraffito'], library=Path({library!r})); print('windows', len(qt.topLevelWidgets()));"
    "sys.exit(code)"
)


def start(library: Path, *, after: int = 20_000) -> subprocess.Popen[str]:
    """Start the app in a process of its own; its window closes by itself after some milliseconds."""
    code = START.format(after=after, library=str(library))
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def first(qapp, tmp_path):
    only = SingleInstance(tmp_path / "library.db")
    assert only.claim()
    yield only
    only.release()


def test_a_second_start_calls_the_first_window_and_opens_none(qtbot, first, tmp_path):
    with qtbot.waitSignal(first.called, timeout=WAIT):
        second = start(tmp_path / "library.db")
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=WAIT)
    assert second.communicate()[0].split() == ["windows", "0"]
    assert second.returncode == 0
    assert not (tmp_path / "library.db").exists()  # it did not even touch the library


def test_the_same_file_by_another_name_is_the_same_library(first, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert SingleInstance(Path("library.db")).name == first.name
    assert SingleInstance(tmp_path / "x" / ".." / "library.db").name == first.name
    assert SingleInstance(tmp_path / "other.db").name != first.name


def test_another_library_has_a_window_of_its_own(qtbot, first, tmp_path):
    other = SingleInstance(tmp_path / "other.db")
    with qtbot.assertNotEmitted(first.called, wait=50):
        assert other.claim()
    other.release()


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL, and no sockets that stay behind")
def test_what_a_killed_process_left_behind_is_no_hindrance(qapp, tmp_path):
    library = tmp_path / "library.db"
    code = (
        "import time; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from app.single_instance import SingleInstance; qt = QCoreApplication([]);"
        f"print(SingleInstance(Path({str(library)!r})).claim(), flush=True); time.sleep(60)"
    )
    killed = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert killed.stdout.readline() == "True\n"
    killed.kill()
    killed.communicate()
    only = SingleInstance(library)
    assert only.claim()
    assert only._server.isListening()
    only.release()


def test_a_process_that_hangs_is_not_waited_for_long(qapp, tmp_path):
    only = SingleInstance(tmp_path / "library.db")
    deaf = QLocalServer()  # takes the call, and never answers
    assert deaf.listen(only.name)
    began = time.monotonic()
    assert only.claim()
    assert time.monotonic() - began < 10
    only.release()
    deaf.close()


def test_after_the_release_the_next_start_has_a_window_of_its_own(first, tmp_path):
    first.release()
    next_one = SingleInstance(tmp_path / "library.db")
    assert next_one.claim()
    next_one.release()


def test_the_window_that_is_called_comes_forward(qtbot, app):
    app.window.showMinimized()
    app.come_forward()
    assert not app.window.windowState() & Qt.WindowState.WindowMinimized
    assert app.window.isVisible()
