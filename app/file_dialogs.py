"""The system's dialogs for a folder or a file.

Where the system has none of its own, Qt's dialog is shown, and that one opens every file in
a folder to learn what it is. For the library that would be fatal: on Unix, closing any handle
of a file takes away all locks that the process has on it, SQLite's among them, and the next
program that writes to the library damages it (sqlite.org/howtocorrupt.html, section 2.2).
So files are shown by what their names say.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QFileIconProvider, QWidget


def choose_folder(parent: QWidget, title: str, start: Path | str) -> Path | None:
    """Let the user pick a folder; None if they don't."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _ask(dialog, start)


def choose_file(parent: QWidget, title: str, start: Path | str, kinds: str = "") -> Path | None:
    """Let the user pick a file that is there; None if they don't.

    Args:
        parent: The window that asks.
        title: What for.
        start: The folder that is shown first.
        kinds: Which files are shown, as Qt writes it: `Programs (*.app)`; empty for all.
    """
    dialog = QFileDialog(parent, title, filter=kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _ask(dialog, start)


def _ask(dialog: QFileDialog, start: Path | str) -> Path | None:
    icons = _Icons()  # the dialog doesn't keep it
    dialog.setIconProvider(icons)
    dialog.setDirectory(str(start))
    try:
        chosen = dialog.selectedFiles() if dialog.exec() else []
    finally:
        dialog.deleteLater()
    return Path(chosen[0]) if chosen else None


class _Icons(QFileIconProvider):
    """Icons and kinds of files, without a look into them."""

    def icon(self, what: QFileInfo | QAbstractFileIconProvider.IconType) -> QIcon:
        """Return the icon of a place or a file."""
        if isinstance(what, QFileInfo):
            kinds = QAbstractFileIconProvider.IconType
            what = kinds.Drive if what.isRoot() else kinds.Folder if what.isDir() else kinds.File
        return super().icon(what)

    def type(self, info: QFileInfo) -> str:
        """Return what the column of kinds says of a file: what its name ends with."""
        return "" if info.isDir() else info.suffix().upper()
