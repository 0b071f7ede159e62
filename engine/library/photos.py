"""SQL about photos: which there are, what is known of them, captions, favourites."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, Select, bindparam, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from engine.filters import Filters
from engine.library.fetching import IdArray, numbers
from engine.library.filtering import conditions, newest_first
from engine.library.paths import absolute, subtree_bounds
from engine.library.roots import Place, locate, require
from engine.library.schema import ContentRow, PhotoRow, RootRow, UnreadableRow
from engine.reports import Skip
from engine.types import LibraryCounts, Photo, PhotoMetadata

EPOCH = datetime(1970, 1, 1)


def counts(connection: Connection) -> LibraryCounts:
    """Return how much the library holds."""
    missing = PhotoRow.missing
    present, gone = connection.execute(
        select(func.count().filter(~missing), func.count().filter(missing)).select_from(PhotoRow)
    ).one()
    unreadable = connection.execute(select(func.count()).select_from(UnreadableRow)).scalar_one()
    roots = connection.execute(select(func.count()).select_from(RootRow)).scalar_one()
    return LibraryCounts(present, gone, unreadable, roots)


def photos(connection: Connection, photo_ids: Iterable[int]) -> dict[int, Photo]:
    """Return the photos with these ids; ids that are not there are left out."""
    rows = connection.execute(_PHOTOS.where(PhotoRow.id.in_(among(photo_ids))))
    return {row.id: _photo(row) for row in rows}


def photo(connection: Connection, photo_id: int) -> Photo | None:
    """Return one photo, or None."""
    row = connection.execute(_ONE, {"photo_id": photo_id}).one_or_none()
    return None if row is None else _photo(row)


def find(connection: Connection, path: Path) -> Photo | None:
    """Return the photo at `path`, or None."""
    place = locate(connection, path)
    if place is None:
        return None
    row = connection.execute(
        _PHOTOS.where(PhotoRow.root_id == place.root_id, PhotoRow.path == place.relative)
    ).one_or_none()
    return None if row is None else _photo(row)


def present_ids(connection: Connection, folder: Path | None, filters: Filters) -> list[int]:
    """Return the ids of the present photos that pass the filters, newest first."""
    query = passing(filters).order_by(*newest_first())
    if folder is not None:
        query = query.where(*under(PhotoRow, require(connection, folder)))
    return list(connection.execute(query).scalars())


def ids_under(connection: Connection, folder: Path) -> IdArray:
    """Return the sorted ids of the present photos under `folder`."""
    place = require(connection, folder)
    query = select(PhotoRow.id).where(~PhotoRow.missing, *under(PhotoRow, place)).order_by(PhotoRow.id)
    return numbers(connection, query, 1)[:, 0]


def passing_ids(connection: Connection, filters: Filters) -> IdArray:
    """Return the sorted ids of the present photos that pass the filters."""
    query = passing(filters).order_by(PhotoRow.id)
    return numbers(connection, query, 1)[:, 0]


def favourites(connection: Connection) -> frozenset[int]:
    """Return the ids of the favourites."""
    return frozenset(connection.execute(select(PhotoRow.id).where(PhotoRow.favourite)).scalars())


def set_favourite(connection: Connection, photo_ids: Iterable[int], favourite: bool) -> None:
    """Make photos favourites, or not any more."""
    connection.execute(update(PhotoRow).where(PhotoRow.id.in_(among(photo_ids))).values(favourite=favourite))


def skipped(connection: Connection) -> tuple[Skip, ...]:
    """Return the files that could not be read as photos, by path."""
    rows = connection.execute(
        select(RootRow.path, UnreadableRow.path.label("relative"), UnreadableRow.reason)
        .join(RootRow, RootRow.id == UnreadableRow.root_id)
        .order_by(RootRow.path, UnreadableRow.path)
    )
    return tuple(Skip(absolute(row.path, row.relative), row.reason) for row in rows)


def captions(connection: Connection, limit: int | None) -> list[str]:
    """Return the distinct descriptions that present photos carry in their headers, at most `limit`."""
    query = (
        select(ContentRow.description)
        .join(PhotoRow, PhotoRow.content_id == ContentRow.id)
        .where(ContentRow.description.is_not(None), ~PhotoRow.missing)
        .group_by(ContentRow.description)
        .order_by(func.min(PhotoRow.id))
        .limit(limit)
    )
    return [text for text in connection.execute(query).scalars() if text is not None]


def under(table: type[PhotoRow] | type[UnreadableRow], place: Place) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the rows of `table` that lie under a place."""
    same_root = table.root_id == place.root_id
    if not place.relative:
        return (same_root,)
    first, below = subtree_bounds(place.relative)
    return same_root, table.path >= first, table.path < below


def among(ids: Iterable[int]) -> Select[int]:
    """Return a subquery of given ids, as one bound value however many there are."""
    values = func.json_each(json.dumps([int(number) for number in ids]))
    return select(values.table_valued(Column("value", Integer)).c.value)


def seconds_from(taken: datetime | None) -> int | None:
    """Return a camera's local time as seconds since 1970 in that same local time."""
    return None if taken is None else round((taken - EPOCH).total_seconds())


def passing(filters: Filters) -> Select[int]:
    """Return the query for the ids of the present photos that pass the filters."""
    return (
        select(PhotoRow.id)
        .join(ContentRow, ContentRow.id == PhotoRow.content_id)
        .join(RootRow, RootRow.id == PhotoRow.root_id)
        .where(~PhotoRow.missing, *conditions(filters))
    )


_PHOTOS: Select[*tuple[Any, ...]] = (
    select(
        PhotoRow.id,
        RootRow.path.label("root"),
        PhotoRow.path,
        PhotoRow.size,
        PhotoRow.mtime_ns,
        PhotoRow.missing,
        PhotoRow.favourite,
        ContentRow.width,
        ContentRow.height,
        ContentRow.orientation,
        ContentRow.taken,
        ContentRow.camera,
        ContentRow.latitude,
        ContentRow.longitude,
        ContentRow.description,
    )
    .join(RootRow, RootRow.id == PhotoRow.root_id)
    .join(ContentRow, ContentRow.id == PhotoRow.content_id)
)
_ONE = _PHOTOS.where(PhotoRow.id == bindparam("photo_id"))  # made once: the grid asks very often


def _photo(row: Row[*tuple[Any, ...]]) -> Photo:
    metadata = PhotoMetadata(
        width=row.width,
        height=row.height,
        orientation=row.orientation,
        taken=None if row.taken is None else EPOCH + timedelta(seconds=row.taken),
        camera=row.camera,
        latitude=row.latitude,
        longitude=row.longitude,
        description=row.description,
    )
    path = absolute(row.root, row.path)
    return Photo(row.id, path, row.size, row.mtime_ns, metadata, row.missing, row.favourite)
