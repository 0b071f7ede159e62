"""The files that could not be read, as a table: file, folder, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from app import phrases
from app.indexes import Index
from engine import Skip, printable


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A line of the table.

    Attributes:
        path: The file.
        name: Its name, to be read.
        folder: Its folder, to be read.
        reason: Why it could not be read, in plain words.
    """

    path: Path
    name: str
    folder: str
    reason: str

    @classmethod
    def of(cls, skip: Skip) -> UnreadFile:
        """Put a skipped file into words."""
        return cls(skip.path, printable(skip.path.name), printable(skip.path.parent), skip.reason)


class UnreadModel(QAbstractTableModel):
    """Lists the files; ten thousand lines cost no more than those in sight."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files: tuple[UnreadFile, ...] = ()

    def show_files(self, files: Sequence[UnreadFile]) -> None:
        """Show these files instead."""
        self.beginResetModel()
        self.files = tuple(files)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's signature)
        """Return the number of files."""
        return 0 if parent.isValid() else len(self.files)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's signature)
        """Return 3."""
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell; a long one has them in its tool tip, too."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        file = self.files[index.row()]
        words = (file.name, file.folder, file.reason)[index.column()]
        return phrases.tool_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the names of the columns."""
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("File"), self.tr("Folder"), self.tr("Why"))[section]
