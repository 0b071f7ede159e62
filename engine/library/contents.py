"""SQL that writes and deletes contents, with their features and thumbnails, a batch at a time.

The statements are built once: composing them costs more than running them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select

from engine.library.gallery import pack_vector
from engine.library.photos import among, seconds_from
from engine.library.records import NewContent, Reading
from engine.library.schema import ContentRow, EmbeddingRow, PackRow, PhotoRow, RegionRow, ThumbnailRow
from engine.library.state import ensure_pack

_IDS = select(ContentRow.digest, ContentRow.id).where(
    ContentRow.digest.in_(bindparam("digests", expanding=True))
)
_EMBEDDED = select(EmbeddingRow.content_id, EmbeddingRow.pack_id).where(
    EmbeddingRow.content_id.in_(bindparam("contents", expanding=True))
)
_PACKS_OF_DIGEST = (
    select(func.count())
    .select_from(EmbeddingRow)
    .join(ContentRow, ContentRow.id == EmbeddingRow.content_id)
    .join(PackRow, PackRow.id == EmbeddingRow.pack_id)
    .where(ContentRow.digest == bindparam("digest"), PackRow.name.in_(bindparam("names", expanding=True)))
)
_USED = exists().where(PhotoRow.content_id == ContentRow.id)
_ADD_CONTENT = insert(ContentRow)
_ADD_THUMBNAIL = insert(ThumbnailRow)
_ADD_EMBEDDING = insert(EmbeddingRow)
_ADD_REGION = insert(RegionRow)


def has_content(connection: Connection, digest: bytes, pack_ids: Sequence[str]) -> bool:
    """Return whether a content is known with the features of all these packs."""
    values = {"digest": digest, "names": list(pack_ids)}
    return connection.execute(_PACKS_OF_DIGEST, values).scalar_one() == len(set(pack_ids))


def known_contents(connection: Connection, digests: Iterable[bytes]) -> dict[bytes, int]:
    """Return digest to content id for the contents that the library has."""
    rows = connection.execute(_IDS, {"digests": list(set(digests))})
    return {row.digest: row.id for row in rows}


def add_contents(connection: Connection, readings: Sequence[Reading], known: Mapping[bytes, int]) -> None:
    """Add the contents of `readings` that are not `known`, with their thumbnails."""
    added = {
        reading.digest: reading.content
        for reading in readings
        if reading.content is not None and reading.digest not in known
    }
    if not added:
        return
    connection.execute(_ADD_CONTENT, [_content_values(*pair) for pair in added.items()])
    ids = known_contents(connection, added)
    connection.execute(
        _ADD_THUMBNAIL,
        [{"content_id": ids[digest], "jpeg": content.thumbnail} for digest, content in added.items()],
    )


def add_features(connection: Connection, readings: Sequence[Reading], ids: Mapping[bytes, int]) -> set[int]:
    """Add the features that contents lack; return the ids of the contents that got any."""
    packs: dict[str, int] = {}
    rows = connection.execute(_EMBEDDED, {"contents": list(ids.values())})
    present = {(row.content_id, row.pack_id) for row in rows}
    embeddings: list[dict[str, Any]] = []
    regions: list[dict[str, Any]] = []
    for reading in readings:
        features = reading.content.features if reading.content is not None else {}
        for pack_id, feature in features.items():
            if pack_id not in packs:
                packs[pack_id] = ensure_pack(connection, pack_id)
            key = {"content_id": ids[reading.digest], "pack_id": packs[pack_id]}
            if (key["content_id"], key["pack_id"]) in present:
                continue
            present.add((key["content_id"], key["pack_id"]))
            embeddings.append({**key, "vector": pack_vector(feature.embedding)})
            if feature.region is not None:
                regions.append({**key, "code": feature.region})
    if embeddings:
        connection.execute(_ADD_EMBEDDING, embeddings)
    if regions:
        connection.execute(_ADD_REGION, regions)
    return {row["content_id"] for row in embeddings}


def without_photos(connection: Connection, *, after: int, most: int) -> list[int]:
    """Return the first few ids above `after` of contents that no photo has."""
    query = select(ContentRow.id).where(ContentRow.id > after, ~_USED).order_by(ContentRow.id).limit(most)
    return list(connection.execute(query).scalars())


def delete_unused(connection: Connection, content_ids: Iterable[int]) -> int:
    """Delete those of the contents that no photo has, with features and thumbnails; return how many."""
    unused = delete(ContentRow).where(ContentRow.id.in_(among(content_ids)), ~_USED)
    return connection.execute(unused).rowcount


def _content_values(digest: bytes, content: NewContent) -> dict[str, Any]:
    metadata = content.metadata
    return {
        "digest": digest,
        "width": metadata.width,
        "height": metadata.height,
        "orientation": metadata.orientation,
        "taken": seconds_from(metadata.taken),
        "camera": metadata.camera,
        "latitude": metadata.latitude,
        "longitude": metadata.longitude,
        "description": metadata.description,
    }
