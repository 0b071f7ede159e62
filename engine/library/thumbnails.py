"""SQL about thumbnails: reading, adding, clearing them, and which files they were made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, LargeBinary, bindparam, delete, func, insert, literal, select

from engine.library.paths import absolute
from engine.library.photos import among
from engine.library.schema import ContentRow, PhotoRow, RootRow, ThumbnailRow
from engine.types import Thumbnail

_OF_PHOTO = (  # made once: the grid asks very often
    select(ThumbnailRow.jpeg)
    .join(PhotoRow, PhotoRow.content_id == ThumbnailRow.content_id)
    .where(PhotoRow.id == bindparam("photo_id"))
)
_ADD_MADE = insert(ThumbnailRow).prefix_with("OR IGNORE")


@dataclass(frozen=True, slots=True)
class KnownCopy:
    """A file with a certain content, as it was when it was read."""

    path: Path
    size: int
    mtime_ns: int


def thumbnail(connection: Connection, photo_id: int) -> bytes | None:
    """Return the JPEG thumbnail of a photo, or None where there is none."""
    return connection.execute(_OF_PHOTO, {"photo_id": photo_id}).scalar_one_or_none()


def add_made(connection: Connection, photo_id: int, made: Thumbnail) -> None:
    """Add a thumbnail, where the photo still has the content that it was made of and no thumbnail."""
    connection.execute(
        _ADD_MADE.from_select(
            ["content_id", "jpeg"],
            select(ContentRow.id, literal(made.jpeg, LargeBinary))
            .join(PhotoRow, PhotoRow.content_id == ContentRow.id)
            .where(PhotoRow.id == photo_id, ContentRow.digest == made.digest),
        )
    )


def origins(connection: Connection, photo_id: int) -> tuple[bytes, tuple[Path, ...]] | None:
    """Return the hash of a photo's content and the files that had it, its own first; or None."""
    content = select(PhotoRow.content_id).where(PhotoRow.id == photo_id).scalar_subquery()
    rows = connection.execute(
        select(ContentRow.digest, RootRow.path.label("root"), PhotoRow.path)
        .join(PhotoRow, PhotoRow.content_id == ContentRow.id)
        .join(RootRow, RootRow.id == PhotoRow.root_id)
        .where(ContentRow.id == content)
        .order_by(PhotoRow.id != photo_id, PhotoRow.id)
    ).all()
    return (rows[0].digest, tuple(absolute(row.root, row.path) for row in rows)) if rows else None


def bytes_taken(connection: Connection) -> int:
    """Return how many bytes all thumbnails have."""
    taken = connection.execute(select(func.sum(func.length(ThumbnailRow.jpeg)))).scalar_one()
    return int(taken or 0)


def newest(connection: Connection) -> int:
    """Return the highest content id that has a thumbnail, 0 for none."""
    return connection.execute(select(func.max(ThumbnailRow.content_id))).scalar_one() or 0


def contents_with(connection: Connection, *, after: int, until: int, most: int) -> list[int]:
    """Return the first few ids of contents with thumbnails that lie above one id and not above another."""
    ids = ThumbnailRow.content_id
    query = select(ids).where(ids > after, ids <= until).order_by(ids).limit(most)
    return list(connection.execute(query).scalars())


def copies(
    connection: Connection, content_ids: Iterable[int], root_ids: Collection[int]
) -> dict[int, list[KnownCopy]]:
    """Return content id to the files with it under some roots; contents without any are in it, too."""
    found: dict[int, list[KnownCopy]] = {content_id: [] for content_id in content_ids}
    rows = connection.execute(
        select(
            PhotoRow.content_id,
            RootRow.path.label("root"),
            PhotoRow.path,
            PhotoRow.size,
            PhotoRow.mtime_ns,
        )
        .join(RootRow, RootRow.id == PhotoRow.root_id)
        .where(PhotoRow.content_id.in_(among(found)), PhotoRow.root_id.in_(root_ids))
    )
    for row in rows:
        found[row.content_id].append(KnownCopy(absolute(row.root, row.path), row.size, row.mtime_ns))
    return found


def clear(connection: Connection, content_ids: Iterable[int]) -> int:
    """Delete the thumbnails of contents; return how many bytes they had."""
    gone = delete(ThumbnailRow).where(ThumbnailRow.content_id.in_(among(content_ids)))
    return sum(connection.execute(gone.returning(func.length(ThumbnailRow.jpeg))).scalars())
