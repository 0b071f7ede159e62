"""The sheet with the keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.shortcuts import Group, Shortcut

SIZE = (560, 640)
HEADING_HEIGHT = 40
BESIDE = 96  # pixels that margins and the scroll bar take from the words and keys


class ShortcutsWindow(QDialog):
    """Lists the keys in groups; a list of rows, so that screen readers read it line by line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(*SIZE)
        self.list = QTreeWidget()
        self.list.setObjectName("shortcutList")
        self.list.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setItemsExpandable(False)
        self.list.setColumnCount(2)
        self.list.header().setStretchLastSection(False)
        self.list.ensurePolished()  # or its lines would be laid out before they have their padding
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.addWidget(self.list)

    def show_groups(self, groups: Sequence[Group]) -> None:
        """List these keys."""
        self.list.clear()
        for group in groups:
            heading = QTreeWidgetItem([group.title])
            font = self.font()
            font.setBold(True)
            heading.setFont(0, font)
            heading.setSizeHint(0, QSize(0, HEADING_HEIGHT))
            self.list.addTopLevelItem(heading)
            heading.addChildren([self._line(shortcut) for shortcut in group.shortcuts])
        self.list.expandAll()
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        words, keys = (self.list.sizeHintForColumn(column) for column in (0, 1))
        self.resize(max(self.width(), words + keys + BESIDE), self.height())

    def _line(self, shortcut: Shortcut) -> QTreeWidgetItem:
        keys = self.tr(" or ").join(shortcut.keys)
        line = QTreeWidgetItem([shortcut.does, keys])
        line.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{shortcut.does}: {keys}")
        return line
