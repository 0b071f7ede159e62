"""SQL about the folders of the library, which never overlap."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, LargeBinary, cast, delete, func, insert, literal, select, update

from engine.errors import FolderError
from engine.library.paths import absolute, check_folder, is_online, relative_to
from engine.library.schema import PhotoRow, RootRow, UnreadableRow
from engine.library.state import bump_revision, prune_contents
from engine.types import Root


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


def all_roots(connection: Connection) -> tuple[Root, ...]:
    """Return the roots with their numbers of photos, in the order they were added."""
    rows = connection.execute(
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
    )
    roots = []
    for root_id, stored, present, missing, favourites in rows:
        path = absolute(stored, b"")
        roots.append(Root(root_id, path, present, missing, is_online(path), favourites))
    return tuple(roots)


def locate(connection: Connection, path: Path) -> Place | None:
    """Return where an absolute or relative `path` lies in the library, or None."""
    for root_id, stored in connection.execute(select(RootRow.id, RootRow.path)):
        relative = relative_to(path, absolute(stored, b""))
        if relative is not None:
            return Place(root_id, relative)
    return None


def require(connection: Connection, folder: Path) -> Place:
    """Return where `folder` lies in the library.

    Raises:
        FolderError: It is in no root.
    """
    place = locate(connection, folder)
    if place is None:
        raise FolderError("This folder is not in the library.", path=folder, hint="Index it first.")
    return place


def add_root(connection: Connection, folder: Path) -> int:
    """Return the id of the root that covers `folder`, adding one where there is none.

    Roots inside the new one become part of it: their photos and features are kept.

    Raises:
        FolderError: It is missing, not a folder, or may not be read.
    """
    check_folder(folder)
    place = locate(connection, folder)
    if place is not None:
        return place.root_id
    path = Path(os.path.abspath(folder))  # noqa: PTH100 - links in a user's folder name stay as given
    inner = [
        (row.id, relative)
        for row in connection.execute(select(RootRow.id, RootRow.path))
        if (relative := relative_to(absolute(row.path, b""), path))
    ]
    added = connection.execute(insert(RootRow).values(path=os.fsencode(path)).returning(RootRow.id))
    root_id = added.scalar_one()
    for inner_id, relative in inner:
        _absorb(connection, inner_id, relative, root_id)
    return root_id


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
    """Forget a root with its photos, and features that no other photo uses."""
    connection.execute(delete(RootRow).where(RootRow.id == root_id))
    prune_contents(connection)
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
