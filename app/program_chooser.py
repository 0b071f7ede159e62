"""Asks with which program a photo shall be opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop_entries import Program
from app.wrapping_label import WrappingLabel

ICON = QSize(32, 32)
LINE = QSize(0, 48)


class ProgramChooser(QDialog):
    """A list of programs, the preferred one chosen already.

    Signals:
        chosen: A `Program`.
    """

    chosen = Signal(object)

    def __init__(self, name: str, programs: Sequence[Program], parent: QWidget) -> None:
        """Build it.

        Args:
            name: The photo's name.
            programs: What to choose from, the preferred one first; at least one.
            parent: The window it belongs to.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open with"))
        title = WrappingLabel(self.tr("Open {name} with").format(name=name))
        title.setObjectName("dialogTitle")
        self._programs = tuple(programs)
        self.list = QListWidget()
        self.list.setObjectName("folderList")
        self.list.setAccessibleName(self.tr("Programs"))
        self.list.setIconSize(ICON)
        for program in self._programs:
            line = QListWidgetItem(_icon(program.icon), program.name)
            line.setSizeHint(LINE)
            self.list.addItem(line)
        self.list.setCurrentRow(0)
        self.list.itemDoubleClicked.connect(self.accept)
        opening = QPushButton(self.tr("Open"))
        opening.setObjectName("primary")
        opening.clicked.connect(self.accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(opening)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(title)
        column.addWidget(self.list)
        column.addLayout(buttons)
        opening.setDefault(True)
        self.resize(400, 360)
        self.list.setFocus()

    def accept(self) -> None:
        """Take the program that is chosen."""
        row = self.list.currentRow()
        super().accept()
        if row >= 0:
            self.chosen.emit(self._programs[row])


def _icon(name: str) -> QIcon:
    icon = QIcon(name) if name.startswith("/") else QIcon.fromTheme(name)
    return icon if not icon.isNull() else QIcon.fromTheme("application-x-executable")
