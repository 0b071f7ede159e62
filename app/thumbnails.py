"""Thumbnails for the grid: read and shaped on workers, painted from a bounded cache."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

import engine
from app.lanes import FROM_FILES, STORAGE, THUMBNAILS, Job, Lane
from app.late import Late
from app.picture_image import image_of
from app.tasks import Tasks
from engine import Photo, Thumbnail

if TYPE_CHECKING:
    from engine import Library

CACHE_BYTES = 192 * 2**20
CROP_LIMIT = 0.26  # of the longer side: 4:3, 3:2, 16:9 and square photos fill a cell, others are shown whole
RADIUS = 6
AHEAD = 4  # jobs that wait at once: the lane never runs dry, and a window full of photos is no burst of work
ROUNDING = 2  # pixels that a cropped photo may miss of its cell, because pixels are whole
SOFT = 1.15  # times as large as its thumbnail: from there on, one sees that a photo lacks detail


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What was read of a photo.

    Attributes:
        image: Its thumbnail in the shape of a cell, or None.
        photo: What the library says of it, or None.
        soft: Whether the cell has more pixels than the thumbnail.
        made: The thumbnail, where the library had none.
        bare: Whether the library has none, and nobody has looked into the photo's file.
    """

    image: QImage | None = None
    photo: Photo | None = None
    soft: bool = False
    made: Thumbnail | None = None
    bare: bool = False


class Thumbnails(QObject):
    """Pixmaps of photos in the size of the grid's cells.

    They are made of the thumbnails in the library, which are there at once; one that is not
    there any more is made again from the photo, on a lane of its own: a drive that does not
    answer keeps nothing waiting that the library has. Where cells are larger than those, the
    photos that one rests on are read from their own files, too; as long as a file can't be
    reached, its photo stays a little soft.

    Signals:
        arrived: The pixmap of this photo id is there (or will never be).
        named: A `Photo`, for a photo whose details nobody had asked for yet.
        outdated: Photos that were asked for before should be asked for again.
    """

    arrived = Signal(int)
    named = Signal(object)
    outdated = Signal()

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
        self._waiting = deque[int]()  # those asked for that are no jobs yet
        self._jobs: dict[int, Job] = {}
        self._making: dict[int, Job] = {}
        self._soft: dict[int, Photo] = {}  # those in the cache that lack detail
        self._sharp_wanted: frozenset[int] = frozenset()
        self._sharp_jobs: dict[int, Job] = {}

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
            self._soft.clear()
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
        """Ask for exactly these photos, in this order; whatever else still waits is dropped."""
        wanted = dict.fromkeys(i for i in photo_ids if i not in self._fresh and i not in self._failed)
        for jobs in (self._jobs, self._making):
            for photo_id in jobs.keys() - wanted.keys():
                jobs.pop(photo_id).cancel()
        self._waiting = deque(i for i in wanted if i not in self._jobs and i not in self._making)
        self._go_on()

    def sharpen(self, photo_ids: Iterable[int]) -> None:
        """Have exactly these photos read from their files, where their thumbnails are too small."""
        wanted = list(photo_ids)
        self._sharp_wanted = frozenset(wanted)
        for photo_id in self._sharp_jobs.keys() - self._sharp_wanted:
            self._sharp_jobs.pop(photo_id).cancel()
        for photo_id in wanted:
            self._sharpen(photo_id)

    def renew(self) -> None:
        """Read every photo again that is asked for; until it is there it looks as before."""
        self._drop_jobs()
        self._fresh.clear()
        self._soft.clear()
        self._failed.clear()
        self.outdated.emit()

    def retry(self) -> None:
        """Read the photos again that had nothing to show: their files may be there now."""
        if self._failed:
            self._failed.clear()
            self.outdated.emit()

    def _drop_jobs(self) -> None:
        self._waiting.clear()
        for jobs in (self._jobs, self._making, self._sharp_jobs):
            for job in jobs.values():
                job.cancel()
            jobs.clear()
        self._sharp_wanted = frozenset()

    def _go_on(self) -> None:
        """Keep a few jobs waiting for the lane, the photos at the top of the window first."""
        while self._waiting and len(self._jobs) < AHEAD:
            photo_id = self._waiting.popleft()
            self._jobs[photo_id] = self._submit(photo_id, THUMBNAILS, _read)

    def _submit(self, photo_id: int, lane: Lane, read: Callable[[Library, int, QSize, float], _Read]) -> Job:
        size, ratio = self._size * self._ratio, self._ratio
        return self._tasks.submit(
            lane,
            lambda _: read(self._library.get(), photo_id, size, ratio),
            partial(self._arrive, photo_id),
            lambda _: self._arrive(photo_id, _Read()),
        )

    def _arrive(self, photo_id: int, read: _Read) -> None:
        self._jobs.pop(photo_id, None)
        self._making.pop(photo_id, None)
        self._go_on()
        if read.bare:
            self._making[photo_id] = self._submit(photo_id, FROM_FILES, _make)
            return
        if read.image is None:
            self._failed.add(photo_id)
        else:
            self._keep(photo_id, QPixmap.fromImage(read.image))
        if read.made is not None:
            self._store(photo_id, read.made)
        if read.photo is not None:
            if read.soft:
                self._soft[photo_id] = read.photo
            self.named.emit(read.photo)
        self.arrived.emit(photo_id)
        if photo_id in self._sharp_wanted:
            self._sharpen(photo_id)

    def _store(self, photo_id: int, made: Thumbnail) -> None:
        """Keep a thumbnail for the next time; where that fails, it is made again then."""
        self._tasks.submit(
            STORAGE,
            lambda _: self._library.get().keep_thumbnail(photo_id, made),
            lambda _: None,
            lambda error: None,
        )

    def _sharpen(self, photo_id: int) -> None:
        photo = self._soft.get(photo_id)
        if photo is None or photo_id in self._sharp_jobs:
            return
        size, ratio = self._size * self._ratio, self._ratio
        self._sharp_jobs[photo_id] = self._tasks.submit(
            FROM_FILES,
            lambda _: _read_file(photo, size, ratio),
            partial(self._arrive_sharp, photo_id),
            lambda _: self._arrive_sharp(photo_id, None),
        )

    def _arrive_sharp(self, photo_id: int, image: QImage | None) -> None:
        self._sharp_jobs.pop(photo_id, None)
        self._soft.pop(photo_id, None)
        if image is not None:
            self._keep(photo_id, QPixmap.fromImage(image))
            self.arrived.emit(photo_id)

    def _keep(self, photo_id: int, pixmap: QPixmap) -> None:
        before = self._cache.pop(photo_id, None)
        self._used += _bytes(pixmap) - (_bytes(before) if before else 0)
        self._cache[photo_id] = pixmap
        self._fresh.add(photo_id)
        while self._used > self._budget and len(self._cache) > 1:
            oldest_id, oldest = self._cache.popitem(last=False)
            self._fresh.discard(oldest_id)
            self._soft.pop(oldest_id, None)
            self._used -= _bytes(oldest)


