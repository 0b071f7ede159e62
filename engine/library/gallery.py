"""SQL that reads features, for the searcher and the describer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, Select, select

from engine.library.fetching import IdArray, numbers, parts_of
from engine.library.photos import among
from engine.library.schema import EmbeddingRow, PhotoRow, RegionRow
from engine.library.state import pack_number
from engine.types import FloatArray


def gallery_rows(connection: Connection, pack_id: str) -> tuple[IdArray, IdArray, IdArray]:
    """Return photo, content and root ids of the present photos that `pack_id` has embedded."""
    query = (
        select(PhotoRow.id, PhotoRow.content_id, PhotoRow.root_id)
        .join(EmbeddingRow, EmbeddingRow.content_id == PhotoRow.content_id)
        .where(EmbeddingRow.pack_id == pack_number(connection, pack_id), ~PhotoRow.missing)
        .order_by(PhotoRow.id)
    )
    photo_ids, content_ids, root_ids = numbers(connection, query, 3).T
    return photo_ids.copy(), content_ids.copy(), root_ids.copy()


def embeddings(connection: Connection, pack_id: str, *, after: int) -> tuple[IdArray, FloatArray]:
    """Return the content ids above `after` that `pack_id` has embedded, and (n, E) embeddings."""
    return _table(connection, _embedded(connection, pack_id).where(EmbeddingRow.content_id > after))


def embeddings_of(
    connection: Connection, pack_id: str, content_ids: Sequence[int]
) -> tuple[IdArray, FloatArray]:
    """Return those of the given content ids that `pack_id` has embedded, and (n, E) embeddings."""
    wanted = EmbeddingRow.content_id.in_(among(content_ids))
    return _table(connection, _embedded(connection, pack_id).where(wanted))


def region_codes(connection: Connection, photo_ids: Sequence[int], pack_id: str) -> dict[int, bytes]:
    """Return photo id to region code for the photos that `pack_id` has read."""
    query = (
        select(PhotoRow.id, RegionRow.code)
        .join(RegionRow, RegionRow.content_id == PhotoRow.content_id)
        .where(RegionRow.pack_id == pack_number(connection, pack_id), PhotoRow.id.in_(among(photo_ids)))
    )
    return {row.id: row.code for row in connection.execute(query)}


def pack_vector(embedding: FloatArray) -> bytes:
    """Return an embedding as it is stored: float16, little-endian."""
    return np.asarray(embedding, "<f2").tobytes()


def _embedded(connection: Connection, pack_id: str) -> Select[int, bytes]:
    return (
        select(EmbeddingRow.content_id, EmbeddingRow.vector)
        .where(EmbeddingRow.pack_id == pack_number(connection, pack_id))
        .order_by(EmbeddingRow.content_id)
    )


def _table(connection: Connection, query: Select[int, bytes]) -> tuple[IdArray, FloatArray]:
    ids, vectors = [np.empty(0, np.int64)], []
    for part in parts_of(connection, query):
        ids.append(np.array([row[0] for row in part], np.int64))
        vectors.append(np.frombuffer(b"".join(row[1] for row in part), "<f2").reshape(len(part), -1))
    table = np.concatenate(vectors).astype(np.float32) if vectors else np.zeros((0, 0), np.float32)
    return np.concatenate(ids), table
