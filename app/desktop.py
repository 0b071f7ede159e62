"""The user's own desktop: its photo viewer, its file manager, its clipboard."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from engine import printable


def url_of(path: Path) -> QUrl:
    """Return the file URL of a path, whatever bytes its name has."""
    return QUrl.fromEncoded(path.absolute().as_uri().encode("ascii"))


def open_path(path: Path) -> bool:
    """Open a photo or folder in the program that the user's system has for it.

    Returns:
        Whether it was there and a program took it.
    """
    return path.exists() and QDesktopServices.openUrl(url_of(path))


def show_in_folder(path: Path) -> bool:
    """Show a photo in the file manager, selected where the system can do that.

    Returns:
        Whether a file manager was asked.
    """
    if not path.parent.is_dir():
        return False
    if sys.platform == "win32":
        return bool(QProcess.startDetached("explorer", [f"/select,{path}"]))
    if sys.platform == "darwin":
        return bool(QProcess.startDetached("open", ["-R", str(path)]))
    return open_path(path.parent)


def copy_path(path: Path) -> None:
    """Put a photo's path on the clipboard as text."""
    QGuiApplication.clipboard().setText(printable(path))
