"""Qt's view of the library tree."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from app import phrases
from app.indexes import Index
from app.library_tree import Entry


class TreeRole(IntEnum):
    """What the tree's painter asks beyond Qt's own roles."""

    COUNT = Qt.ItemDataRole.UserRole + 1
    ACTIVE = Qt.ItemDataRole.UserRole + 2
    HEADING = Qt.ItemDataRole.UserRole + 3


class LibraryModel(QAbstractItemModel):
    """The lines of the tree; which of them is shown in the grid is marked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Entry] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        self._top = Entry((), "")
        self._active: tuple[str, ...] = ()

    @property
    def active(self) -> tuple[str, ...]:
        """The key of the line that is shown in the grid."""
        return self._active

    def fits(self, top: Entry) -> bool:
        """Return whether a tree has the very lines that are shown, at most with other counts."""
        lines = list(top.walk())
        return [(line.key, line.label) for line in lines] == [(line.key, line.label) for line in self._lines]

    def count_again(self, top: Entry) -> None:
        """Take over the counts of a tree that `fits`."""
        for line, other in zip(self._lines, top.walk(), strict=True):
            line.photos = other.photos
        for parent in (self._top, *self._lines):
            if parent.children:
                first, last = self.index_of(parent.children[0].key), self.index_of(parent.children[-1].key)
                self.dataChanged.emit(first, last, [TreeRole.COUNT])

    def show(self, top: Entry) -> None:
        """Show another tree."""
        self.beginResetModel()
        self._top = top
        self._lines = list(top.walk())
        self._numbers = {line.key: number for number, line in enumerate(self._lines)}
        self.endResetModel()

    def set_active(self, key: tuple[str, ...]) -> None:
        """Mark the line that is shown in the grid; () for none."""
        before, self._active = self._active, key
        for changed in {before, key}:
            index = self.index_of(changed)
            if index.isValid():
                roles = [TreeRole.ACTIVE, Qt.ItemDataRole.AccessibleTextRole]
                self.dataChanged.emit(index, index, roles)

    def entry(self, index: Index) -> Entry | None:
        """Return the line at an index."""
        number = index.internalId() if index.isValid() else -1
        return self._lines[number] if 0 <= number < len(self._lines) else None

    def index_of(self, key: tuple[str, ...]) -> QModelIndex:
        """Return the index of a line, invalid where there is none."""
        number = self._numbers.get(key)
        return QModelIndex() if number is None else self.createIndex(self._lines[number].row, 0, number)

    def key_of(self, kind: str, text: str) -> tuple[str, ...]:
        """Return the key of the first line of a kind that stands for a text, or ()."""
        found = (line.key for line in self._lines if (line.kind, line.text) == (kind, text))
        return next(found, ())

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Return the index of a line below another."""
        above = self._below(parent)
        if column or not 0 <= row < len(above):
            return QModelIndex()
        return self.index_of(above[row].key)

    def parent(self, child: Index = QModelIndex()) -> Any:  # noqa: B008 (Qt's signature)
        """Return the index of the line above a line."""
        entry = self.entry(child)
        return QModelIndex() if entry is None or entry.above is None else self.index_of(entry.above.key)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's signature)
        """Return the number of lines below a line."""
        return len(self._below(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's signature)
        """Return 1."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role says of a line."""
        entry = self.entry(index)
        if entry is None:
            return None
        if role == TreeRole.COUNT:
            return phrases.number(entry.photos) if entry.photos else ""
        if role == TreeRole.ACTIVE:
            return entry.key == self._active
        if role == TreeRole.HEADING:
            return entry.kind == "heading"
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return phrases.tool_tip(entry.label)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(entry)
        return None

    def _spoken(self, entry: Entry) -> str:
        parts = [entry.label, "" if entry.photos is None else phrases.photos(entry.photos)]
        parts.append(self.tr("shown") if entry.key == self._active else "")
        return ", ".join(part for part in parts if part)

    def _below(self, parent: Index) -> list[Entry]:
        entry = self.entry(parent) if parent.isValid() else self._top
        return entry.children if entry is not None else []
