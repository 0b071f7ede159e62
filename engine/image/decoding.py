"""From a file's bytes to an upright RGB image with its metadata.

Decisions, and why:

* A file is recognised by its content, never by its suffix.
* Only formats that photos come in are tried; Pillow would otherwise hand a renamed
  file to Ghostscript and two dozen rare decoders.
* The number of pixels is checked before anything is decoded.
* A photo that is cut short is refused, although its upper part could be shown: what
  is left may not be what the photo was of, and the reason tells its owner to copy it
  again while the original still exists.
* Encoders need no more than about a thousand pixels a side, a screen a few thousand, so
  large photos are scaled down as early as their format allows (JPEG while it is being
  decoded).
"""

from __future__ import annotations

import hashlib
import io
import stat
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path
from typing import Any, TypeAlias

import pillow_heif
from PIL import Image, ImageFile, PngImagePlugin

from engine.errors import ImageError
from engine.image.bitmaps import read_bitfields
from engine.image.colors import in_srgb, to_rgb
from engine.image.headers import ORIENTATION, read_exif, read_headers
from engine.image.quiet import silence_libtiff, silence_warnings
from engine.types import PhotoMetadata

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("jpg", "jpeg", "jpe", "jfif", "mpo", "png", "apng", "gif", "bmp"),
        *("dib", "webp", "tif", "tiff", "heic", "heif", "hif", "avif"),
    )
)
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "WEBP", "TIFF", "HEIF", "AVIF")  # MPO opens as JPEG
MAX_BYTES = 1 << 29
MAX_PIXELS = 250_000_000  # the largest phone sensors give 200 million
LARGE_PIXELS = 40_000_000
SHORT_SIDE = 512  # twice what the encoders look at
AREA = 4_000_000
THUMBNAIL_SIDE = 320

Reduction: TypeAlias = Callable[[tuple[int, int]], int]  # width and height → by how much to divide them

_MAGICS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
_AGAIN = "Copy it again from the camera or a backup."
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Large photos are decoded one at a time: together they could need gigabytes.
_one_large = threading.Lock()

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
silence_libtiff()
Image.init()  # now, as threads would race to load the decoders
Image.MAX_IMAGE_PIXELS = None  # `_check_pixels` decides instead, with the same bound for all
# Printers' colour profiles, and what editors write about a picture, come to more than a megabyte.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY


class FileAccessError(ImageError):
    """A file that can't be opened now (gone, not permitted, disk error, no memory), whatever it holds."""


@dataclass(frozen=True, slots=True, eq=False)
class FileBytes:
    """A file that was read: its path, all its bytes, and their hash (20 bytes)."""

    path: Path
    content: bytes
    digest: bytes


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhoto:
    """A decoded photo.

    Attributes:
        image: RGB, upright; may be scaled down (see `SHORT_SIDE`).
        metadata: What the headers say, with the size of the whole photo.
        digest: Hash of the file's bytes.
    """

    image: Image.Image
    metadata: PhotoMetadata
    digest: bytes


def read_photo(path: Path) -> DecodedPhoto:
    """Read and decode the photo at `path`.

    Raises:
        ImageError: It can't be read as a photo; says why and what to do.
    """
    return decode(read_file(path))


