"""SQL about searches: the past ones, and those that the user saved."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from engine.library.schema import SavedSearchRow, SearchRow

MAX_SEARCHES = 2000


def add(connection: Connection, text: str) -> None:
    """Remember a search as the latest, and forget the oldest beyond the limit."""
    connection.execute(delete(SearchRow).where(SearchRow.text == text))
    connection.execute(insert(SearchRow).values(text=text))
    beyond = select(SearchRow.id).order_by(SearchRow.id.desc()).offset(MAX_SEARCHES).limit(1)
    connection.execute(delete(SearchRow).where(SearchRow.id <= beyond.scalar_subquery()))


def recent(connection: Connection, limit: int) -> list[str]:
    """Return past searches, latest first."""
    query = select(SearchRow.text).order_by(SearchRow.id.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def save(connection: Connection, text: str) -> None:
    """Save a search; one that is saved already becomes the latest."""
    forget(connection, text)
    connection.execute(insert(SavedSearchRow).values(text=text))


def saved(connection: Connection) -> list[str]:
    """Return the saved searches, latest first."""
    query = select(SavedSearchRow.text).order_by(SavedSearchRow.id.desc())
    return list(connection.execute(query).scalars())


def forget(connection: Connection, text: str) -> None:
    """Forget a saved search, if there is one of this text."""
    connection.execute(delete(SavedSearchRow).where(SavedSearchRow.text == text))
