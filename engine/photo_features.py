"""Features of one photo that is asked about: from the library, or made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import KnownError
from engine.gallery import Gallery
from engine.image import read_photo
from engine.library import Library
from engine.types import FloatArray, ImageFeatures

if TYPE_CHECKING:
    from engine.models import Encoder


def locate_photo(library: Library, photo: int | Path) -> tuple[int | None, Path]:
    """Return the id (None for a file outside the library) and the path of a photo.

    Raises:
        KnownError: No photo has this id any more.
    """
    known = library.find(photo) if isinstance(photo, Path) else library.photo(photo)
    if known is not None:
        return known.id, known.path
    if isinstance(photo, Path):
        return None, photo
    raise KnownError("This photo is no longer in the library.", hint="Search again.")


def encode_file(encoder: Encoder, path: Path) -> ImageFeatures:
    """Return the features of one photo file, read now.

    Raises:
        ImageError: The file can't be read as a photo.
    """
    return encoder.encode_images([encoder.prepare(read_photo(path).image)])


def photo_embedding(gallery: Gallery, encoder: Encoder, photo_id: int | None, path: Path) -> FloatArray:
    """Return a photo's coarse embedding (E,): the stored one, or made from the file.

    Raises:
        ImageError: It isn't stored, and the file can't be read as a photo.
    """
    stored = None if photo_id is None else gallery.embedding(photo_id)
    return encode_file(encoder, path).embeddings[0] if stored is None else stored
