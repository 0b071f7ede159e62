"""SQL that reads features, for the searcher and the describer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, select

from engine.library.photos import among
from engine.library.schema import EmbeddingRow, PhotoRow, RegionRow
from engine.library.state import pack_number
from engine.types import FloatArray

IdArray = NDArray[np.int64]


def gallery_rows(connection: Connection, pack_id: str) -> tuple[IdArray, IdArray, IdArray]:
    """Return photo, content and root ids of the present photos that `pack_id` has embedded."""
    rows = connection.execute(
        select(PhotoRow.id, PhotoRow.content_id, PhotoRow.root_id)
        .join(EmbeddingRow, EmbeddingRow.content_id == PhotoRow.content_id)
        .where(EmbeddingRow.pack_id == pack_number(connection, pack_id), ~PhotoRow.missing)
        .order_by(PhotoRow.id)
    ).all()
    table = np.array([tuple(row) for row in rows], np.int64).reshape(len(rows), 3)
    return table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy()


def embeddings(connection: Connection, pack_id: str, *, after: int) -> tuple[IdArray, FloatArray]:
    """Return the content ids above `after` that `pack_id` has embedded, and (n, E) embeddings."""
    rows = connection.execute(
        select(EmbeddingRow.content_id, EmbeddingRow.vector)
        .where(EmbeddingRow.pack_id == pack_number(connection, pack_id), EmbeddingRow.content_id > after)
        .order_by(EmbeddingRow.content_id)
    ).all()
    return _table(rows)


def embeddings_of(
    connection: Connection, pack_id: str, content_ids: Sequence[int]
) -> tuple[IdArray, FloatArray]:
    """Return those of the given content ids that `pack_id` has embedded, and (n, E) embeddings."""
    rows = connection.execute(
        select(EmbeddingRow.content_id, EmbeddingRow.vector)
        .where(
            EmbeddingRow.pack_id == pack_number(connection, pack_id),
            EmbeddingRow.content_id.in_(among(content_ids)),
        )
        .order_by(EmbeddingRow.content_id)
    ).all()
    return _table(rows)


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


def _table(rows: Sequence[Row[int, bytes]]) -> tuple[IdArray, FloatArray]:
    ids = np.array([row[0] for row in rows], np.int64)
    if not rows:
        return ids, np.zeros((0, 0), np.float32)
    vectors = np.frombuffer(b"".join(row[1] for row in rows), "<f2").reshape(len(rows), -1)
    return ids, vectors.astype(np.float32)
