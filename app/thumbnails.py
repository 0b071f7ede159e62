"""Thumbnails for the grid: read and shaped on workers, painted from a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from app.lanes import THUMBNAILS, Job
from app.late import Late
from app.tasks import Tasks
from engine import Photo

if TYPE_CHECKING:
    from engine import Library

CACHE_BYTES = 192 * 2**20
CROP_LIMIT = 0.26  # of the longer side: 4:3, 3:2, 16:9 and square photos fill a cell, others are shown whole
RADIUS = 6


class Thumbnails(QObject):
    """Pixmaps of photos in the size of the grid's cells.

    Signals:
        arrived: The pixmap of this photo id is there (or will never be).
        named: A `Photo`, for a photo whose details nobody had asked for yet.
    """

    arrived = Signal(int)
    named = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        library: Late[Library],
        *,
        budget: int = CACHE_BYTES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._budget = budget
        self._used = 0
        self._size = QSize(1, 1)
        self._ratio = 1.0
        self._cache: OrderedDict[int, QPixmap] = OrderedDict()
        self._fresh: set[int] = set()  # those in the cache that were made for the present cells
        self._failed: set[int] = set()
        self._jobs: dict[int, Job] = {}

    @property
    def used(self) -> int:
        """Bytes of the pixmaps in the cache."""
        return self._used

    def set_cell(self, size: QSize, ratio: float) -> None:
        """Set the size of the cells (logical pixels) and the screen's pixel ratio.

        Pixmaps of another size are still given out until they are requested again.
        """
        if (size, ratio) != (self._size, self._ratio):
            self._size, self._ratio = QSize(size), ratio
            self._fresh.clear()
            self._drop_jobs()

    def pixmap(self, photo_id: int) -> QPixmap | None:
        """Return the pixmap of a photo if it is in the cache."""
        found = self._cache.get(photo_id)
        if found is not None:
            self._cache.move_to_end(photo_id)
        return found

    def failed(self, photo_id: int) -> bool:
        """Return whether the photo has no thumbnail to show."""
        return photo_id in self._failed

    def request(self, photo_ids: Iterable[int]) -> None:
        """Ask for exactly these photos; whatever else still waits is dropped."""
        wanted = [i for i in photo_ids if i not in self._fresh and i not in self._failed]
        for photo_id in self._jobs.keys() - set(wanted):
            self._jobs.pop(photo_id).cancel()
        for photo_id in reversed(wanted):  # the lane takes the newest first: the top of the window
            if photo_id not in self._jobs:
                self._jobs[photo_id] = self._submit(photo_id)

    def clear(self) -> None:
        """Forget every pixmap (the photos or the size of the cells may have changed)."""
        self._drop_jobs()
        self._cache.clear()
        self._fresh.clear()
        self._failed.clear()
        self._used = 0

    def _drop_jobs(self) -> None:
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()

    def _submit(self, photo_id: int) -> Job:
        size, ratio = self._size * self._ratio, self._ratio
        return self._tasks.submit(
            THUMBNAILS,
            lambda _: _read(self._library.get(), photo_id, size, ratio),
            partial(self._arrive, photo_id),
            lambda _: self._arrive(photo_id, (None, None)),
        )

    def _arrive(self, photo_id: int, answer: tuple[QImage | None, Photo | None]) -> None:
        image, photo = answer
        self._jobs.pop(photo_id, None)
        if image is None:
            self._failed.add(photo_id)
        else:
            self._keep(photo_id, QPixmap.fromImage(image))
        if photo is not None:
            self.named.emit(photo)
        self.arrived.emit(photo_id)

    def _keep(self, photo_id: int, pixmap: QPixmap) -> None:
        before = self._cache.pop(photo_id, None)
        self._used += _bytes(pixmap) - (_bytes(before) if before else 0)
        self._cache[photo_id] = pixmap
        self._fresh.add(photo_id)
        while self._used > self._budget and len(self._cache) > 1:
            oldest_id, oldest = self._cache.popitem(last=False)
            self._fresh.discard(oldest_id)
            self._used -= _bytes(oldest)


def shape(image: QImage, cell: QSize, ratio: float = 1.0) -> QImage:
    """Return an image cut to a cell if little is lost, else shown whole, with round corners.

    Of a photo that is too tall more is cut at the bottom than at the top, where the
    faces are.

    Args:
        image: The thumbnail, upright.
        cell: Size of the cell in device pixels.
        ratio: Device pixels per logical pixel.
    """
    cropped = image.copy(_crop(image.size(), cell))
    scaled = cropped.scaled(
        cell, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    rounded = QImage(scaled.size(), QImage.Format.Format_ARGB32_Premultiplied)
    rounded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(rounded.rect(), RADIUS * ratio, RADIUS * ratio)
    painter.setClipPath(path)
    painter.drawImage(0, 0, scaled)
    painter.end()
    rounded.setDevicePixelRatio(ratio)
    return rounded


def _crop(size: QSize, cell: QSize) -> QRect:
    """Return the part of an image that is shown in a cell."""
    width = min(size.width(), round(size.height() * cell.width() / cell.height()))
    height = min(size.height(), round(size.width() * cell.height() / cell.width()))
    if max(1 - width / size.width(), 1 - height / size.height()) > CROP_LIMIT:
        return QRect(0, 0, size.width(), size.height())
    return QRect((size.width() - width) // 2, (size.height() - height) // 3, max(1, width), max(1, height))


def _read(library: Library, photo_id: int, cell: QSize, ratio: float) -> tuple[QImage | None, Photo | None]:
    """Read one thumbnail and its photo's details (on a worker: QImage only, never QPixmap)."""
    jpeg = library.thumbnail(photo_id)
    image = QImage.fromData(jpeg) if jpeg else QImage()
    shaped = None if image.isNull() else shape(image, cell, ratio)
    return shaped, library.photo(photo_id)


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
