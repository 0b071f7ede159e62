"""The open SQLite file: connections, transactions, and errors in the user's words.

SQLAlchemy's default mode leaves transactions to Python's driver, which opens them
late and loses updates between threads. So the driver is put into autocommit and the
transactions are opened here: `BEGIN` to read one consistent snapshot, `BEGIN
IMMEDIATE` to write. WAL lets readers go on beside the one writer; a lock inside the
process queues our own writers, and SQLite's busy timeout waits for other processes.

What was written waits in the WAL until a checkpoint brings it into the main file. SQLite
before 3.51.3 may damage the file where one process writes while another begins a
checkpoint (sqlite.org/wal.html#walresetbug), as its own automatic checkpoints do. So they
are off, and ours hold the lock for writing from before they begin.

On Unix SQLite's locks are the process's, and closing any other handle of the file
takes them away (sqlite.org/howtocorrupt.html, section 2.2): while a library is open, no
code of the process may open its files in another way.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from engine.errors import LibraryError
from engine.library.filtering import add_functions
from engine.library.migrations import APPLICATION_ID, SCHEMA_VERSION, migrate_once, stored_version
from engine.library.schema import Base

BUSY_SECONDS = 60.0
CHECKPOINT_SECONDS = 2.0  # that a checkpoint waits for others, who can't write meanwhile
CHECKPOINT_BYTES = 4_000_000

_FILES = ("", "-wal", "-shm")  # SQLite's own files beside a library

_DAMAGED = "Move it away and index your folders again: your photos are not affected."
_SPACE = "Free some space and try again: what was indexed so far is kept."
_EXPLAINED = {
    sqlite3.SQLITE_BUSY: ("is in use by another program.", "Wait for it or close it, then try again."),
    sqlite3.SQLITE_LOCKED: ("is in use by another program.", "Wait for it or close it, then try again."),
    sqlite3.SQLITE_FULL: ("can't be written, because the disk is full.", _SPACE),
    sqlite3.SQLITE_IOERR: (
        "can't be read or written.",
        "Check that its disk is connected and has free space, then try again.",
    ),
    sqlite3.SQLITE_READONLY: ("can't be written.", "Allow writing to it and its folder, or choose another."),
    sqlite3.SQLITE_PERM: ("can't be opened.", "Check its permissions, or choose another library file."),
    sqlite3.SQLITE_CANTOPEN: ("can't be opened.", "Check its permissions, or choose another library file."),
    sqlite3.SQLITE_CORRUPT: ("This library is damaged.", _DAMAGED),
    sqlite3.SQLITE_NOTADB: ("This is not a library of photos, or it is damaged.", _DAMAGED),
}


_NO_TABLE = re.compile(r"no such table: (?:main\.)?(?P<table>\w+)")

_OPEN: WeakSet[Database] = WeakSet()  # those of this process


class Database:
    """One library file, open for any number of threads.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open `path`, migrating it where needed, and creating it where it is not there and `create` says so.

        Raises:
            LibraryError: The file can't be used; nothing in it was changed.
        """
        self.path = path
        _check_file(path, create)
        self._writing = threading.Lock()
        # Given a creator, the URL only names the dialect; pysqlite would take it for a
        # database in memory and choose a pool for that, hence the explicit pool.
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool, max_overflow=-1)
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        event.listen(self._engine, "begin", _begin)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one unchanging state of the library."""
        with self._explained(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection inside the one write transaction; all or nothing is kept."""
        with self._writing:
            with self._explained(), self._writer.connect() as connection, connection.begin():
                yield connection
            if _size(self._beside("-wal")) > CHECKPOINT_BYTES:
                with suppress(sqlite3.Error):  # what was written is safe as it is
                    self._checkpoint()

    def space(self) -> tuple[int, int]:
        """Return how many bytes the library's files take, and how many of them wait to be used again."""
        with self.read() as connection:
            spare = _number(connection, "freelist_count") * _number(connection, "page_size")
        return sum(_size(self._beside(suffix)) for suffix in _FILES), spare

    def give_back(self, pages: int) -> bool:
        """Give some free pages back to the disk, in one transaction; return whether more can be given."""
        with self.write() as connection:
            free = _number(connection, "freelist_count")
            for _ in range(min(free, pages)):  # one at a time, as Python's driver takes only the first step
                connection.exec_driver_sql("PRAGMA incremental_vacuum(1)")
            left = _number(connection, "freelist_count")
        return 0 < left < free

    def settle(self) -> None:
        """Bring what was committed into the library's main file, as far as others let it be done now."""
        with self._writing, self._explained():
            self._checkpoint()

    def close(self) -> None:
        """Close the idle connections; a later call would open new ones."""
        self._engine.dispose()
        _OPEN.discard(self)

    def _checkpoint(self) -> None:
        with closing(self._connect()) as connection:
            connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_SECONDS * 1000:.0f}")
            connection.execute("PRAGMA wal_checkpoint(FULL)")

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def _connect(self) -> sqlite3.Connection:
        _OPEN.add(self)
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        # Some systems build SQLite to overwrite all that is deleted, which takes as much room again
        # in the WAL: a full disk could not be relieved. Short texts, such as searches, still are, as
        # that costs nothing. Thumbnails are not: the photos that they show are no better wiped where
        # they are deleted, and what is given back to the disk is beyond our reach in any case.
        connection.execute("PRAGMA secure_delete = FAST")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -16000")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA journal_size_limit = 0")  # so that the WAL's size says what waits in it
        add_functions(connection)
        return connection

    def _prepare(self) -> None:
        with self.read() as connection:
            _check_owner(connection, self.path)
            _check_version(self.path, stored_version(connection))
        self._set_up()
        while self._migrate_once():
            pass
        with self.read() as connection:
            connection.execute(text("SELECT value FROM state")).all()

    def _set_up(self) -> None:
        """Switch the file to WAL, and a new one to pages that can be given back; the file keeps both.

        SQLite does not wait for other programs here by itself, and two programs may
        well open a new library at the same moment.
        """
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with closing(self._connect()) as connection:
                    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                    connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                explained = explain(error, self.path)
                if explained is None:
                    raise
                busy = (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
                if not busy or time.monotonic() > deadline:
                    raise explained from error
            time.sleep(0.05)

    def _migrate_once(self) -> bool:
        with self.read() as connection:
            if stored_version(connection) >= SCHEMA_VERSION:
                return False
        with self.write() as connection:
            return migrate_once(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            explained = explain(error, self.path)
            if explained is None:
                raise
            raise explained from error


def explain(error: Exception, path: Path) -> LibraryError | None:
    """Return `error` in the user's words, or None where it is our own mistake."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if _lacks_a_table(cause):
        code = sqlite3.SQLITE_CORRUPT
    if code is None or (code & 0xFF) not in _EXPLAINED:
        return None
    what, hint = _EXPLAINED[code & 0xFF]
    return LibraryError(what if what[0].isupper() else f"The library {what}", path=path, hint=hint)


def _lacks_a_table(error: object) -> bool:
    """Return whether a table of ours is gone: something else was put into the file, or it is damaged."""
    found = _NO_TABLE.fullmatch(str(error)) if isinstance(error, sqlite3.OperationalError) else None
    return found is not None and found["table"] in Base.metadata.tables


def _number(connection: Connection, pragma: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # SQLite takes its own files away when it can
        return 0


def _begin(connection: Connection) -> Any:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _check_file(path: Path, create: bool) -> None:
    """Refuse what can't be a library, from the file's first bytes, before SQLite touches it."""
    try:
        if path.is_dir():
            raise LibraryError("This is a folder, not a library file.", path=path, hint="Name a file in it.")
        if not create and not path.exists():
            raise LibraryError(
                "There is no library here.",
                path=path,
                hint="Check the name, or index a folder into it first.",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or _is_open_here(path):
            return
        if not path.is_file():  # opening a pipe would wait for ever
            raise LibraryError("This is not a library file.", path=path, hint="Name another file.")
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise LibraryError(
            f"The library can't be opened ({error.strerror or error}).",
            path=path,
            hint="Check the permissions of the file and its folder, or choose another library file.",
        ) from error
    if not header:
        return
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        what, hint = _EXPLAINED[sqlite3.SQLITE_NOTADB]
        raise LibraryError(what, path=path, hint=hint)
    owner = int.from_bytes(header[68:72], "big")
    if owner == APPLICATION_ID:
        _check_version(path, int.from_bytes(header[60:64], "big"))
    elif owner:
        raise _foreign(path)


def _is_open_here(path: Path) -> bool:
    """Return whether this process has a library open in that file."""
    for database in list(_OPEN):
        with suppress(OSError):  # another library may be gone
            if path.samefile(database.path):
                return True
    return False


def _check_owner(connection: Connection, path: Path) -> None:
    """Refuse another program's database, which may well carry no application id."""
    owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if owner == APPLICATION_ID:
        return
    if owner or connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
        raise _foreign(path)


def _check_version(path: Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise LibraryError(
            "This library was made by a newer version of the program.",
            path=path,
            hint="Install the newest version, or choose another library file.",
        )


def _foreign(path: Path) -> LibraryError:
    return LibraryError(
        "This is a database of another program.", path=path, hint="Choose another library file."
    )
