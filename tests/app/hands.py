"""A user's hands: keys and clicks that go the way the system sends them, to the window and from there on."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def handle(window: QWidget) -> QWindow:
    """Return the window as the system sees it."""
    found = window.windowHandle()
    assert found is not None
    return found


def is_there(place: QWindow) -> bool:
    """Return whether a window is still there; Qt's own menus delete themselves."""
    return place in QGuiApplication.allWindows()


def click(place: QWindow, button: Qt.MouseButton, modifier: Qt.KeyboardModifier, point: QPoint) -> None:
    """Press and let go; Qt's own click would crash where the press takes the window away."""
    QTest.mousePress(place, button, modifier, point)
    if is_there(place):
        QTest.mouseRelease(place, button, modifier, inside(place, point))


def double_click(widget: QWidget, point: QPoint) -> None:
    """Press and let go twice; Qt's own double click is only the second press."""
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(widget, left, PLAIN, point)
    QTest.mouseDClick(widget, left, PLAIN, point)
    QTest.mouseRelease(widget, left, PLAIN, point)


def strike(place: QWindow, key: Qt.Key | int | str, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    """Press a key and let go; Qt's own click would crash where the press takes the window away."""
    if place.type() == Qt.WindowType.Popup:
        modifier &= (
            ~ALT
        )  # for Qt's own sake: it presses Alt, that closes the menu, and then it presses the key
    QTest.keyPress(place, key, modifier)
    if is_there(place):
        QTest.keyRelease(place, key, modifier)


def inside(window: QWindow, point: QPoint) -> QPoint:
    """Return the point of the window that is nearest; a resize reaches the system a little later."""
    if window.type() == Qt.WindowType.Popup:
        return point  # beside it is a place, too: there a click closes it
    size = window.size()
    return QPoint(max(0, min(point.x(), size.width() - 1)), max(0, min(point.y(), size.height() - 1)))
