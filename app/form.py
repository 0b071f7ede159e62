"""Pages of the settings: labels with what they name, and quiet notes below them."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.wrapping_label import WrappingLabel


class FormPage(QWidget):
    """A page with rows, filled from the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(16)
        self.column.addLayout(self._grid)

    def add_field(
        self, label: str, field: QWidget, *, note: str | None = None, button: QPushButton | None = None
    ) -> QLabel:
        """Add a labelled field, with a button beside it if there is one.

        Args:
            label: What it is called.
            field: What the label names.
            note: A quiet sentence below it; None for no such line.
            button: What stands beside it.

        Returns:
            The note.
        """
        row = self._grid.rowCount()
        name = QLabel(label)
        name.setBuddy(field)
        field.setAccessibleName(label)
        field.setAccessibleDescription(note or "")
        below = quiet_label(note or "")
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(field, row, 1, 1, 1 if button else 2)
        if button is not None:
            self._grid.addWidget(button, row, 2)
        self._grid.addWidget(below, row + 1, 1, 1, 2)
        below.setHidden(note is None)  # not before it has its place, or it would be a window of its own
        self._grid.setRowMinimumHeight(row + 2, 8)
        return below

    def add_note(self, text: str = "") -> QLabel:
        """Add a quiet sentence below what is there so far, and return it."""
        note = quiet_label(text)
        self.column.addWidget(note)
        return note


def quiet_label(text: str = "") -> QLabel:
    """Return a subdued label that wraps."""
    label = WrappingLabel(text)
    label.setObjectName("subdued")
    return label


def read_only(text: str = "") -> QLineEdit:
    """Return a text that can be read to its end and copied, but not changed."""
    field = QLineEdit(text)
    field.setObjectName("readOnly")
    field.setReadOnly(True)
    field.setCursorPosition(0)
    return field
