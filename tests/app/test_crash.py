import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget

import engine
from app.crash import CrashHook, start_log
from engine import FolderError

# At its first start it fails, and its user presses "Start again"; at the second it is closed.
PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from app.application import run
library, diary = Path(sys.argv[1]), Path(sys.argv[2])
first = not diary.exists()
with diary.open("a") as file:
    file.write("start ")
qt = QApplication([])
def press():
    boxes = [box for window in qt.topLevelWidgets() for box in window.findChildren(QMessageBox)]
    if not boxes:
        return QTimer.singleShot(50, press)
    next(b for b in boxes[0].buttons() if b.text() == "Start again").click()
def fail():
    QTimer.singleShot(50, press)
    raise ZeroDivisionError("ours")
QTimer.singleShot(500, fail if first else lambda: [w.close() for w in qt.topLevelWidgets()])
def end():  # the process may end by force after this, where the models are still loading
    with diary.open("a") as file:
        file.write("end ")
qt.aboutToQuit.connect(end)
run(sys.argv[:1], library)
"""


@pytest.fixture(autouse=True)
def quiet_log():
    """Leave no handler behind on the program's loggers."""
    logs = [logging.getLogger(name) for name in ("sgraffito", "engine")]
    before = [list(log.handlers) for log in logs]
    yield
    for log, kept in zip(logs, before, strict=True):
        for handler in set(log.handlers) - set(kept):
            handler.close()
            log.removeHandler(handler)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def hook(qtbot, tasks, tmp_path, said) -> CrashHook:
    window = QWidget()
    qtbot.addWidget(window)
    hook = CrashHook(tasks, start_log(tmp_path / "log"), window, said.append)
    hook.kept = window
    return hook


def test_a_bug_is_logged_with_its_traceback_and_shown_once(qtbot, hook, tmp_path):
    for _ in range(3):
        try:
            raise ZeroDivisionError("ours")
        except ZeroDivisionError as error:
            hook.caught(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: hook.box is not None)
    log = (tmp_path / "log" / "sgraffito.log").read_text("utf-8")
    assert log.count("ZeroDivisionError: ours") == 3
    assert "test_crash.py" in log
    assert "sgraffito.log" in hook.box.informativeText()
    assert "Traceback" not in hook.box.text() + hook.box.informativeText()
    qtbot.wait(20)
    assert len(hook.kept.findChildren(QMessageBox)) == 1
    hook.box.close()
    assert hook.box is None


def test_after_it_was_closed_the_next_bug_is_shown_again(qtbot, hook):
    for _ in range(2):
        hook.caught(ValueError, ValueError("x"), None)
        qtbot.waitUntil(lambda: hook.box is not None)
        hook.box.close()


def test_the_worlds_fault_is_a_sentence_not_a_crash(qtbot, hook, said):
    error = FolderError("This folder is gone.", path="/p")
    hook.caught(FolderError, error, None)
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["/p: This folder is gone."]
    assert hook.box is None


def test_a_bug_on_another_thread_is_shown_too(qtbot, hook):
    before = (sys.excepthook, threading.excepthook)
    hook.install()
    try:
        thread = threading.Thread(target=lambda: 1 // 0)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: hook.box is not None)
        hook.box.close()
    finally:
        hook.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_start_again_ends_the_program_and_starts_it_with_the_same_library(own_home, tmp_path):
    script, diary = tmp_path / "program.py", tmp_path / "diary"
    script.write_text(PROGRAM, "utf-8")
    root = Path(engine.__file__).parent.parent
    command = [sys.executable, str(script), str(tmp_path / "library.db"), str(diary)]
    ran = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(root)}, timeout=100, check=False)
    assert ran.returncode == 0
    deadline = time.monotonic() + 100
    while (
        diary.read_text("utf-8").split() != ["start", "end", "start", "end"] and time.monotonic() < deadline
    ):
        time.sleep(0.1)
    assert diary.read_text("utf-8").split() == ["start", "end", "start", "end"]
    assert engine.Library.open(tmp_path / "library.db").counts().photos == 0


def test_what_the_engine_logs_is_in_the_log_whatever_a_file_is_called(tmp_path, capsys):
    file = start_log(tmp_path / "log")
    logging.getLogger("engine.indexer.process").warning("the index process died; it was reading %s", "a")
    logging.getLogger("sgraffito").error("caf\udce9.jpg is odd")
    told = file.read_text("utf-8")
    assert "it was reading a" in told
    assert "caf\\udce9.jpg is odd" in told
    assert capsys.readouterr().err == ""


def test_a_disk_that_takes_no_log_stops_nothing(tmp_path):
    (tmp_path / "log").write_text("a file is in the way")
    assert start_log(tmp_path / "log").name == "sgraffito.log"