def read_file(path: Path) -> FileBytes:
    """Read a file's bytes once, and hash them.

    Raises:
        FileAccessError: It is missing, no regular file, or can't be read now; or memory is short.
        ImageError: It is empty, or larger than any photo.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise FileAccessError("This is not a file.", path=path, hint="Choose a photo.")
        if facts.st_size > MAX_BYTES:
            raise ImageError(
                f"The file has {facts.st_size >> 20} MB, more than the {MAX_BYTES >> 20} that can be read.",
                path=path,
                hint="Save a smaller copy.",
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise _no_access(error, path) from error
    except MemoryError as error:
        raise out_of_memory(path) from error
    if not content:
        raise ImageError("The file is empty.", path=path, hint=_AGAIN)
    return FileBytes(path, content, hashlib.blake2b(content, digest_size=20).digest())


def for_encoders(size: tuple[int, int]) -> int:
    """Return by how much a photo can be scaled down without losing what encoders see."""
    width, height = size
    return max(1, min(width, height) // SHORT_SIDE, ceil(sqrt(width * height / AREA)))


def decode(file: FileBytes, reduction: Reduction = for_encoders) -> DecodedPhoto:
    """Decode the bytes of a photo.

    Args:
        file: The bytes.
        reduction: By how much a photo of a size may be scaled down, at least 1.

    Raises:
        FileAccessError: They need more memory than there is.
        ImageError: They are no photo, damaged, cut short, or of too many pixels.
    """
    silence_warnings()
    try:
        image, metadata = _decoded(file, reduction)
    except MemoryError as error:
        raise out_of_memory(file.path) from error
    image.info = {}  # a JPEG writer would take a comment on, or fail on a long one
    return DecodedPhoto(image, metadata, file.digest)


def out_of_memory(path: Path) -> FileAccessError:
    """Return the error of a photo that needs more memory than there is."""
    return FileAccessError(
        "The photo needs more memory than there is.",
        path=path,
        hint="Close other programs and try again, or save a smaller copy.",
    )


def thumbnail_jpeg(image: Image.Image) -> bytes:
    """Return `image` as a JPEG whose longest side is at most 320 pixels; never enlarged."""
    scale = THUMBNAIL_SIDE / max(image.size)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=75)
    return target.getvalue()


def _decoded(file: FileBytes, reduction: Reduction) -> tuple[Image.Image, PhotoMetadata]:
    try:
        with Image.open(io.BytesIO(file.content), formats=FORMATS) as opened:
            _check_pixels(opened, file)
            with _turn(opened):
                return _load(opened, reduction)
    except (ImageError, MemoryError):
        raise
    except Exception as error:  # whatever a decoder raises, the file is to blame
        bitmap = read_bitfields(file.content, MAX_PIXELS)
        if bitmap is None:
            raise _damaged(error, file) from error
        return to_rgb(_reduced(bitmap, reduction)), PhotoMetadata(*bitmap.size)


def _load(opened: ImageFile.ImageFile, reduction: Reduction) -> tuple[Image.Image, PhotoMetadata]:
    """Decode, turn upright and scale down; orientation is applied exactly once.

    Pillow turns TIFF, and HEIF's decoder turns HEIF, while loading, and both then
    clear the tag: so what the headers still say afterwards is what remains to be done.
    """
    stored = _orientation(opened)
    size = opened.size
    factor = reduction(size)
    drafted = factor > 1 and opened.format in ("JPEG", "MPO")
    if drafted:
        opened.draft(None, (max(1, size[0] // factor), max(1, size[1] // factor)))
    opened.load()
    size = size if drafted else opened.size
    remaining = _orientation(opened)
    image = to_rgb(in_srgb(_reduced(opened, reduction)))
    if remaining in _UPRIGHT:
        image = image.transpose(_UPRIGHT[remaining])
    if remaining >= 5:
        size = size[1], size[0]
    original = _possible(opened.info.get("original_orientation") or stored)
    return image, read_headers(opened, size, original)


def _orientation(image: Image.Image) -> int:
    return _possible(read_exif(image).get(ORIENTATION))


def _possible(found: Any) -> int:
    """Return an orientation as it was found, or 1 where there is no such orientation."""
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _reduced(image: Image.Image, reduction: Reduction) -> Image.Image:
    """Scale a large image down before it is copied for anything else."""
    factor = reduction(image.size)
    if factor == 1 or image.mode not in ("L", "RGB", "CMYK", "RGBA"):
        return image
    smaller = image.reduce(factor)
    smaller.info = image.info
    return smaller


def _check_pixels(image: Image.Image, file: FileBytes) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise ImageError(
            f"The photo has {pixels // 1_000_000:,} megapixels, more than the "
            f"{MAX_PIXELS // 1_000_000} that can be read.",
            path=file.path,
            hint="Save a smaller copy.",
        )


def _turn(image: Image.Image) -> AbstractContextManager[object]:
    return _one_large if image.width * image.height > LARGE_PIXELS else nullcontext()


def _no_access(error: OSError | ValueError, path: Path) -> FileAccessError:
    if isinstance(error, FileNotFoundError):
        return FileAccessError("There is no such file.", path=path, hint="It may have been moved or renamed.")
    if isinstance(error, PermissionError):
        return FileAccessError("The file may not be read.", path=path, hint="Allow reading it.")
    reason = getattr(error, "strerror", None) or str(error)
    return FileAccessError(f"The file can't be read ({reason}).", path=path, hint="Check the drive it is on.")


def _damaged(error: Exception, file: FileBytes) -> ImageError:
    if isinstance(error, EOFError) or "truncated" in str(error).lower():
        what, hint = "The file is cut short.", _AGAIN
    elif file.content.startswith(_MAGICS) or file.content[4:8] == b"ftyp":
        what, hint = "The photo is damaged, or of a rare kind that can't be read.", _AGAIN
    else:
        what = "This is not a photo of a kind that can be read."
        hint = "If other programs can open it, save it as JPEG."
    return ImageError(what, path=file.path, hint=hint)
