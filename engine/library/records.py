"""What the indexer hands to the library, and what it asks of it.

One file is one record from the first look to the last, so that a failure can never
put one photo's features on another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.types import FloatArray, PhotoMetadata

Change = Literal["added", "updated", "moved", "unchanged"]


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file as the file system describes it.

    Attributes:
        root_id: Row id of its root.
        path: Path relative to the root, as bytes with `/` between the parts.
        size: Bytes.
        mtime_ns: Modification time, nanoseconds since the epoch.
    """

    root_id: int
    path: bytes
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the library remembers of a file.

    Attributes:
        size: Bytes, when it was last read.
        mtime_ns: Modification time, when it was last read.
        missing: Whether it was gone at the last walk.
        complete: Whether it has the features of every pack that was asked for.
        reason: Why it could not be read, or None for a photo.
    """

    size: int
    mtime_ns: int
    missing: bool
    complete: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What one encoder made of a photo.

    Attributes:
        embedding: (E,) float32.
        region: The region code, or None from an encoder without regions.
    """

    embedding: FloatArray
    region: bytes | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NewContent:
    """A photo that was decoded and encoded.

    Attributes:
        metadata: What its headers say.
        thumbnail: JPEG.
        features: Pack id to features.
    """

    metadata: PhotoMetadata
    thumbnail: bytes
    features: Mapping[str, Features]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A file that was read.

    Attributes:
        stamp: The file.
        digest: Hash of its bytes.
        content: What it holds; None where the library knows this content already.
    """

    stamp: FileStamp
    digest: bytes
    content: NewContent | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that is no readable photo, and the reason in the user's words."""

    stamp: FileStamp
    reason: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A file or folder that could not be opened this time, and the reason in the user's words.

    Attributes:
        root_id: Row id of its root.
        path: Path relative to the root.
        reason: Why.
    """

    root_id: int
    path: bytes
    reason: str
