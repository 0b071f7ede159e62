"""SQL about the folders of the library, which never overlap."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, LargeBinary, Row, cast, delete, func, insert, literal, select, update

from engine.errors import FolderError
from engine.library.paths import Whereabouts, absolute, relative_to
from engine.library.records import FileStamp
from engine.library.schema import PhotoRow, RootRow, UnreadableRow
from engine.library.state import bump_revision


@dataclass(frozen=True, slots=True)
class Place:
    """Where a folder or file lies in the library: a root and a path relative to it."""

    root_id: int
    relative: bytes

    def is_inside(self, other: Place) -> bool:
        """Return whether this is a folder below `other`."""
        if self == other or self.root_id != other.root_id:
            return False
        return not other.relative or self.relative.startswith(other.relative + b"/")


def stored(connection: Connection) -> dict[int, bytes]:
    """Return root id to stored path, in the order they were added."""
    rows = connection.execute(select(RootRow.id, RootRow.path).order_by(RootRow.id))
    return {row.id: row.path for row in rows}


def counted(connection: Connection) -> Sequence[Row[int, bytes, int, int, int]]:
    """Return id, stored path, and numbers of present, missing and favourite photos of every root.

    They come in the order they were added.
    """
    return connection.execute(
        select(
            RootRow.id,
            RootRow.path,
            func.count(PhotoRow.id).filter(~PhotoRow.missing),
            func.count(PhotoRow.id).filter(PhotoRow.missing),
            func.count(PhotoRow.id).filter(PhotoRow.favourite),
        )
        .outerjoin(PhotoRow, PhotoRow.root_id == RootRow.id)
        .group_by(RootRow.id)
        .order_by(RootRow.id)
    ).all()


def locate(connection: Connection, path: Path) -> Place | None:
    """Return where an absolute or relative `path` lies in the library, or None."""
    return place_among(stored(connection), path)


def place_among(known: Mapping[int, bytes], path: Path) -> Place | None:
    """Return where a path lies among roots, given by id and stored path, or None.

    The drives are asked only where the names of no root say.
    """
    sought = Whereabouts(path)
    for within in (sought.named, sought.linked, sought.same):
        for root_id, root in known.items():
            relative = within(absolute(root, b""))
            if relative is not None:
                return Place(root_id, relative)
    return None


def inside(known: Mapping[int, bytes], folder: Path) -> dict[int, bytes]:
    """Return root id to path relative to `folder`, for those of the roots that lie in it."""
    relative = {root_id: relative_to(absolute(root, b""), folder) for root_id, root in known.items()}
    return {root_id: path for root_id, path in relative.items() if path}


def require(connection: Connection, folder: Path) -> Place:
    """Return where `folder` lies in the library.

    Raises:
        FolderError: It is in no root.
    """
    place = locate(connection, folder)
    if place is None:
        raise FolderError("This folder is not in the library.", path=folder, hint="Index it first.")
    return place


def add_root(connection: Connection, folder: Path, inner: Mapping[int, bytes]) -> int:
    """Add a root and return its id; the roots `inside` it become part of it, with photos and features."""
    added = connection.execute(insert(RootRow).values(path=os.fsencode(folder)).returning(RootRow.id))
    root_id = added.scalar_one()
    for inner_id, relative in inner.items():
        _absorb(connection, inner_id, relative, root_id)
    return root_id


def rename_root(connection: Connection, root_id: int, folder: Path) -> int:
    """Give a root another path, and return its id."""
    connection.execute(update(RootRow).where(RootRow.id == root_id).values(path=os.fsencode(folder)))
    bump_revision(connection)
    return root_id


def some_photos(connection: Connection, root_id: int, count: int) -> list[FileStamp]:
    """Return at most so many present photos of a root, from all over it."""
    of_root = (PhotoRow.root_id == root_id) & ~PhotoRow.missing
    number = connection.execute(select(func.count()).where(of_root)).scalar_one()
    rows = connection.execute(
        select(PhotoRow.path, PhotoRow.size, PhotoRow.mtime_ns).where(of_root).order_by(PhotoRow.path)
    )
    return [FileStamp(root_id, *row) for row in islice(rows, 0, None, max(1, -(-number // count)))]


def check_there(connection: Connection, root_ids: Collection[int]) -> None:
    """Raise unless all these roots are there.

    Raises:
        FolderError: Another program has removed one, or has made it part of another.
    """
    there = connection.execute(select(RootRow.id).where(RootRow.id.in_(root_ids))).scalars()
    if not set(root_ids) <= set(there):
        raise FolderError(
            "A folder was taken out of the library, or became part of another one, while it was read.",
            hint="Read it again if its photos are to be in the library.",
        )


def remove_root(connection: Connection, root_id: int) -> None:
    """Forget a root with its photos; contents that no other photo has are left to be pruned."""
    connection.execute(delete(RootRow).where(RootRow.id == root_id))
    bump_revision(connection)


def _absorb(connection: Connection, inner_id: int, relative: bytes, root_id: int) -> None:
    """Make root `inner_id` the folder `relative` of root `root_id`."""
    prefix = literal(relative + b"/", LargeBinary)
    for table in (PhotoRow, UnreadableRow):
        connection.execute(
            update(table)
            .where(table.root_id == inner_id)
            .values(root_id=root_id, path=cast(prefix.op("||")(table.path), LargeBinary))
        )
    connection.execute(delete(RootRow).where(RootRow.id == inner_id))
    bump_revision(connection)
