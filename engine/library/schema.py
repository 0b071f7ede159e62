"""The tables, as typed SQLAlchemy classes that the queries are written with.

The statements that create them are frozen in `engine.library.migrations`; a test
keeps the two equal. Features belong to a *content* (the hash of a file's bytes), so
that a file that was moved or copied need not be read again; every file is still its
own photo. Embeddings and regions lie in separate tables, because loading the coarse
filter must not wade through megabytes of regions.
"""

from __future__ import annotations

from sqlalchemy import Double, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base class of the tables."""

    type_annotation_map = {bytes: LargeBinary, float: Double}  # noqa: RUF012 - SQLAlchemy reads it from the class


class RootRow(Base):
    """A folder that the user added; `path` is absolute, as the system's bytes."""

    __tablename__ = "roots"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[bytes] = mapped_column(unique=True)

    __table_args__ = ({"sqlite_autoincrement": True},)


class ContentRow(Base):
    """What a file holds: its bytes' hash and what its headers say.

    Ids only grow and are never used again. `taken` counts seconds from 1970 in the
    camera's local time.
    """

    __tablename__ = "contents"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    orientation: Mapped[int]
    taken: Mapped[int | None]
    camera: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    description: Mapped[str | None]

    __table_args__ = ({"sqlite_autoincrement": True},)


class PhotoRow(Base):
    """A file; `path` is relative to its root, as bytes with `/` between the parts.

    A favourite is a file, not a content: it stays one when the file is edited, and a
    copy elsewhere is not made one.
    """

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("roots.id", ondelete="CASCADE"))
    path: Mapped[bytes]
    size: Mapped[int]
    mtime_ns: Mapped[int]
    content_id: Mapped[int] = mapped_column(ForeignKey("contents.id"))
    missing: Mapped[bool] = mapped_column(default=False)
    favourite: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("root_id", "path"),
        Index("photos_content", "content_id"),
        {"sqlite_autoincrement": True},
    )


class UnreadableRow(Base):
    """A file that could not be read as a photo, so as not to try again until it changes.

    A `size` of -1, which no file has, stands for what is tried again in any case: a file or
    folder that could not be opened, or one that the user wants tried again.
    """

    __tablename__ = "unreadable"

    root_id: Mapped[int] = mapped_column(ForeignKey("roots.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[bytes] = mapped_column(primary_key=True)
    size: Mapped[int]
    mtime_ns: Mapped[int]
    reason: Mapped[str]


class PackRow(Base):
    """A model pack that made features; `name` is the pack id of its encoder."""

    __tablename__ = "packs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class EmbeddingRow(Base):
    """A coarse embedding; `vector` is little-endian float16."""

    __tablename__ = "embeddings"

    content_id: Mapped[int] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id"), primary_key=True)
    vector: Mapped[bytes]


class RegionRow(Base):
    """The region code of a content (at most 16 kB), written by the pack's own codec."""

    __tablename__ = "regions"

    content_id: Mapped[int] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id"), primary_key=True)
    code: Mapped[bytes]


class ThumbnailRow(Base):
    """A small JPEG of a content."""

    __tablename__ = "thumbnails"

    content_id: Mapped[int] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True)
    jpeg: Mapped[bytes]


class SearchRow(Base):
    """A caption that was searched; the highest id is the latest."""

    __tablename__ = "searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)

    __table_args__ = ({"sqlite_autoincrement": True},)


class SavedSearchRow(Base):
    """A search that the user keeps under its own text; the highest id is the latest."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)

    __table_args__ = ({"sqlite_autoincrement": True},)


class StateRow(Base):
    """Numbers about the library as a whole; `revision` grows with every change to search in."""

    __tablename__ = "state"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class SchemaRow(Base):
    """The record of the migrations that made this file."""

    __tablename__ = "schema"

    version: Mapped[int] = mapped_column(primary_key=True)
    migration: Mapped[str]
    applied: Mapped[str]
