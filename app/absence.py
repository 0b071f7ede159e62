"""What to say of a photo whose file is not where the library saw it."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from app.phrases import tr
from engine import Photo, printable

AT_ONCE = 0.04  # seconds


def sentence(photo: Photo | None) -> str:
    """Say why a photo can't be shown; it asks the file system about its folder (on a worker).

    Args:
        photo: The photo; None where the library knows it no more.
    """
    if photo is None:
        return tr("This photo is no longer in the library.")
    if is_folder(photo.path.parent):
        text = tr("{name} is no longer in its folder: it was moved, renamed or deleted.")
    else:
        text = tr("{name} can't be reached: its folder is not connected, or was moved.")
    return text.format(name=printable(photo.path.name))


def of_file(photo: Photo | None) -> str:
    """Say why a photo can't be opened, or "" where its file is there (on a worker)."""
    return sentence(photo) if stamp_of(photo) is None else ""


def stamp_of(photo: Photo | None) -> int | None:
    """Return the modification time of a photo's file, None where it is not there (on a worker)."""
    try:
        return None if photo is None else photo.path.stat().st_mtime_ns
    except (OSError, ValueError):
        return None


def of_folder(photo: Photo) -> str:
    """Say why a photo's folder can't be shown, or "" where it is there (on a worker)."""
    return "" if is_folder(photo.path.parent) else sentence(photo)


def is_folder_at_once(path: Path) -> bool:
    """Return whether a folder is there, or False where that isn't known soon enough for a window to wait."""
    found: list[bool] = []
    asking = Thread(target=lambda: found.append(is_folder(path)), daemon=True)
    asking.start()
    asking.join(AT_ONCE)
    return bool(found and found[0])


def is_folder(path: Path) -> bool:
    """Return whether a folder is there; a drive that is dead may keep one waiting for the answer."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a stale network drive, a name that can't be one
        return False
