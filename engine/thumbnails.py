"""Thumbnails that the library does not have (any more), made again from the photos."""

from __future__ import annotations

from engine.errors import ImageError
from engine.image import decode, read_file, thumbnail_jpeg
from engine.library import Library
from engine.types import Thumbnail


def make_thumbnail(library: Library, photo_id: int) -> Thumbnail | None:
    """Make a thumbnail of a photo as it is now, or None where none can be made at this time.

    Where its own file can't be read, another that has the same content serves as well. It
    is not stored: `Library.keep_thumbnail` does that where the photo has not changed since
    it was read, and may have to wait for others who write.

    Raises:
        LibraryError: The library can't be read.
    """
    known = library.origins(photo_id)
    if known is None:
        return None
    digest, (own, *copies) = known
    for path in (own, *copies):
        try:
            file = read_file(path)
            if path == own or file.digest == digest:
                return Thumbnail(thumbnail_jpeg(decode(file).image), file.digest)
        except ImageError:  # the next may do
            continue
    return None
