"""The user's own desktop: its photo viewer, its file manager, its clipboard.

Nothing here looks whether a file is there: a drive that is dead would hold up the window.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from engine import printable


def url_of(path: Path) -> QUrl:
    """Return the file URL of a path, whatever bytes its name has."""
    return QUrl.fromEncoded(path.absolute().as_uri().encode("ascii"))


def path_of(url: QUrl) -> Path:
    """Return the path of a file URL, whatever bytes its name has."""
    if sys.platform == "win32":
        return Path(url.toLocalFile())
    return Path(os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))))


def open_path(path: Path) -> bool:
    """Open a photo or folder in the program that the user's system has for it.

    Returns:
        Whether a program took it.
    """
    return QDesktopServices.openUrl(url_of(path))


def show_in_folder(path: Path) -> bool:
    """Show a photo in the file manager, selected where the system can do that.

    Returns:
        Whether a file manager was asked.
    """
    if sys.platform == "win32":
        return _start_line(explorer_line(path))
    if sys.platform == "darwin":
        return start(["open", "-R", str(path)])
    return open_path(path.parent)


def start(line: Sequence[str], folder: str = "") -> bool:
    """Start a program that lives on by itself.

    Args:
        line: The program and its arguments.
        folder: Where it runs; "" for here.

    Returns:
        Whether it was started.
    """
    process = QProcess()
    process.setProgram(line[0])
    process.setArguments(list(line[1:]))
    process.setWorkingDirectory(folder)
    return bool(process.startDetached())


def ask_windows(path: Path) -> bool:
    """Let Windows ask with which program a photo shall be opened; return whether it does."""
    # Unquoted whatever the name: that is how this entry point reads it.
    return _start_line(f"rundll32 shell32.dll,OpenAs_RunDLL {path}")


def explorer_line(path: PurePath) -> str:
    """Return the command by which Windows' Explorer shows a file, selected.

    Only the path is quoted: a name may have spaces, and commas, which part what Explorer is told;
    a quoted option is none.
    """
    return f'explorer /select,"{path}"'


def _start_line(line: str) -> bool:
    """Start a program by a command that Windows hands on as it is; return whether it was started."""
    try:
        subprocess.Popen(line)
    except OSError:
        return False
    return True


def copy_path(path: Path) -> None:
    """Put a photo's path on the clipboard as text."""
    QGuiApplication.clipboard().setText(printable(path))


def clipboard_parts(paths: Sequence[Path]) -> dict[str, bytes]:
    """Return what a clipboard holds of files, by its kind: the files themselves, and their paths as text."""
    urls = [bytes(url_of(path).toEncoded().data()) for path in paths]
    parts = {
        "text/uri-list": b"".join(url + b"\r\n" for url in urls),
        "text/plain": "\n".join(printable(path) for path in paths).encode("utf-8"),
    }
    if sys.platform == "linux":  # what the file managers of GNOME and its kin paste
        parts["x-special/gnome-copied-files"] = b"\n".join([b"copy", *urls])
    return parts
