"""What Qt does not tell a button: that the mouse has left it while its menu was open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget


def look_after(button: QWidget, menu: QMenu) -> None:
    """Look where the mouse is when the menu of a button closes, so that the button does not stay lit."""

    def look() -> None:
        over = button.rect().contains(button.mapFromGlobal(QCursor.pos()))
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, over)
        button.update()

    menu.aboutToHide.connect(look)
