"""What is dropped or pasted: folders, picture files, or pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage

import engine
from app import desktop
from engine import ImageError, KnownError, Picture, printable

LONGEST = 1024  # pixels of a side; nothing looks at more
TRIED = 20  # files, of many that are dropped at once


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is in a drop or on the clipboard.

    Attributes:
        paths: Folders and files of this machine.
        image: Pixels; null where there are none.
        on_the_web: Whether it is only an address.
    """

    paths: tuple[Path, ...]
    image: QImage
    on_the_web: bool

    @classmethod
    def of(cls, mime: QMimeData) -> Offer:
        """Look at what there is."""
        urls = mime.urls()
        paths = tuple(desktop.path_of(url) for url in urls if url.isLocalFile())
        image = mime.imageData() if mime.hasImage() and not paths else None
        return cls(
            paths,
            image if isinstance(image, QImage) else QImage(),
            any(not url.isLocalFile() for url in urls),
        )


def on_clipboard() -> QMimeData:
    """Return what the clipboard holds; it may be nothing at all."""
    held: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return QMimeData() if held is None else held


def is_text(mime: QMimeData) -> bool:
    """Return whether what would be pasted is text, and not just the address of a file."""
    return (
        mime.hasFormat("text/plain")
        and bool(mime.text().strip())
        and not any(url.isLocalFile() for url in mime.urls())
    )


def first_picture(files: Sequence[Path]) -> tuple[Picture, Path]:
    """Read the first of some files that is a picture (on a worker).

    Raises:
        KnownError: None is; says why the first isn't.
    """
    trouble: ImageError | None = None
    for file in files[:TRIED]:
        try:
            return engine.read_example(file), file
        except ImageError as error:
            trouble = trouble or error
    assert trouble is not None, "there is at least one file"
    name = printable(files[0].name)
    raise KnownError(f"{name}: {trouble.what}", hint=trouble.hint)


def picture_of(image: QImage) -> Picture:
    """Read pixels in memory (on a worker).

    Raises:
        ImageError: They can't be read.
    """
    if max(image.width(), image.height()) > LONGEST:
        image = image.scaled(
            LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 90)  # type: ignore[call-overload]  # the stubs want bytes
    return engine.read_example(bytes(written.data()))
