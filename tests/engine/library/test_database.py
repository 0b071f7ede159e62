"""The library file: opening, sharing, and failing in the user's words."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text

from engine.errors import LibraryError
from engine.library import Library, database
from engine.library.database import Database, explain
from engine.library.migrations import SCHEMA_VERSION
from tests.engine.library.records import add_photos, reading
from tests.engine.pictures import public_folder, unprivileged
from tests.locks import LOCKS, locked

HEADER = b"SQLite format 3\0"


def refusal(path: Path) -> str:
    """Return the message with which opening `path` is refused; the file must stay as it is."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LibraryError) as caught:
        Library.open(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint
    if before is not None:
        assert path.read_bytes() == before
        assert [p.name for p in path.parent.iterdir()] == [path.name]
    return str(caught.value)


def make_database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a library" in refusal(tmp_path / "pipe")
    assert "not a library" in refusal(Path(os.devnull))


@pytest.mark.parametrize("content", [b"not a database at all", HEADER, b"x" * 5000])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "l.db").write_bytes(content)
    assert "not a library" in refusal(tmp_path / "l.db")


def test_a_newer_library_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    Library.open(path).close()
    make_database(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    assert "newer version" in refusal(path)


def test_a_newer_version_that_is_only_in_the_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    Library.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        with pytest.raises(LibraryError, match="newer version"):
            Library.open(path)


@pytest.mark.parametrize("mark", [[], ["PRAGMA application_id = 77"]])
def test_another_programs_database_is_refused(tmp_path: Path, mark: list[str]) -> None:
    path = make_database(tmp_path / "places.db", "CREATE TABLE bookmarks (url)", *mark)
    assert "another program" in refusal(path)


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    (tmp_path / "l.db").touch()
    with Library.open(tmp_path / "l.db") as library:
        assert library.counts().photos == 0


def test_a_file_with_an_unusual_name_is_a_library(tmp_path: Path) -> None:
    path = tmp_path / "my photos #1?mode=ro&ü.db"
    with Library.open(path) as library:
        library.add_search("dog")
    with Library.open(path) as library:
        assert library.recent_searches() == ["dog"]


def test_a_damaged_library_says_so(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    with Library.open(path) as library:
        add_photos(library, tmp_path / "p", {f"{n}.jpg": n for n in range(300)})
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = b"\x5a" * 100
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged") as caught, Library.open(path) as library:
        library.present_ids()
    assert "Move it away" in caught.value.hint


def test_a_library_that_was_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    Library.open(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(LibraryError, match="damaged"):
        Library.open(path)


def test_a_place_that_may_not_be_written_says_so() -> None:
    with public_folder() as folder:
        locked = folder / "locked"
        locked.mkdir(mode=0o500)
        with unprivileged():
            for path in (locked / "l.db", locked / "new" / "l.db"):
                with pytest.raises(LibraryError, match="can't be opened"):
                    Library.open(path)


def test_a_library_that_may_not_be_written_says_so() -> None:
    with public_folder() as folder:
        path = folder / "locked" / "l.db"
        Library.open(path).close()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        with unprivileged(), pytest.raises(LibraryError, match=r"can't be (written|opened)"):
            Library.open(path)


def test_a_library_inside_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="can't be opened"):
        Library.open(tmp_path / "file" / "l.db")


def test_a_full_disk_loses_nothing_that_was_written(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path / "p", {f"{n}.jpg": n for n in range(20)})

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # as many as there are: the disk is full

    event.listen(library._database._engine, "connect", limit)
    library.close()  # so that new connections have the limit
    with pytest.raises(LibraryError, match="disk is full") as caught:
        library.record([reading(root, f"new{n}.jpg", 100 + n) for n in range(500)])
    assert "Free some space" in caught.value.hint
    assert library.counts().photos == 20
    assert library.find(tmp_path / "p" / "new0.jpg") is None


def test_a_library_that_is_in_use_says_so(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with Library.open(library.path) as other, closing(sqlite3.connect(library.path)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="in use by another program"):
            other.add_search("dog")
        assert other.recent_searches() == []  # reading goes on
        blocker.rollback()
        other.add_search("dog")
        assert other.recent_searches() == ["dog"]


def test_a_library_that_lost_its_tables_is_damaged(library: Library) -> None:
    with closing(sqlite3.connect(library.path)) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute("DROP TABLE thumbnails")
        other.execute("DROP TABLE photos")
    for ask in (library.counts, lambda: library.thumbnail(1), lambda: library.listing()):
        with pytest.raises(LibraryError, match="damaged"):
            ask()


def test_our_own_mistakes_are_not_explained_away(library: Library) -> None:
    with pytest.raises(Exception, match="no such table"), library._database.read() as connection:
        connection.execute(text("SELECT * FROM nonsense"))
    assert explain(ValueError("not from SQLite"), library.path) is None


def test_threads_lose_no_update(library: Library) -> None:
    def count_up(_: int) -> None:
        with library._database.write() as connection:
            value = connection.execute(text("SELECT value FROM state")).scalar_one()
            connection.execute(text("UPDATE state SET value = :value"), {"value": value + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(200)))
    assert library.revision() == 200


def _add_searches(path: Path, first: int) -> None:
    with Library.open(path) as library:
        for number in range(first, first + 40):
            library.add_search(str(number))


def test_processes_may_open_and_write_a_new_library_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "l.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add_searches, args=(path, 40 * n)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with Library.open(path) as library:
        assert len(library.recent_searches()) == 120


def test_a_reader_sees_one_state_while_another_writes(library: Library) -> None:
    read_twice = threading.Event()
    with library._database.read() as connection:
        before = connection.execute(text("SELECT count(*) FROM searches")).scalar_one()
        writer = threading.Thread(target=lambda: (library.add_search("dog"), read_twice.set()))
        writer.start()
        assert read_twice.wait(20)
        assert connection.execute(text("SELECT count(*) FROM searches")).scalar_one() == before
        writer.join()
    assert library.recent_searches() == ["dog"]


def test_a_failed_transaction_leaves_no_trace(library: Library) -> None:
    def fail_halfway() -> None:
        with library._database.write() as connection:
            connection.execute(text("INSERT INTO searches (text) VALUES ('half')"))
            raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        fail_halfway()
    assert library.recent_searches() == []


def test_what_waits_to_be_brought_into_the_main_file_stays_small(library: Library) -> None:
    log = library.path.with_name(library.path.name + "-wal")
    sizes = []
    for _ in range(30):
        with library._database.write() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS filler (content BLOB)")
            connection.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(1000000))")
        sizes.append(log.stat().st_size)
    assert max(sizes) < 10_000_000
    assert library.path.stat().st_size > 20_000_000


def test_nothing_is_brought_into_the_main_file_while_another_program_writes(library: Library) -> None:
    """SQLite before 3.51.3 may damage the library otherwise: sqlite.org/wal.html#walresetbug."""
    with closing(sqlite3.connect(library.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        settling = threading.Thread(target=library._database.settle)
        settling.start()
        settling.join(0.3)
        assert settling.is_alive()
        other.execute("COMMIT")
        settling.join(10)
        assert not settling.is_alive()


def test_a_reader_who_never_ends_keeps_nobody_from_writing(library: Library) -> None:
    with library._database.read() as reading:
        reading.exec_driver_sql("SELECT * FROM state").all()
        before = time.monotonic()
        library.save_search("a dog")
        library._database.settle()
        library.save_search("a cat")
        assert time.monotonic() - before < 10
    assert library.saved_searches() == ["a cat", "a dog"]


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l.db") as library:
        library.add_search("dog")
    assert [path.name for path in tmp_path.iterdir()] == ["l.db"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be deleted there")
def test_a_library_that_vanished_keeps_no_other_from_being_opened(library: Library, tmp_path: Path) -> None:
    library.path.unlink()
    Library.open(tmp_path / "other.db").close()
    with Library.open(tmp_path / "other.db") as other:
        assert other.counts().photos == 0


@pytest.mark.skipif(not LOCKS.exists(), reason="needs Linux's list of locks")
def test_opening_a_library_again_leaves_the_locks_of_the_first(library: Library, tmp_path: Path) -> None:
    library.counts()
    before = locked(tmp_path)
    assert before >= {"library.db", "library.db-shm"}
    (tmp_path / "alias").symlink_to(tmp_path)
    with Library.open(tmp_path / "alias" / "library.db") as again:
        assert again.counts() == library.counts()
    assert locked(tmp_path) == before


def test_every_connection_keeps_the_rules(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "l.db")) as opened, opened.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one() == 0
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60000
