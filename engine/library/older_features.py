"""SQL about the features of older weights, which nobody looks for once the new ones are there.

A program with older weights that is still open finds no photos by them any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, and_, delete, exists, not_, or_, select

from engine.library.photos import among
from engine.library.schema import EmbeddingRow, PackRow, PhotoRow, RegionRow
from engine.library.state import pack_number

# How the ids of the program's own packs begin, of which one takes the place of another. A user
# may go to and fro between open_clip's models, so their features stay.
_OWN = "sgraffito-"


def superseded(connection: Connection, pack_ids: Collection[str]) -> list[int]:
    """Return the numbers of the program's own packs that those of `pack_ids` have taken the place of.

    That is once no present photo is without the features of the new ones.
    """
    current = [pack_id for pack_id in pack_ids if pack_id.startswith(_OWN)]
    if not current:
        return []
    older = select(PackRow.id).where(
        PackRow.name.startswith(_OWN, autoescape=True), PackRow.name.not_in(current)
    )
    packs = list(connection.execute(older).scalars())
    return packs if packs and not _are_awaited(connection, current) else []


def contents_of(connection: Connection, packs: Collection[int], *, after: int, most: int) -> list[int]:
    """Return the first few ids above `after` of contents with features of some packs."""
    ids = EmbeddingRow.content_id
    query = select(ids).where(ids > after, EmbeddingRow.pack_id.in_(packs)).distinct()
    return list(connection.execute(query.order_by(ids).limit(most)).scalars())


def delete_features(connection: Connection, packs: Collection[int], content_ids: Iterable[int]) -> None:
    """Delete the features of some contents by some packs."""
    ids = among(content_ids)
    for table in (RegionRow, EmbeddingRow):
        connection.execute(delete(table).where(table.content_id.in_(ids), table.pack_id.in_(packs)))


def delete_packs(connection: Connection, packs: Collection[int]) -> None:
    """Delete packs, but none that another program has just made features with again."""
    used = (exists().where(table.pack_id == PackRow.id) for table in (RegionRow, EmbeddingRow))
    connection.execute(delete(PackRow).where(PackRow.id.in_(packs), not_(or_(*used))))


def _are_awaited(connection: Connection, pack_ids: Collection[str]) -> bool:
    """Return whether a present photo is still without features of some of these packs."""
    numbers = [pack_number(connection, pack_id) for pack_id in pack_ids]
    complete = and_(
        *(
            exists().where(EmbeddingRow.content_id == PhotoRow.content_id, EmbeddingRow.pack_id == number)
            for number in numbers
        )
    )
    waiting = select(PhotoRow.id).where(~PhotoRow.missing, not_(complete)).limit(1)
    return connection.execute(waiting).first() is not None
