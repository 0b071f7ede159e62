"""Schema versions: what the migrations make is what the queries are written for."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from engine.errors import EngineError
from engine.library import Library, migrations
from engine.library.migrations import MIGRATIONS, SCHEMA_VERSION
from engine.library.schema import Base
from tests.engine.library.records import PACK, add_photos

FIXTURES = Path(__file__).parents[2] / "fixtures"


def foreign_keys(engine: Engine, table: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").all()
    return sorted((row.table, row._mapping["from"], row.to, row.on_delete) for row in rows)


def described(url: str, *, create: bool = False) -> dict[str, object]:
    """Return tables, columns, keys and indexes of a database."""
    engine = create_engine(url)
    if create:
        Base.metadata.create_all(engine)
    found = inspect(engine)
    tables = {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in found.get_columns(name)
            },
            "key": found.get_pk_constraint(name)["constrained_columns"],
            "foreign": foreign_keys(engine, name),
            "unique": sorted(key["column_names"] for key in found.get_unique_constraints(name)),
            "indexes": sorted((index["name"], index["column_names"]) for index in found.get_indexes(name)),
        }
        for name in found.get_table_names()
        if not name.startswith("sqlite_")
    }
    engine.dispose()
    return tables


def test_migrations_make_the_tables_that_the_queries_know(tmp_path: Path) -> None:
    Library.open(tmp_path / "l.db").close()
    migrated = described(f"sqlite:///{tmp_path / 'l.db'}")
    declared = described(f"sqlite:///{tmp_path / 'declared.db'}", create=True)
    assert set(migrated) == set(declared)
    for name, table in declared.items():
        assert migrated[name] == table, name


def test_every_migration_leaves_its_record(tmp_path: Path) -> None:
    Library.open(tmp_path / "l.db").close()
    with closing(sqlite3.connect(tmp_path / "l.db")) as connection:
        records = connection.execute("SELECT version, migration FROM schema ORDER BY version").fetchall()
        assert records == [(n + 1, migration.__name__) for n, migration in enumerate(MIGRATIONS)]
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_every_migration_says_what_it_does() -> None:
    assert all(migration.__doc__ for migration in MIGRATIONS)


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_library_of_every_old_version_opens(version: int, tmp_path: Path) -> None:
    path = Path(shutil.copy(FIXTURES / f"library_v{version}.db", tmp_path / "l.db"))
    path.chmod(0o644)
    with Library.open(path) as library:
        assert library.counts().photos == 2
        assert library.counts().missing == 1
        assert library.counts().unreadable == 1
        assert library.captions() == ["Grandma laughing in the snow"]
        assert library.recent_searches() == ["a dog on a beach"]
        assert len(library.embeddings("pack-1")[0]) == 2
        names = {photo.path.name for photo in library.photos(library.present_ids()).values()}
        assert names == {"a.jpg", "caf\udce9.jpg"}
        photo_id = library.present_ids()[0]
        assert library.thumbnail(photo_id)
        assert library.region_codes([photo_id], "pack-1")
        assert library.favourites() == (frozenset() if version < 2 else {photo_id})
        assert library.saved_searches() == ([] if version < 2 else ["a dog folder:Trips"])


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(tmp_path / "l.db") as library:
        add_photos(library, tmp_path / "p", {"a.jpg": 1})

    def fail_halfway(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE photos ADD COLUMN stars INTEGER"))
        connection.execute(text("DELETE FROM photos"))
        raise EngineError("the power went")

    from engine.library import database

    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, fail_halfway))
    for module in (migrations, database):
        monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    with pytest.raises(EngineError, match="the power went"):
        Library.open(tmp_path / "l.db")
    monkeypatch.undo()
    with Library.open(tmp_path / "l.db") as library:
        assert library.counts().photos == 1
        assert len(library.gallery_rows(PACK)[0]) == 1
