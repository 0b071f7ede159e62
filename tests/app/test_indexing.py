import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from app.indexing import Indexing
from app.lanes import INDEX
from app.late import Late
from app.tasks import Tasks
from engine import BugError, FolderError, Library, LibraryError, Progress
from tests.app.conftest import draw_photo


@pytest.fixture
def library(tmp_path, tasks):
    with Library.open(tmp_path / "library.db") as library:
        yield library
        assert tasks.close(10)


@pytest.fixture
def indexing(tasks, library, make_reader) -> Indexing:
    return Indexing(tasks, Late(lambda: library), make_reader)


def hold(tasks: Tasks) -> threading.Event:
    """Let whatever is to be read or removed from now on wait for an event."""
    gate = threading.Event()
    tasks.submit(INDEX, lambda _: gate.wait(20), lambda _: None)
    return gate


def test_a_folder_is_read_into_the_library(qtbot, indexing, library, photo_folder):
    done = []
    indexing.folder_done.connect(lambda folder, report: done.append((folder, report.added)))
    with qtbot.waitSignals([indexing.started, indexing.finished], timeout=20_000):
        indexing.read([photo_folder])
    assert done == [(photo_folder, 12)]
    assert library.counts().photos == 12
    assert not indexing.running


def test_folders_are_read_one_after_the_other(qtbot, indexing, library, photo_folder, tmp_path):
    draw_photo(tmp_path / "Summer" / "a.jpg", 99)
    done = []
    indexing.folder_done.connect(lambda folder, report: done.append(folder.name))
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder])
        indexing.read([tmp_path / "Summer"])
    assert done == ["Winter", "Summer"]
    assert library.counts().photos == 13


def test_the_same_folder_is_not_queued_twice(qtbot, indexing, photo_folder, tmp_path):
    (tmp_path / "Empty").mkdir()
    done = []
    indexing.folder_done.connect(lambda folder, report: done.append(folder.name))
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([tmp_path / "Empty", photo_folder])
        indexing.read([photo_folder, photo_folder])
    assert done == ["Empty", "Winter"]


def test_a_folder_that_fails_does_not_hold_up_the_others(qtbot, indexing, library, photo_folder):
    failures = []
    indexing.folder_failed.connect(failures.append)
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([Path("/nowhere/at/all"), photo_folder])
    assert [type(error) for error in failures] == [FolderError]
    assert library.counts().photos == 12


def test_progress_is_there_from_the_first_moment(qtbot, indexing, photo_folder):
    assert indexing.progress() is None
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder])
        first = indexing.progress()
        assert first.phase in ("waiting", "scanning", "reading")
    assert indexing.progress() is None


def test_stop_keeps_what_was_read_and_the_next_run_goes_on(qtbot, indexing, library, photo_folder):
    indexing.read([photo_folder])
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.stop()
    stopped_at = library.counts().photos
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder])
    assert stopped_at <= 12 == library.counts().photos


def test_a_folder_added_after_stop_is_read(qtbot, indexing, library, photo_folder, tmp_path):
    draw_photo(tmp_path / "Summer" / "a.jpg", 99)
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder])
        indexing.stop()
        indexing.read([tmp_path / "Summer"])
    assert library.find(tmp_path / "Summer" / "a.jpg") is not None


def test_pause_waits_and_goes_on(qtbot, indexing, library, photo_folder):
    indexing.read([photo_folder])
    indexing.set_paused(True)
    qtbot.waitUntil(lambda: bool(indexing.progress() and indexing.progress().paused), timeout=20_000)
    assert indexing.running
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.set_paused(False)
    assert library.counts().photos == 12


def test_remove_takes_a_folder_out(qtbot, indexing, library, photo_folder):
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder])
    with qtbot.waitSignal(indexing.removed, timeout=20_000):
        indexing.remove(library.roots()[0].id)
    assert library.counts().photos == 0
    assert len(list(photo_folder.iterdir())) == 12


def test_what_a_removed_folder_leaves_behind_goes_afterwards(qtbot, indexing, library, photo_folder):
    """It may take minutes, in which nobody has to wait."""

    def thumbnails() -> int:
        with closing(sqlite3.connect(library.path)) as connection:
            return connection.execute("SELECT count(*) FROM thumbnails").fetchone()[0]

    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder])
    assert thumbnails() == 12
    indexing.remove(library.roots()[0].id)
    qtbot.waitUntil(lambda: thumbnails() == 0, timeout=20_000)


def test_a_library_that_cannot_be_opened_is_a_failure_not_a_crash(
    qtbot, tasks, tmp_path, make_reader, photo_folder
):
    (tmp_path / "not.db").write_bytes(b"no database" * 100)
    indexing = Indexing(tasks, Late(lambda: Library.open(tmp_path / "not.db")), make_reader)
    failures = []
    indexing.folder_failed.connect(failures.append)
    with qtbot.waitSignal(indexing.finished):
        indexing.read([photo_folder])
    assert [type(error) for error in failures] == [LibraryError]


