"""The real program in a process of its own, told through a pipe what its user does.

`python -m tests.e2e.remote ARGUMENTS…` runs `main.py ARGUMENTS…` and carries out a line of its
standard input at a time; each is answered by one line of JSON. `Remote` is the other end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120  # for anything: loading the models from a cold disk beside four other tests


class Remote:
    """A running program.

    Attributes:
        process: Its process.
    """

    def __init__(self, library: Path, home: Path, *, platform: str = "offscreen") -> None:
        """Start it.

        Args:
            library: The library file.
            home: Where everything else goes that it writes.
            platform: Qt's platform; "xcb" for a display.
        """
        environment = dict(os.environ, HOME=str(home), QT_QPA_PLATFORM=platform, OMP_NUM_THREADS="1")
        for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            environment[name] = str(home)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.remote", "app", "--library", str(library)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, deed: str, *words: str) -> dict[str, object]:
        """Have something done, and return the program's state after it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([deed, *words]), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, f"the program has ended, with {self.process.wait()}"
        return json.loads(line)

    def until(self, **wanted: object) -> dict[str, object]:
        """Wait until its state is so."""
        end = time.monotonic() + SECONDS
        while True:
            state = self.do("look")
            if all(state[name] == value for name, value in wanted.items()):
                return state
            assert time.monotonic() < end, f"wanted {wanted}, it stays {state}"
            time.sleep(0.05)

    def close(self) -> float:
        """Close the window, and return how many seconds the process took to end."""
        started = time.monotonic()
        self.do("close")
        assert self.process.wait(SECONDS) == 0
        return time.monotonic() - started

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate()


def run(arguments: list[str]) -> int:
    """Run the program, and do what is read from standard input."""
    from PySide6.QtCore import QObject, Qt, Signal
    from PySide6.QtGui import QKeySequence
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QFileDialog

    import main
    from app.questions import Answer, Caption
    from app.window import Window

    qt = QApplication(arguments[:1])

    def window() -> Window | None:
        return next((w for w in qt.topLevelWidgets() if isinstance(w, Window)), None)

    def press(keys: str) -> None:
        combination = QKeySequence(keys)[0]
        target = QApplication.activePopupWidget() or QApplication.activeWindow() or window()
        assert target is not None
        QTest.keyClick(target.windowHandle(), combination.key(), combination.keyboardModifiers())

    def act(found: Window, deed: str, *words: str) -> None:
        match deed:
            case "look":
                pass
            case "press":
                press(*words)
            case "type":
                QTest.keyClicks(QApplication.focusWidget(), *words)
            case "add":
                found.folders.add([Path(word) for word in words])
            case "menu":
                menu = found.photos.menu(found.grid.selected_id(), searched=True)
                next(action for action in menu.actions() if action.text() == words[0]).trigger()
                menu.close()
            case "answer":  # what the system's own dialog for folders will say
                QFileDialog.exec = lambda _: True  # type: ignore[method-assign]
                QFileDialog.selectedFiles = lambda _: list(words)  # type: ignore[method-assign]
            case "picture":
                found.grab().save(words[0])
            case "close":
                found.close()
            case _:
                raise ValueError(deed)

    def state(found: Window) -> dict[str, object]:
        counts = found.folders.counts
        return {
            "ready": not found.status.text.endswith("…"),
            "reading": found._indexing.running,
            "photos": counts.photos if counts else -1,
            "shown": found.model.rowCount(),
            "question": type(found._session.question).__name__,
            "searched": ear.answered if found._session.question == Caption(ear.answered) else "",
            "text": found.bar.field.text(),
            "selected": found.grid.selected_id(),
            "chosen": len(found.grid.selected_ids()),
            "spot": spot(found),
            "favourites": sorted(found.refining.favourites.ids),
            "words": len(found.about.why_panel.words.chips) if found.about.why.is_open else 0,
            "descriptions": found.panel.list.count() if found.panel.isVisible() else 0,
            "focus": type(QApplication.focusWidget()).__name__,
            "message": found.message.text,
            "popup": type(QApplication.activePopupWidget()).__name__,
        }

    def spot(found: Window) -> tuple[int, int]:
        """Where on the screen the selected photo is, (-1, -1) for nowhere."""
        selected = found.grid.selected_id()
        row = -1 if selected is None else found.model.row_of(selected)
        if row < 0:
            return -1, -1
        middle = found.grid.visualRect(found.model.index(row, 0)).center()
        return found.grid.viewport().mapToGlobal(middle).toTuple()

    class Ear(QObject):
        heard = Signal(str)
        answered = ""  # the text whose last answer is shown
        listens = False

        def obey(self, line: str) -> None:
            deed, *words = json.loads(line)
            found = window()
            assert found is not None  # the event loop runs, so it is built
            if not self.listens:
                self.listens = True
                found._session.answered.connect(self.remember)
            told = state(found) if deed == "close" else None
            act(found, deed, *words)
            print(json.dumps(told or state(found)), flush=True)

        def remember(self, answer: Answer) -> None:
            if answer.last and isinstance(answer.question, Caption):
                self.answered = answer.question.text

        def listen(self) -> None:
            for line in sys.stdin:
                self.heard.emit(line)

    ear = Ear()
    ear.heard.connect(ear.obey, Qt.ConnectionType.QueuedConnection)
    threading.Thread(target=ear.listen, daemon=True).start()
    return main.main(arguments[1:])


if __name__ == "__main__":
    sys.exit(run(sys.argv))
