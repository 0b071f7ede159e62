"""One file, from its path to what an encoder takes. Runs on the threads of the pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from engine.errors import ImageError
from engine.image import FileAccessError, decode, out_of_memory, read_file, thumbnail_jpeg
from engine.indexer.survey import Candidate
from engine.library import Failure, Library, Reading
from engine.types import PhotoMetadata

if TYPE_CHECKING:
    from engine.models import Encoder


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A decoded photo that waits for its batch.

    Attributes:
        candidate: The file.
        digest: Hash of its bytes.
        metadata: What its headers say.
        thumbnail: JPEG.
        arrays: What each encoder takes, in the order of the encoders.
    """

    candidate: Candidate
    digest: bytes
    metadata: PhotoMetadata
    thumbnail: bytes
    arrays: tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A file that could not be opened now; it is tried again in the next run.

    Attributes:
        candidate: The file.
        reason: Why, in the user's words.
        vanished: Whether it is gone since the folder was walked.
    """

    candidate: Candidate
    reason: str
    vanished: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is no readable photo."""

    candidate: Candidate
    failure: Failure


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """A file whose content the library knows, with the features of all encoders."""

    candidate: Candidate
    reading: Reading


Outcome = Prepared | Recognised | Refused | Unreachable


def read_candidate(library: Library, encoders: Sequence[Encoder], candidate: Candidate) -> Outcome:
    """Read a file once: recognise its content, or decode it, or say why it can't be read."""
    try:
        file = read_file(candidate.path)
        if library.has_content(file.digest, [encoder.pack_id for encoder in encoders]):
            return Recognised(candidate, Reading(candidate.stamp, file.digest))
        photo = decode(file)
        return Prepared(
            candidate,
            photo.digest,
            photo.metadata,
            thumbnail_jpeg(photo.image),
            tuple(encoder.prepare(photo.image) for encoder in encoders),
        )
    except FileAccessError as error:
        vanished = isinstance(error.__cause__, FileNotFoundError)
        return Unreachable(candidate, error.sentences, vanished)
    except MemoryError:  # the decoded photo was not the last that memory was needed for
        return Unreachable(candidate, out_of_memory(candidate.path).sentences, vanished=False)
    except ImageError as error:
        return Refused(candidate, Failure(candidate.stamp, error.sentences))
