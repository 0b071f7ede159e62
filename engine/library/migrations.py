"""Schema versions of the library file, and the steps between them.

The version is SQLite's `user_version`; `application_id` tells our files from other
programs' databases. Each migration is a named function that runs in one transaction
with its own record, so a file is always at exactly one version. A released
migration is never edited: a change of the tables is a new function at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, text

APPLICATION_ID = 0x53475246  # "SGRF"


def create_tables(connection: Connection) -> None:
    """Version 1: all tables of the first release."""
    for statement in _VERSION_1:
        connection.execute(text(statement))


def add_favourites(connection: Connection) -> None:
    """Version 2: photos can be favourites, and searches can be saved."""
    connection.execute(text("ALTER TABLE photos ADD COLUMN favourite BOOLEAN NOT NULL DEFAULT 0"))
    connection.execute(
        text(
            "CREATE TABLE saved_searches "
            "(id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, text VARCHAR NOT NULL UNIQUE)"
        )
    )


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (create_tables, add_favourites)
SCHEMA_VERSION = len(MIGRATIONS)


def stored_version(connection: Connection) -> int:
    """Return the schema version of the open file, 0 for an empty one."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def migrate_once(connection: Connection) -> bool:
    """Apply the next migration inside the caller's write transaction.

    Returns:
        Whether there was one to apply. The version is read inside the transaction,
        so two programs that open the same old file do not apply a step twice.
    """
    version = stored_version(connection)
    if version >= SCHEMA_VERSION:
        return False
    migration = MIGRATIONS[version]
    migration(connection)
    connection.execute(
        text("INSERT INTO schema (version, migration, applied) VALUES (:version, :migration, :applied)"),
        {
            "version": version + 1,
            "migration": migration.__name__,
            "applied": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )
    connection.exec_driver_sql(f"PRAGMA user_version = {version + 1}")
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    return True


_VERSION_1 = (
    "CREATE TABLE roots (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, path BLOB NOT NULL UNIQUE)",
    """CREATE TABLE contents (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        digest BLOB NOT NULL UNIQUE,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        orientation INTEGER NOT NULL,
        taken INTEGER,
        camera VARCHAR,
        latitude DOUBLE,
        longitude DOUBLE,
        description VARCHAR)""",
    """CREATE TABLE photos (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        root_id INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        content_id INTEGER NOT NULL REFERENCES contents (id),
        missing BOOLEAN NOT NULL,
        UNIQUE (root_id, path))""",
    "CREATE INDEX photos_content ON photos (content_id)",
    """CREATE TABLE unreadable (
        root_id INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        reason VARCHAR NOT NULL,
        PRIMARY KEY (root_id, path))""",
    "CREATE TABLE packs (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR NOT NULL UNIQUE)",
    """CREATE TABLE embeddings (
        content_id INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        pack_id INTEGER NOT NULL REFERENCES packs (id),
        vector BLOB NOT NULL,
        PRIMARY KEY (content_id, pack_id))""",
    """CREATE TABLE regions (
        content_id INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        pack_id INTEGER NOT NULL REFERENCES packs (id),
        code BLOB NOT NULL,
        PRIMARY KEY (content_id, pack_id))""",
    """CREATE TABLE thumbnails (
        content_id INTEGER PRIMARY KEY NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        jpeg BLOB NOT NULL)""",
    "CREATE TABLE searches (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, text VARCHAR NOT NULL UNIQUE)",
    "CREATE TABLE state (name VARCHAR PRIMARY KEY NOT NULL, value INTEGER NOT NULL)",
    "CREATE TABLE schema (version INTEGER PRIMARY KEY NOT NULL, migration VARCHAR NOT NULL, "
    "applied VARCHAR NOT NULL)",
    "INSERT INTO state (name, value) VALUES ('revision', 0)",
)
