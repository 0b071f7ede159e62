"""The values that cross the engine's borders: frozen, typed, without behaviour.

Everything here imports in milliseconds (no torch, no SQLAlchemy), so that a front
end can name these types before the models are loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]
ByteArray: TypeAlias = NDArray[np.uint8]

DescriptionSource = Literal["caption", "search", "composed"]
Strictness = Literal["best", "good", "more"]


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that the user added to the library.

    Attributes:
        id: Row id in the library.
        path: Absolute path of the folder.
        photos: Number of photos in it that are present.
        missing: Number of photos once seen in it and now gone.
        online: Whether the folder can be reached right now.
        favourites: Number of favourites in it, missing ones included.
    """

    id: int
    path: Path
    photos: int
    missing: int
    online: bool
    favourites: int = 0


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """What a photo's own headers say.

    Attributes:
        width: Pixels, upright (after EXIF orientation).
        height: Pixels, upright.
        orientation: EXIF orientation, 1 to 8 (1 where absent or invalid).
        taken: When the photo was taken, camera's local time, naive.
        camera: Maker and model, without repetition.
        latitude: Degrees, north positive.
        longitude: Degrees, east positive.
        description: IPTC/XMP/EXIF caption found in the file.
    """

    width: int
    height: int
    orientation: int = 1
    taken: datetime | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """How a photo was taken, as its own headers say; None for what they don't.

    Attributes:
        seconds: How long the shutter was open.
        aperture: The number below the f.
        iso: How sensitive the sensor was made.
        focal_length: Millimetres, of the lens itself.
        lens: The lens's name.
    """

    seconds: float | None = None
    aperture: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    lens: str | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo file of the library.

    Attributes:
        id: Row id in the library.
        path: Absolute path; undecodable bytes are kept by `os.fsdecode`.
        size: File size in bytes.
        mtime_ns: Modification time in nanoseconds since the epoch.
        metadata: What its headers say.
        missing: Whether the file was gone when its folder was last walked.
        favourite: Whether the user made it a favourite.
    """

    id: int
    path: Path
    size: int
    mtime_ns: int
    metadata: PhotoMetadata
    missing: bool = False
    favourite: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """Something that the networks can compute on.

    Attributes:
        name: What `load_models` calls it.
        label: What people call it.
    """

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class PackCard:
    """What there is to say about a model pack.

    Attributes:
        name: Its name and version.
        folder: Where it is.
        size: Bytes that its manifest lists.
        text: Its model card, in Markdown; "" where it has none.
    """

    name: str
    folder: Path
    size: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo's pixels, upright, for a screen.

    Attributes:
        pixels: Rows of red, green and blue bytes, without padding.
        width: Pixels in a row.
        height: Rows.
        full_width: Width of the whole photo, of which this may be a smaller copy.
        full_height: Height of the whole photo.
    """

    pixels: bytes
    width: int
    height: int
    full_width: int
    full_height: int


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """How much the library holds.

    Attributes:
        photos: Present photos.
        missing: Photos known but gone.
        unreadable: Files that could not be read as photos.
        roots: Folders.
    """

    photos: int
    missing: int
    unreadable: int
    roots: int


@dataclass(frozen=True, slots=True)
class LibrarySpace:
    """How many bytes the library takes on the disk.

    Attributes:
        total: All of it.
        thumbnails: The thumbnails.
        spare: What is free in its file, and is used before the file grows again.
    """

    total: int
    thumbnails: int
    spare: int


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A thumbnail that was just made.

    Attributes:
        jpeg: The picture, upright, longest side 320 px at most.
        digest: Hash of the file that it was made of.
    """

    jpeg: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """One photo of an answer.

    Attributes:
        rank: 1 for the best.
        photo: The photo.
        score: Match strength in 0 to 1, calibrated (fused where reranked).
        coarse: Cosine similarity of the coarse filter, -1 to 1.
        rerank: SGRAF similarity in 0 to 1; None where it was not reranked.
    """

    rank: int
    photo: Photo
    score: float
    coarse: float
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one query.

    Attributes:
        caption: The query as searched.
        hits: Best first.
        reranked: Whether SGRAF has scored the candidates.
        gallery: Number of photos that were searched.
        good: How many of the hits are good matches (they come first).
        notice: A sentence for the user (for example, words left out), or "".
        seconds: Time taken.
        cutoff: Strength from which a hit is a good match; None where all of them count as good.
    """

    caption: str
    hits: tuple[Hit, ...]
    reranked: bool
    gallery: int
    good: int = 0
    notice: str = ""
    seconds: float = 0.0
    cutoff: float | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """A sentence that describes a photo.

    Attributes:
        text: The sentence.
        score: Match strength in 0 to 1.
        source: Where the sentence comes from.
    """

    text: str
    score: float
    source: DescriptionSource


@dataclass(frozen=True, slots=True, eq=False)
class CaptionWords:
    """The words of one caption in the joint space of SGRAF.

    Attributes:
        texts: The L words as they were typed (lower-cased).
        vectors: (L, D) float32, each row of length 1.
    """

    texts: tuple[str, ...]
    vectors: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TextFeatures:
    """Encoded captions.

    Attributes:
        embeddings: (N, E) float32, each row of length 1 (coarse space).
        words: One `CaptionWords` per caption; None from an encoder without words.
    """

    embeddings: FloatArray
    words: tuple[CaptionWords, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ImageFeatures:
    """Encoded photos.

    Attributes:
        embeddings: (N, E) float32, each row of length 1 (coarse space).
        regions: One region code per photo (see `engine.sgraf.regions`); None from
            an encoder without regions.
    """

    embeddings: FloatArray
    regions: tuple[bytes, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a photo matched a caption.

    Attributes:
        words: The L words of the caption.
        weights: (L,) float32, how much each word decided; sums to 1.
        maps: (L, rows, columns) float32 over the upright photo, where each word was
            found; each map sums to 1.
        edges: (L, L) float32, how much word i drew on word j (rows sum to at most 1).
        similarity: SGRAF similarity in 0 to 1.
    """

    words: tuple[str, ...]
    weights: FloatArray
    maps: FloatArray
    edges: FloatArray
    similarity: float
