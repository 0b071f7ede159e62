"""SQL that the indexer needs: what is known of a folder, and one batch written at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Row, and_, delete, exists, insert, literal, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from engine.library.gallery import pack_vector
from engine.library.paths import absolute, is_online
from engine.library.photos import seconds_from, under
from engine.library.records import Change, Failure, Features, FileStamp, KnownFile, NewContent, Reading
from engine.library.roots import Place
from engine.library.schema import (
    ContentRow,
    EmbeddingRow,
    PhotoRow,
    RegionRow,
    RootRow,
    ThumbnailRow,
    UnreadableRow,
)
from engine.library.state import ensure_pack, pack_number


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


def has_content(connection: Connection, digest: bytes, pack_ids: Sequence[str]) -> bool:
    """Return whether a content is known with the features of all these packs."""
    complete = _has_features(connection, ContentRow.id, pack_ids)
    return (
        connection.execute(select(ContentRow.id).where(ContentRow.digest == digest, complete)).first()
        is not None
    )


def record(
    connection: Connection, readings: Sequence[Reading], failures: Sequence[Failure]
) -> list[Change | None]:
    """Write a batch; return what became of each reading.

    None stands for a reading without content whose content has just been deleted by
    another program; the file is left for the next run.
    """
    packs: dict[str, int] = {}
    changes = [_record_one(connection, reading, packs) for reading in readings]
    for failure in failures:
        _record_failure(connection, failure)
    return changes


def mark_missing(connection: Connection, root_id: int, paths: Iterable[bytes]) -> int:
    """Mark these photos of a root as gone and forget such unreadable files; return the photos' number."""
    marked = 0
    for path in paths:
        marked += connection.execute(
            update(PhotoRow)
            .where(PhotoRow.root_id == root_id, PhotoRow.path == path, ~PhotoRow.missing)
            .values(missing=True)
        ).rowcount
        _forget_failure(connection, root_id, path)
    return marked


def mark_present(connection: Connection, root_id: int, paths: Iterable[bytes]) -> int:
    """Mark these missing photos of a root as there again; return their number."""
    return sum(
        connection.execute(
            update(PhotoRow)
            .where(PhotoRow.root_id == root_id, PhotoRow.path == path, PhotoRow.missing)
            .values(missing=False)
        ).rowcount
        for path in paths
    )


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


def _record_one(connection: Connection, reading: Reading, packs: dict[str, int]) -> Change | None:
    stamp = reading.stamp
    content_id = connection.execute(
        select(ContentRow.id).where(ContentRow.digest == reading.digest)
    ).scalar_one_or_none()
    if content_id is None:
        if reading.content is None:
            return None
        content_id = _insert_content(connection, reading.digest, reading.content)
    added_features = reading.content is not None and _insert_features(
        connection, content_id, reading.content.features, packs
    )
    _forget_failure(connection, stamp.root_id, stamp.path)
    return _place_photo(connection, stamp, content_id, added_features)


def _insert_content(connection: Connection, digest: bytes, content: NewContent) -> int:
    metadata = content.metadata
    content_id = connection.execute(
        insert(ContentRow)
        .values(
            digest=digest,
            width=metadata.width,
            height=metadata.height,
            orientation=metadata.orientation,
            taken=seconds_from(metadata.taken),
            camera=metadata.camera,
            latitude=metadata.latitude,
            longitude=metadata.longitude,
            description=metadata.description,
        )
        .returning(ContentRow.id)
    ).scalar_one()
    connection.execute(insert(ThumbnailRow).values(content_id=content_id, jpeg=content.thumbnail))
    return content_id


def _insert_features(
    connection: Connection, content_id: int, features: Mapping[str, Features], packs: dict[str, int]
) -> bool:
    """Add the features that a content lacks; return whether there were any."""
    added = 0
    for pack_id, feature in features.items():
        number = packs.setdefault(pack_id, 0) or ensure_pack(connection, pack_id)
        packs[pack_id] = number
        key = {"content_id": content_id, "pack_id": number}
        vector = pack_vector(feature.embedding)
        added += connection.execute(
            upsert(EmbeddingRow).values(**key, vector=vector).on_conflict_do_nothing()
        ).rowcount
        if feature.region is not None:
            connection.execute(upsert(RegionRow).values(**key, code=feature.region).on_conflict_do_nothing())
    return added > 0


def _place_photo(connection: Connection, stamp: FileStamp, content_id: int, new_features: bool) -> Change:
    """Let the photo row of a file point to its content."""
    row = connection.execute(
        select(PhotoRow.id, PhotoRow.content_id, PhotoRow.missing).where(
            PhotoRow.root_id == stamp.root_id, PhotoRow.path == stamp.path
        )
    ).one_or_none()
    values = {
        "root_id": stamp.root_id,
        "path": stamp.path,
        "size": stamp.size,
        "mtime_ns": stamp.mtime_ns,
        "content_id": content_id,
        "missing": False,
    }
    photo_id = _moved_from(connection, content_id) if row is None else row.id
    if photo_id is None:
        connection.execute(insert(PhotoRow).values(**values))
        return "added"
    connection.execute(update(PhotoRow).where(PhotoRow.id == photo_id).values(**values))
    if row is None:
        return "moved"
    if row.missing:
        return "added"
    return "updated" if new_features or row.content_id != content_id else "unchanged"


def _moved_from(connection: Connection, content_id: int) -> int | None:
    """Return a photo with this content whose file is certainly gone, or None.

    Where its root can't be reached, nothing is known of the file, so the new one counts
    as a copy.
    """
    rows = connection.execute(
        select(PhotoRow.id, PhotoRow.path, PhotoRow.missing, RootRow.path.label("root"))
        .join(RootRow, RootRow.id == PhotoRow.root_id)
        .where(PhotoRow.content_id == content_id)
        .order_by(PhotoRow.id)
    ).all()
    return next((row.id for row in rows if row.missing or _is_gone(row)), None)


def _is_gone(row: Row[int, bytes, bool, bytes]) -> bool:
    return not os.path.lexists(absolute(row.root, row.path)) and is_online(absolute(row.root, b""))


def _record_failure(connection: Connection, failure: Failure) -> None:
    """Remember an unreadable file; a photo that it once was is not there any more."""
    stamp = failure.stamp
    connection.execute(
        update(PhotoRow)
        .where(PhotoRow.root_id == stamp.root_id, PhotoRow.path == stamp.path)
        .values(missing=True)
    )
    facts = {"size": stamp.size, "mtime_ns": stamp.mtime_ns, "reason": failure.reason}
    connection.execute(
        upsert(UnreadableRow)
        .values(root_id=stamp.root_id, path=stamp.path, **facts)
        .on_conflict_do_update(index_elements=["root_id", "path"], set_=facts)
    )


def _forget_failure(connection: Connection, root_id: int, path: bytes) -> None:
    connection.execute(
        delete(UnreadableRow).where(UnreadableRow.root_id == root_id, UnreadableRow.path == path)
    )
