"""Filters → conditions on photos, and the folders that can be asked for."""

from __future__ import annotations

import os
import re
import sqlite3
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, String, and_, case, cast, func, nulls_last, or_, select
from sqlalchemy.sql.elements import ColumnElement

from engine.browsing import FIRST_FILE_DATE, NS, name_key
from engine.filters import FILE_TYPES, DateSpan, Filters, Orientation, plain_spelling
from engine.library.paths import absolute
from engine.library.schema import ContentRow, PhotoRow, RootRow

DAY = 86_400
_EPOCH = date(1970, 1, 1)
# Sides that differ by less than this part of the longer one count as equal.
_SQUARE = 50
_WHOLE_PATH = re.compile(r"(?:[a-z]:)?/")


def when_taken() -> ColumnElement[int]:
    """Return when a photo was taken, in seconds of local time: by its headers, else by its file's date.

    NULL where neither says: see `engine.browsing.date_of`.
    """
    seconds = func.strftime("%s", PhotoRow.mtime_ns // NS, "unixepoch", "localtime")
    of_file = case((PhotoRow.mtime_ns >= FIRST_FILE_DATE * NS, cast(seconds, Integer)))
    return func.coalesce(ContentRow.taken, of_file)


def newest_first() -> tuple[Any, ...]:
    """Return what puts photos in order, the newest first and those without a date last."""
    return nulls_last(when_taken().desc()), PhotoRow.id.desc()


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what photos must fulfil, for a query over photos, their contents and their roots."""
    wanted: list[ColumnElement[bool]] = []
    if filters.dates:
        wanted.append(or_(*(_taken_in(span) for span in filters.dates)))
    if filters.folders:
        wanted.append(
            or_(*(func.lies_in(RootRow.path, PhotoRow.path, _spelt(name)) == 1 for name in filters.folders))
        )
    if filters.cameras:
        wanted.append(
            or_(*(func.instr(func.folded(ContentRow.camera), folded(name)) > 0 for name in filters.cameras))
        )
    if filters.types:
        name = cast(PhotoRow.path, String)
        suffixes = [suffix for kind in filters.types for suffix in FILE_TYPES[kind]]
        wanted.append(or_(*(name.like(f"%.{suffix}") for suffix in suffixes)))
    if filters.orientations:
        wanted.append(_shape().in_(filters.orientations))
    if filters.favourite:
        wanted.append(PhotoRow.favourite.is_(True))
    if filters.located:
        wanted.append(and_(ContentRow.latitude.is_not(None), ContentRow.longitude.is_not(None)))
    return wanted


def folders(connection: Connection) -> list[str]:
    """Return the folders with present photos: the root's name and the path below it, closed by "/"."""
    rows = connection.execute(
        select(RootRow.path, func.folder_of(PhotoRow.path).label("folder"))
        .join(PhotoRow, PhotoRow.root_id == RootRow.id)
        .where(~PhotoRow.missing)
        .distinct()
    )
    return sorted({shown_folder(row.path, row.folder) for row in rows}, key=folded)


def years(connection: Connection) -> list[int]:
    """Return the years of present photos, latest first."""
    year = cast(func.strftime("%Y", when_taken(), "unixepoch"), Integer)
    rows = connection.execute(
        select(year)
        .select_from(PhotoRow)
        .join(ContentRow, ContentRow.id == PhotoRow.content_id)
        .where(~PhotoRow.missing)
        .distinct()
    )
    return sorted((found for found in rows.scalars() if found), reverse=True)


def cameras(connection: Connection) -> list[str]:
    """Return the cameras of present photos."""
    rows = connection.execute(
        select(ContentRow.camera)
        .join(PhotoRow, PhotoRow.content_id == ContentRow.id)
        .where(ContentRow.camera.is_not(None), ~PhotoRow.missing)
        .distinct()
    )
    return sorted((name for name in rows.scalars() if name), key=folded)


def add_functions(connection: sqlite3.Connection) -> None:
    """Teach an SQLite connection to compare names as people do; its own `lower` knows only ASCII."""
    connection.create_function("folded", 1, folded, deterministic=True)
    connection.create_function("name_key", 1, _name_key, deterministic=True)
    connection.create_function("folder_of", 1, _folder_of, deterministic=True)
    connection.create_function("lies_in", 3, _lies_in, deterministic=True)


@lru_cache(maxsize=65_536)
def folded(text: str | None) -> str:
    """Return a name in the one spelling in which names are compared."""
    return plain_spelling(text or "").casefold()


def _spelt(folder: str) -> str:
    """Return a folder as it was typed, in the spelling in which folders are compared."""
    return folded(folder.replace(os.sep, "/"))


def _taken_in(span: DateSpan) -> ColumnElement[bool]:
    when = when_taken()
    ends = []
    if span.first is not None:
        ends.append(when >= (span.first - _EPOCH).days * DAY)
    if span.last is not None:
        ends.append(when < ((span.last - _EPOCH).days + 1) * DAY)
    return and_(*ends)


def _shape() -> ColumnElement[Orientation]:
    width, height = ContentRow.width, ContentRow.height
    longer = func.max(width, height)
    return case(
        (func.abs(width - height) * _SQUARE <= longer, "square"),
        (width > height, "landscape"),
        else_="portrait",
    )


def _lies_in(root: bytes, path: bytes, name: str) -> bool:
    """Return whether a photo's folder has a word that begins with a folded name, or begins with that path."""
    return _matches(root, _folder_of(path), name)


def _folder_of(path: bytes) -> bytes:
    return path.rpartition(b"/")[0]


def _name_key(path: bytes) -> bytes:
    """Return what sorts as `name_key` does; as text, SQLite would refuse what is not UTF-8."""
    return name_key(os.fsdecode(path.rpartition(b"/")[2])).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=65_536)
def _matches(root: bytes, folder: bytes, name: str) -> bool:
    if _WHOLE_PATH.match(name):
        return folded(f"{absolute(root, folder).as_posix()}/").startswith(name)
    return re.search(rf"(?<![^\W_]){re.escape(name)}", folded(shown_folder(root, folder))) is not None


def shown_folder(root: bytes, folder: bytes) -> str:
    """Return a folder as one sees it: its root's own name (of a drive its path), and the path below that."""
    path = absolute(root, b"")
    top = path.name or path.as_posix().rstrip("/")
    return f"{top}/{os.fsdecode(folder)}/" if folder else f"{top}/"
