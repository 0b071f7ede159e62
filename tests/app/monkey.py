"""Random but repeatable mouse, keyboard and window events, sent the way a user's hands send them."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QThread, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.app.hands import ALT, CONTROL, PLAIN, SHIFT, click, handle, inside, is_there, strike

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
KEYS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape,
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Plus,
    Qt.Key.Key_Minus, Qt.Key.Key_Menu, Qt.Key.Key_F1, Qt.Key.Key_F5, Qt.Key.Key_F11, Qt.Key.Key_Question,
)  # fmt: skip
TEXTS = (
    "a red circle", "dog -beach", "date:", "date:2019..2021", "folder:\"", "is:favourite", "has:location",
    "雪人", "🐶", "(((", "-", "type:jpg ", "not:", "a" * 60, "\"", "camera:pixel", "é̂", "\t", " ",
)  # fmt: skip
SIZES = ((320, 240), (480, 360), (640, 480), (900, 700), (1200, 800), (1600, 1000))
REMEMBERED = 25
PAUSE_MS = 1


class Monkey:
    """Plays with every window of the program that is open.

    Attributes:
        seed: What makes it repeatable.
        done: Its last deeds, oldest first.
    """

    def __init__(
        self, seed: int, window: QWidget, diary: Path, extras: Sequence[Callable[[random.Random], str]] = ()
    ) -> None:
        """Give it a window.

        Args:
            seed: What makes it repeatable.
            window: The main window, which is resized now and then.
            diary: Where every deed is written before it is done, in case the whole process dies of it.
            extras: More that can be done; each says what it did.
        """
        self.seed = seed
        self.done: deque[str] = deque(maxlen=REMEMBERED)
        self._random = random.Random(seed)
        self._window = window
        self._diary = diary
        self._extras = extras
        self._level = 0  # of the event loop from which an event is being sent

    def play(self, count: int, enough: Callable[[], bool]) -> None:
        """Do so many things, or fewer if it is `enough`, all from within the event loop.

        The next deed is always booked before one is done, because some of what is clicked
        (a button's menu) runs an event loop of its own. While an event is merely being sent
        nothing else is done: that would take the ground from under Qt's own test functions.
        """
        loop, deeds = QEventLoop(), list(range(count))

        def step() -> None:
            if not deeds or enough():
                self._leave_menus()
                loop.quit()
                return
            QTimer.singleShot(PAUSE_MS, step)
            if (level := QThread.currentThread().loopLevel()) > self._level:
                self._level = level
                deeds.pop()
                self._do_something()
                self._level = level - 1

        QTimer.singleShot(0, step)
        loop.exec()

    def report(self) -> str:
        """Return what is needed to see the same again."""
        return f"seed {self.seed}, the last deeds were:\n  " + "\n  ".join(self.done)

    def _do_something(self) -> None:
        window = self._some_window()
        deeds = (self._click, self._key, self._wheel, self._drag, self._right_click, self._type, self._click)
        rare = (self._shortcut, self._double_click, self._resize, *self._extras_bound())
        deed = self._random.choice(deeds if self._random.random() < 0.8 else rare)
        name = f"{type(window).__name__} {window.objectName()}".strip()
        self.done.append(f"{deed.__name__} on {name}")
        with self._diary.open("a") as diary:
            print(*list(self.done)[-2:], sep="\n", file=diary)
        self.done[-1] += f": {deed(window)}"

    def _some_window(self) -> QWidget:
        popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if popup is not None:
            return popup
        windows = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        windows = [w for w in windows if w.windowHandle() is not None and w is not self._window]
        # Most of the time where the user is looking.
        return self._random.choice(windows) if windows and self._random.random() < 0.4 else self._window

    def _point(self, window: QWidget) -> QPoint:
        """Return a point of the window: in the middle of something, or anywhere."""
        choose = self._random
        within = [
            w for w in window.findChildren(QWidget) if w.isVisibleTo(window) and w.width() and w.height()
        ]
        if isinstance(window, QMenu):
            actions = [window.actionGeometry(action).center() for action in window.actions()]
            return choose.choice(actions) if actions and choose.random() < 0.8 else QPoint(-5, -5)
        if within and choose.random() < 0.6:
            widget = choose.choice(within)
            return inside(handle(window), widget.mapTo(window, widget.rect().center()))
        return inside(
            handle(window), QPoint(choose.randrange(window.width()), choose.randrange(window.height()))
        )

    def _click(self, window: QWidget) -> str:
        point = self._point(window)
        modifier = self._random.choice((PLAIN, PLAIN, PLAIN, CONTROL, SHIFT))
        what = told(window, point)
        click(handle(window), LEFT, modifier, point)
        return what

    def _double_click(self, window: QWidget) -> str:
        point = self._point(window)
        what = told(window, point)
        place = handle(window)
        click(place, LEFT, PLAIN, point)
        if is_there(place):
            click(place, LEFT, PLAIN, point)  # so soon that it counts as a double click
        return what

    def _right_click(self, window: QWidget) -> str:
        point = self._point(window)
        what = told(window, point)
        click(handle(window), RIGHT, PLAIN, point)
        return what

    def _drag(self, window: QWidget) -> str:
        start, end = self._point(window), self._point(window)
        what, place = told(window, start), handle(window)
        QTest.mousePress(place, LEFT, PLAIN, start)
        for part in (0.3, 0.7, 1.0):
            if is_there(place):  # a menu may go at the first press
                QTest.mouseMove(place, inside(place, start + (end - start) * part))
        if is_there(place):
            QTest.mouseRelease(place, LEFT, PLAIN, inside(place, end))
        return f"{what} to {end.toTuple()}"

    def _wheel(self, window: QWidget) -> str:
        point, steps = self._point(window), self._random.choice((-360, -120, 120, 360))
        modifier = self._random.choice((PLAIN, PLAIN, CONTROL))
        what = told(window, point)
        QTest.wheelEvent(handle(window), point.toPointF(), QPoint(0, steps), QPoint(), modifier)
        return f"{what} by {steps}"

    def _key(self, window: QWidget) -> str:
        key = self._random.choice(KEYS)
        modifier = self._random.choice((PLAIN, PLAIN, PLAIN, PLAIN, SHIFT, CONTROL, ALT))
        strike(handle(window), key, modifier)
        return f"{modifier.name} {key.name}"

    def _type(self, window: QWidget) -> str:
        text, place = self._random.choice(TEXTS), handle(window)
        for letter in text:
            if letter.isascii() and letter.isprintable() and is_there(place):
                strike(place, letter)
        focus = QApplication.focusWidget()
        if not text.isascii() and focus is not None and hasattr(focus, "insert"):
            focus.insert(text)
        return repr(text[:40])

    def _shortcut(self, window: QWidget) -> str:
        letter = self._random.choice("abcdefghijklmnopqrstuvwxyz,01")
        modifier = self._random.choice((CONTROL, CONTROL, CONTROL | SHIFT, ALT))
        strike(handle(window), letter, modifier)
        return f"{modifier.name} {letter}"

    def _resize(self, window: QWidget) -> str:
        size = self._random.choice(SIZES)
        self._window.resize(*size)
        QApplication.processEvents()
        return str(size)

    def _extras_bound(self) -> Iterator[Callable[[QWidget], str]]:
        for extra in self._extras:

            def deed(window: QWidget, extra: Callable[[random.Random], str] = extra) -> str:
                return extra(self._random)

            deed.__name__ = extra.__name__
            yield deed

    def _leave_menus(self) -> None:
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()


def told(window: QWidget, point: QPoint) -> str:
    """Say what is under a point."""
    under = window.childAt(point)
    if isinstance(window, QMenu):
        action = window.actionAt(point)
        return f"{point.toTuple()} {action.text() if isinstance(action, QAction) else 'outside'}"
    if under is None:
        return f"{point.toTuple()}"
    text = under.text()[:30] if hasattr(under, "text") and callable(under.text) else ""
    return f"{point.toTuple()} {type(under).__name__} {under.objectName()} {text}".rstrip()
