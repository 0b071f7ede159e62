"""What to say of a photo whose file is not where the library saw it."""

from __future__ import annotations

from app.phrases import tr
from engine import Photo, printable


def sentence(photo: Photo | None) -> str:
    """Say why a photo can't be shown; it asks the file system about its folder.

    Args:
        photo: The photo; None where the library knows it no more.
    """
    if photo is None:
        return tr("This photo is no longer in the library.")
    if photo.path.parent.is_dir():
        text = tr("{name} is no longer in its folder: it was moved, renamed or deleted.")
    else:
        text = tr("{name} can't be reached: its folder is not connected, or was moved.")
    return text.format(name=printable(photo.path.name))
