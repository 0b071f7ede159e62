"""SQL about the library as a whole: its revision, its packs."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from engine.library.schema import PackRow, StateRow


def revision(connection: Connection) -> int:
    """Return a number that has grown with every change that a search must see."""
    found = connection.execute(select(StateRow.value).where(StateRow.name == "revision"))
    return found.scalar_one()


def bump_revision(connection: Connection) -> None:
    """Let every reader know, in this transaction, that there is something new to search in."""
    connection.execute(update(StateRow).where(StateRow.name == "revision").values(value=StateRow.value + 1))


def pack_number(connection: Connection, pack_id: str) -> int | None:
    """Return the row id of a pack, or None where nothing was made with it yet."""
    return connection.execute(select(PackRow.id).where(PackRow.name == pack_id)).scalar_one_or_none()


def ensure_pack(connection: Connection, pack_id: str) -> int:
    """Return the row id of a pack, adding it where it is new."""
    number = pack_number(connection, pack_id)
    if number is not None:
        return number
    return connection.execute(insert(PackRow).values(name=pack_id).returning(PackRow.id)).scalar_one()