def image_of_jpeg(jpeg: bytes) -> QImage:
    """Return the image in the bytes of a JPEG (on any thread); a null image where there is none.

    Without the format's name Qt tries all that it knows. SVG's connects a signal, while this
    thread holds Python's lock; the window, which is just ending a connection, holds Qt's and
    waits for Python's: both wait for ever.
    """
    image = QImage()
    image.loadFromData(jpeg, "JPEG")
    return image


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
    fitted = cropped.size().scaled(cell, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    if max(cell.width() - fitted.width(), cell.height() - fitted.height()) <= ROUNDING:
        fitted = cell
    scaled = cropped.scaled(
        fitted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
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


def _read(library: Library, photo_id: int, cell: QSize, ratio: float) -> _Read:
    """Read one thumbnail and its photo's details (on a worker: QImage only, never QPixmap)."""
    jpeg = library.thumbnail(photo_id)
    return _Read(bare=True) if jpeg is None else _shaped(library.photo(photo_id), jpeg, cell, ratio)


def _make(library: Library, photo_id: int, cell: QSize, ratio: float) -> _Read:
    """Make a thumbnail of the photo as it is now (on a worker)."""
    made = engine.make_thumbnail(library, photo_id)
    photo = library.photo(photo_id)
    return _Read(photo=photo) if made is None else replace(_shaped(photo, made.jpeg, cell, ratio), made=made)


def _shaped(photo: Photo | None, jpeg: bytes, cell: QSize, ratio: float) -> _Read:
    image = image_of_jpeg(jpeg)
    if image.isNull():
        return _Read(photo=photo)
    soft = photo is not None and _is_soft(image.size(), photo, cell)
    return _Read(shape(image, cell, ratio), photo, soft)


def _is_soft(thumbnail: QSize, photo: Photo, cell: QSize) -> bool:
    """Return whether a cell shows a thumbnail enlarged, though the photo has more pixels."""
    more = photo.metadata.width > thumbnail.width() and photo.metadata.height > thumbnail.height()
    return more and _needed(thumbnail, cell).width() > SOFT * thumbnail.width()


def _read_file(photo: Photo, cell: QSize, ratio: float) -> QImage:
    """Read a photo itself for a cell (on a worker).

    Raises:
        KnownError: It is not there, or can't be read any more.
    """
    needed = _needed(QSize(photo.metadata.width, photo.metadata.height), cell)
    picture = engine.read_picture(photo.path, (needed.width(), needed.height()))
    return shape(image_of(picture), cell, ratio)


def _needed(size: QSize, cell: QSize) -> QSize:
    """Return how large an image of a size has to be, so that a cell shows it at its best."""
    cropped = _crop(size, cell).size()
    scale = min(cell.width() / cropped.width(), cell.height() / cropped.height())
    return QSize(round(size.width() * scale) + 1, round(size.height() * scale) + 1)


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
