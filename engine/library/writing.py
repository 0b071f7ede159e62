"""SQL that the indexer needs: what is known of a folder, and one batch written at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from engine.library.contents import add_contents, add_features, known_contents
from engine.library.paths import absolute, is_cut_off, is_online, is_respelt
from engine.library.photos import under
from engine.library.records import Change, Failure, FileStamp, KnownFile, Obstacle, Reading
from engine.library.roots import Place, check_there
from engine.library.schema import EmbeddingRow, PhotoRow, RootRow, UnreadableRow
from engine.library.state import pack_number

# A photo (id, root, path, missing, path of its root) with the content of a file that is new.
Copy: TypeAlias = tuple[Row[int, int, bytes, bool, bytes], FileStamp]

_TRY_AGAIN = -1  # the size of no file

_AT_PATHS = select(PhotoRow.id, PhotoRow.root_id, PhotoRow.path, PhotoRow.content_id, PhotoRow.missing).where(
    tuple_(PhotoRow.root_id, PhotoRow.path).in_(bindparam("paths", expanding=True))
)
_COPIES = 32  # of a content whose files are looked for; among thousands, a moved one may count as a new one
_WITH_CONTENT = (
    select(PhotoRow.id, PhotoRow.root_id, PhotoRow.path, PhotoRow.missing, RootRow.path.label("root"))
    .join(RootRow, RootRow.id == PhotoRow.root_id)
    .where(PhotoRow.content_id == bindparam("content"))
    .order_by(PhotoRow.missing.desc(), PhotoRow.id)
    .limit(_COPIES)
)
_ADD_PHOTO = insert(PhotoRow)
_CHANGE_PHOTO = (
    update(PhotoRow)
    .where(PhotoRow.id == bindparam("photo"))
    .values(
        {name: bindparam(name) for name in ("root_id", "path", "size", "mtime_ns", "content_id", "missing")}
    )
)
_MARK = (
    update(PhotoRow)
    .where(
        PhotoRow.root_id == bindparam("root"),
        PhotoRow.path == bindparam("at"),
        PhotoRow.missing != bindparam("gone"),
    )
    .values(missing=bindparam("gone"))
)
_FORGET = delete(UnreadableRow).where(
    UnreadableRow.root_id == bindparam("root"), UnreadableRow.path == bindparam("at")
)


def known_files(connection: Connection, place: Place, pack_ids: Sequence[str]) -> dict[bytes, KnownFile]:
    """Return stored path to what is remembered, for every file under a place."""
    complete = _has_features(connection, PhotoRow.content_id, pack_ids).label("complete")
    rows = connection.execute(
        select(PhotoRow.path, PhotoRow.size, PhotoRow.mtime_ns, PhotoRow.missing, complete).where(
            *under(PhotoRow, place)
        )
    )
    known = {row.path: KnownFile(row.size, row.mtime_ns, row.missing, bool(row.complete)) for row in rows}
    refused = connection.execute(
        select(UnreadableRow.path, UnreadableRow.size, UnreadableRow.mtime_ns, UnreadableRow.reason).where(
            *under(UnreadableRow, place)
        )
    )
    for row in refused:
        known[row.path] = KnownFile(row.size, row.mtime_ns, missing=True, complete=False, reason=row.reason)
    return known


def copies_of_new(connection: Connection, readings: Sequence[Reading]) -> list[Copy]:
    """Return the photos that files which are not known might have been before."""
    ids = known_contents(connection, (reading.digest for reading in readings))
    placed = [reading for reading in readings if reading.digest in ids]
    rows = _photos_at(connection, placed)
    return [
        (row, reading.stamp)
        for reading in placed
        if (reading.stamp.root_id, reading.stamp.path) not in rows
        for row in connection.execute(_WITH_CONTENT, {"content": ids[reading.digest]})
    ]


def gone_among(copies: Iterable[Copy]) -> frozenset[Copy]:
    """Return those of the copies whose file is certainly gone.

    This asks their drives, of which one that hangs keeps us waiting: not within a transaction.
    """
    return frozenset(copy for copy in copies if _is_gone(*copy))


def record(
    connection: Connection,
    readings: Sequence[Reading],
    failures: Sequence[Failure],
    gone: AbstractSet[Copy],
) -> list[Change | None]:
    """Write a batch; return what became of each reading.

    None stands for a reading without content whose content has just been deleted by
    another program; the file is left for the next run.

    Args:
        connection: In the write transaction.
        readings: Files that were read.
        failures: Files that are no photos.
        gone: Photos whose file was gone just now. One that has changed in the library since
            counts as there.

    Raises:
        FolderError: So has a folder that they are in.
    """
    stamps = [*(reading.stamp for reading in readings), *(failure.stamp for failure in failures)]
    check_there(connection, {stamp.root_id for stamp in stamps})
    known = known_contents(connection, (reading.digest for reading in readings))
    add_contents(connection, readings, known)
    ids = {**known, **known_contents(connection, (r.digest for r in readings if r.digest not in known))}
    placed = [reading for reading in readings if reading.digest in ids]
    updated = add_features(connection, placed, ids) & set(known.values())
    _forget_failures(connection, [reading.stamp for reading in placed])
    changes = iter(_place_photos(connection, placed, ids, updated, gone))
    for failure in failures:
        _record_failure(connection, failure)
    return [next(changes) if reading.digest in ids else None for reading in readings]


def note_obstacles(connection: Connection, obstacles: Sequence[Obstacle]) -> None:
    """Remember what could not be opened, to be tried again; photos that are known stay as they are."""
    check_there(connection, {obstacle.root_id for obstacle in obstacles})
    for obstacle in obstacles:
        stamp = FileStamp(obstacle.root_id, obstacle.path, _TRY_AGAIN, _TRY_AGAIN)
        _forget_failures(connection, [stamp])
        connection.execute(insert(UnreadableRow), {**_stamp_values(stamp), "reason": obstacle.reason})


def try_again(connection: Connection) -> None:
    """Have every unreadable file tried again in the next run, changed or not."""
    connection.execute(update(UnreadableRow).values(size=_TRY_AGAIN, mtime_ns=_TRY_AGAIN))


def mark(connection: Connection, root_id: int, paths: Sequence[bytes], *, gone: bool) -> int:
    """Mark photos of a root as gone, or as there again; return how many were not marked so before.

    Unreadable files that are gone are forgotten.
    """
    files = [{"root": root_id, "at": path} for path in paths]
    if gone:
        connection.execute(_FORGET, files)
    return connection.execute(_MARK, [{**file, "gone": gone} for file in files]).rowcount


def _has_features(
    connection: Connection, content_id: InstrumentedAttribute[int], pack_ids: Sequence[str]
) -> ColumnElement[bool]:
    """Return the condition that a content has the features of all these packs."""
    numbers = [pack_number(connection, pack_id) for pack_id in pack_ids]
    return and_(
        literal(True),
        *(
            exists().where(EmbeddingRow.content_id == content_id, EmbeddingRow.pack_id == number)
            for number in numbers
        ),
    )


def _photos_at(
    connection: Connection, readings: Sequence[Reading]
) -> dict[tuple[int, bytes], Row[int, int, bytes, int, bool]]:
    """Return root and path to the photo there, for those of the files that are known."""
    paths = [(reading.stamp.root_id, reading.stamp.path) for reading in readings]
    return {(row.root_id, row.path): row for row in connection.execute(_AT_PATHS, {"paths": paths})}


def _place_photos(
    connection: Connection,
    readings: Sequence[Reading],
    ids: Mapping[bytes, int],
    updated: set[int],
    gone: AbstractSet[Copy],
) -> list[Change]:
    """Let the photo rows of files point to their contents; return what changed of each.

    Args:
        connection: In the write transaction.
        readings: The files.
        ids: Digest to content id.
        updated: Contents known before that got new features.
        gone: Photos whose file was gone just now.
    """
    rows = _photos_at(connection, readings)
    changes: list[Change] = []
    for reading in readings:
        content_id = ids[reading.digest]
        row = rows.get((reading.stamp.root_id, reading.stamp.path))
        photo_id = _moved_from(connection, content_id, reading.stamp, gone) if row is None else row.id
        values = {**_stamp_values(reading.stamp), "content_id": content_id, "missing": False}
        if photo_id is None:
            connection.execute(_ADD_PHOTO, values)
            changes.append("added")
            continue
        connection.execute(_CHANGE_PHOTO, {**values, "photo": photo_id})
        if row is None:
            changes.append("moved")
        elif row.missing:
            changes.append("added")
        else:
            changes.append(
                "updated" if content_id in updated or row.content_id != content_id else "unchanged"
            )
    return changes


def _moved_from(
    connection: Connection, content_id: int, stamp: FileStamp, gone: AbstractSet[Copy]
) -> int | None:
    """Return a photo with this content whose file is certainly gone, or None.

    One that was still there at the last walk goes before those that were missing then. Where
    its root can't be reached, nothing is known of the file, so the new one counts as a copy.
    """
    rows = connection.execute(_WITH_CONTENT, {"content": content_id}).all()
    moved = [row for row in rows if (row, stamp) in gone]
    return min(moved, key=lambda row: row.missing).id if moved else None


def _is_gone(row: Row[int, int, bytes, bool, bytes], stamp: FileStamp) -> bool:
    """Return whether a photo's file is not there any more, or now has the name in `stamp`."""
    path = absolute(row.root, row.path)
    try:
        os.lstat(path)  # even one that was missing may be back
    except (FileNotFoundError, NotADirectoryError):
        return row.missing or (is_online(absolute(row.root, b"")) and not is_cut_off(path))
    except (OSError, ValueError):  # it may not be looked at, or its drive fails: nothing is known of it
        return False
    return row.root_id == stamp.root_id and is_respelt(path, absolute(row.root, stamp.path))


def _record_failure(connection: Connection, failure: Failure) -> None:
    """Remember an unreadable file; a photo that it once was is not there any more."""
    stamp = failure.stamp
    connection.execute(
        update(PhotoRow)
        .where(PhotoRow.root_id == stamp.root_id, PhotoRow.path == stamp.path)
        .values(missing=True)
    )
    _forget_failures(connection, [stamp])
    connection.execute(insert(UnreadableRow), {**_stamp_values(stamp), "reason": failure.reason})


def _forget_failures(connection: Connection, stamps: Sequence[FileStamp]) -> None:
    if stamps:
        connection.execute(_FORGET, [{"root": stamp.root_id, "at": stamp.path} for stamp in stamps])


def _stamp_values(stamp: FileStamp) -> dict[str, Any]:
    return {
        "root_id": stamp.root_id,
        "path": stamp.path,
        "size": stamp.size,
        "mtime_ns": stamp.mtime_ns,
    }