class Broken:
    """A reader with a mistake of ours in it."""

    progress = Progress("waiting")

    def run(self, folders, *, stop, pause):
        raise BugError("a traceback")

    def close(self):
        pass


def test_a_bug_is_raised_and_reading_is_over(qtbot, tasks, library, photo_folder):
    indexing = Indexing(tasks, Late(lambda: library), lambda library, gentle: Broken())
    with qtbot.capture_exceptions() as raised:
        indexing.read([photo_folder])
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is BugError
    assert not indexing.running


def test_folders_that_wait_are_read_after_one_is_removed(qtbot, indexing, library, photo_folder, tmp_path):
    draw_photo(tmp_path / "Summer" / "a.jpg", 99)
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder])
    indexing.read([photo_folder, tmp_path / "Summer", photo_folder / "Alps"])
    with qtbot.waitSignal(indexing.removed, timeout=20_000):
        indexing.remove(library.roots()[0].id)
    qtbot.waitUntil(lambda: not indexing.running, timeout=20_000)
    assert [(root.path.name, root.photos) for root in library.roots()] == [("Summer", 1)]


@pytest.fixture
def three(qtbot, indexing, library, photo_folder, tmp_path) -> dict[str, int]:
    """The library's folders, by name."""
    for number, name in ((98, "Autumn"), (99, "Summer")):
        draw_photo(tmp_path / name / "a.jpg", number)
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        indexing.read([photo_folder, tmp_path / "Autumn", tmp_path / "Summer"])
    return {root.path.name: root.id for root in library.roots()}


def test_two_folders_are_removed_while_all_are_read(qtbot, indexing, library, three):
    indexing.read([root.path for root in library.roots()])
    removed = []
    indexing.removed.connect(lambda: removed.append(True))
    indexing.remove(three["Winter"])
    indexing.remove(three["Autumn"])
    qtbot.waitUntil(lambda: len(removed) == 2 and not indexing.running, timeout=20_000)
    assert {root.path.name: root.id for root in library.roots()} == {"Summer": three["Summer"]}


def test_what_a_removal_interrupts_waits_for_the_next_one(qtbot, tasks, indexing, library, three, tmp_path):
    draw_photo(tmp_path / "Summer" / "b.jpg", 97)
    gate = hold(tasks)
    indexing.read([tmp_path / "Summer"])
    indexing.remove(three["Winter"])
    indexing.read([tmp_path / "Autumn"])
    indexing.remove(three["Autumn"])
    with qtbot.waitSignal(indexing.removed, timeout=20_000):
        gate.set()
    # Between the two removals there are two photos as well, and nothing runs.
    qtbot.waitUntil(lambda: len(library.roots()) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: library.counts().photos == 2 and not indexing.running, timeout=20_000)
    assert [root.path.name for root in library.roots()] == ["Summer"]


def test_stop_holds_for_what_a_removal_has_interrupted(qtbot, tasks, indexing, library, three):
    gate = hold(tasks)
    done = []
    indexing.folder_done.connect(lambda folder, report: done.append(report.stopped))
    indexing.read([root.path for root in library.roots()])
    indexing.remove(three["Winter"])
    indexing.stop()
    with qtbot.waitSignal(indexing.removed, timeout=20_000):
        gate.set()
    qtbot.wait(200)
    assert done == [True, True, True]
    assert not indexing.running


def test_folders_that_wait_are_read_where_one_can_not_be_removed(
    qtbot, tasks, indexing, library, three, tmp_path
):
    draw_photo(tmp_path / "Summer" / "b.jpg", 97)

    def rename(table: str, name: str) -> None:
        with closing(sqlite3.connect(tmp_path / "library.db")) as connection:
            connection.execute(f"ALTER TABLE {table} RENAME TO {name}")

    failures = []
    indexing.folder_failed.connect(failures.append)
    indexing.folder_failed.connect(lambda: rename("lost", "roots"))
    gate = hold(tasks)
    indexing.read([tmp_path / "Summer"])
    indexing.remove(three["Winter"])
    rename("roots", "lost")
    with qtbot.waitSignal(indexing.folder_failed, timeout=20_000):
        gate.set()
    qtbot.waitUntil(lambda: not indexing.running, timeout=20_000)
    assert [type(error) for error in failures] == [LibraryError]
    assert library.find(tmp_path / "Summer" / "b.jpg") is not None
    assert {root.path.name: root.id for root in library.roots()} == three


def test_a_folder_that_was_stopped_can_be_read_at_once(qtbot, tasks, indexing, library, three, tmp_path):
    draw_photo(tmp_path / "Summer" / "b.jpg", 97)
    gate = hold(tasks)
    indexing.read([tmp_path / "Autumn", tmp_path / "Summer"])
    indexing.stop()
    indexing.read([tmp_path / "Summer"])
    with qtbot.waitSignal(indexing.finished, timeout=20_000):
        gate.set()
    assert library.find(tmp_path / "Summer" / "b.jpg") is not None
