"""Photos' files: the only door to Pillow and HEIF, from bytes to upright RGB and metadata.

Importing it does not import torch.
"""

from engine.image.decoding import (
    MAX_PIXELS,
    SUFFIXES,
    DecodedPhoto,
    FileAccessError,
    FileBytes,
    decode,
    out_of_memory,
    read_file,
    read_photo,
    thumbnail_jpeg,
)
from engine.image.exposure import read_exposure
from engine.image.pictures import image_of, read_example, read_picture

__all__ = [
    "MAX_PIXELS",
    "SUFFIXES",
    "DecodedPhoto",
    "FileAccessError",
    "FileBytes",
    "decode",
    "image_of",
    "out_of_memory",
    "read_example",
    "read_exposure",
    "read_file",
    "read_photo",
    "read_picture",
    "thumbnail_jpeg",
]
