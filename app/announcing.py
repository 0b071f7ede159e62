"""What a screen reader says by itself, because the focus does not lead there."""

from __future__ import annotations

from PySide6 import QtGui
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have a text read out, after what is being read at this moment.

    Args:
        widget: Where it stands.
        text: The text.
    """
    make = getattr(QtGui, "QAccessibleAnnouncementEvent", None)
    if make is None:  # before Qt 6.8: the name of the widget is read
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
        return
    event = make(widget, text)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
    QAccessible.updateAccessibility(event)
