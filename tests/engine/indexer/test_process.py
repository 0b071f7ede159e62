"""Indexing in a process of its own: the same work, the same errors, and no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.errors import BugError, FolderError, KnownError, LibraryError
from engine.indexer import IndexerProcess
from engine.indexer.caution import DEADLY, Caution
from engine.indexer.indexer import BATCH_SIZE
from engine.indexer.messages import Begun, Ended, Request, Wish
from engine.indexer.serving import serve
from engine.library import Library
from engine.reports import IndexReport, Progress, Skip
from tests.engine.indexer.encoders import ColourEncoder, ColourModels
from tests.engine.pictures import write_pictures

MANY = 400
DEADLY_SIZE = (13, 17)
SECONDS = 60
ROOT = Path(__file__).parents[3]


class SlowEncoder(ColourEncoder):
    """One that takes its time, so that a run can be met in its middle."""

    def encode_images(self, batch: Any) -> Any:
        time.sleep(0.05)
        return super().encode_images(batch)


def slow_models() -> ColourModels:
    return ColourModels(SlowEncoder())


class DeadlyEncoder(ColourEncoder):
    """One that a certain picture makes crash, as a bug in a decoder would."""

    def prepare(self, image: Image.Image) -> Any:
        if image.size == DEADLY_SIZE:
            os._exit(139)
        return super().prepare(image)


def deadly_models() -> ColourModels:
    return ColourModels(DeadlyEncoder())


class MortalEncoder(ColourEncoder):
    """One that ends its process in the middle of its work, once."""

    def __init__(self, died: Path) -> None:
        super().__init__()
        self._died = died

    def encode_images(self, batch: Any) -> Any:
        if len(self.batches) == 2 and not self._died.exists():
            self._died.touch()
            os._exit(139)
        return super().encode_images(batch)


def mortal_models(*, died: Path) -> ColourModels:
    return ColourModels(MortalEncoder(died))


def dying_models() -> ColourModels:
    os._exit(3)


def broken_models() -> ColourModels:
    raise ZeroDivisionError("a bug of ours")


def picky_models(*, error: KnownError) -> ColourModels:
    raise error


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Library.open(tmp_path / "library.db").close()
    return tmp_path / "library.db"


@pytest.fixture
def make(path: Path) -> Iterator[Callable[..., IndexerProcess]]:
    """Makes indexers, whose processes must end when they are closed."""
    made: list[IndexerProcess] = []

    def make(load: Callable[[], ColourModels] = ColourModels, **options: Any) -> IndexerProcess:
        made.append(IndexerProcess(path, load, **options))
        return made[-1]

    yield make
    for indexer in made:
        indexer.close()
    assert multiprocessing.active_children() == []


def photos_in(path: Path) -> int:
    with Library.open(path) as library:
        return library.counts().photos


def until(so: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_it_reads_what_an_indexer_reads(make, path, tmp_path):
    write_pictures(tmp_path / "p", 11)
    (tmp_path / "p" / "no photo.jpg").write_bytes(b"not a photo")
    report = make().run([tmp_path / "p"])
    assert (report.added, len(report.skipped), report.stopped) == (11, 1, False)
    assert report.skipped[0].path == tmp_path / "p" / "no photo.jpg"
    assert photos_in(path) == 11


def test_one_process_serves_many_runs_and_another_comes_after_closing(make, tmp_path):
    write_pictures(tmp_path / "p", 3)
    indexer = make()
    assert multiprocessing.active_children() == []  # none before it is needed
    assert indexer.run([tmp_path / "p"]).added == 3
    first = [process.pid for process in multiprocessing.active_children()]
    assert indexer.run([tmp_path / "p"]).unchanged == 3
    assert [process.pid for process in multiprocessing.active_children()] == first
    indexer.close()
    indexer.close()
    assert multiprocessing.active_children() == []
    assert indexer.run([tmp_path / "p"]).unchanged == 3


def test_a_process_that_died_between_two_runs_is_replaced(make, tmp_path):
    write_pictures(tmp_path / "p", 3)
    indexer = make()
    assert indexer.run([tmp_path / "p"]).added == 3
    (process,) = multiprocessing.active_children()
    process.kill()
    process.join()
    assert indexer.run([tmp_path / "p"]).unchanged == 3


def test_names_that_are_no_text_survive_the_way(make, path, tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))
    try:
        folder.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("this file system wants names that are text")
    write_pictures(folder, 2)
    assert make().run([folder]).added == 2


def test_progress_is_told_and_stop_keeps_what_was_read(make, path, tmp_path):
    write_pictures(tmp_path / "p", MANY)
    indexer, stop = make(slow_models), threading.Event()
    assert indexer.progress == Progress("waiting")
    reports: list[IndexReport] = []
    thread = threading.Thread(target=lambda: reports.append(indexer.run([tmp_path / "p"], stop=stop)))
    thread.start()
    until(lambda: indexer.progress.done > 0)
    assert indexer.progress.phase == "reading"
    assert indexer.progress.folder == tmp_path / "p"
    stop.set()
    thread.join(SECONDS)
    assert reports[0].stopped
    assert 0 < reports[0].added == photos_in(path) < MANY


def test_pause_waits_and_goes_on(make, path, tmp_path):
    write_pictures(tmp_path / "p", 60)
    indexer, pause = make(slow_models), threading.Event()
    thread = threading.Thread(target=lambda: indexer.run([tmp_path / "p"], pause=pause))
    thread.start()
    until(lambda: indexer.progress.done > 0)
    pause.set()
    until(lambda: indexer.progress.paused)
    held = photos_in(path)
    time.sleep(0.5)
    assert photos_in(path) == held < 60
    pause.clear()
    thread.join(SECONDS)
    assert photos_in(path) == 60


def test_going_easy_on_the_machine_reaches_the_process(make, tmp_path):
    write_pictures(tmp_path / "p", 40)
    asked: list[bool] = []

    def gentle() -> bool:
        asked.append(True)
        return True

    assert make(gentle=gentle).run([tmp_path / "p"]).added == 40
    assert asked


@pytest.mark.parametrize("error", [FolderError("gone.", path="/x", hint="Look."), LibraryError("full.")])
def test_errors_for_the_user_come_back_whole(make, tmp_path, error):
    with pytest.raises(type(error)) as raised:
        make(partial(picky_models, error=error)).run([tmp_path])
    assert (raised.value.what, raised.value.path, raised.value.hint) == (error.what, error.path, error.hint)


def test_a_missing_folder_is_an_error_and_the_next_run_works(make, tmp_path):
    write_pictures(tmp_path / "p", 2)
    indexer = make()
    with pytest.raises(FolderError):
        indexer.run([tmp_path / "nowhere"])
    assert indexer.run([tmp_path / "p"]).added == 2


def test_a_bug_comes_back_with_its_traceback(make, tmp_path):
    with pytest.raises(BugError, match="ZeroDivisionError: a bug of ours"):
        make(broken_models).run([tmp_path])


def test_a_process_that_dies_on_the_way_is_replaced_and_nothing_is_lost(make, path, tmp_path):
    write_pictures(tmp_path / "p", MANY)
    indexer = make(slow_models)
    reports: list[IndexReport] = []
    thread = threading.Thread(target=lambda: reports.append(indexer.run([tmp_path / "p"])))
    thread.start()
    until(lambda: indexer.progress.done > 80)
    (process,) = multiprocessing.active_children()
    process.kill()
    thread.join(SECONDS)
    assert reports[0].added + reports[0].unchanged == MANY == photos_in(path)
    assert reports[0].unchanged <= BATCH_SIZE  # the last that was written, if it died before it told
    assert reports[0].skipped == ()


def test_the_report_is_about_all_processes_of_a_run(make, path, tmp_path):
    write_pictures(tmp_path / "p", 40)
    indexer = make(partial(mortal_models, died=tmp_path / "died"))
    report = indexer.run([tmp_path / "p"])
    assert (tmp_path / "died").exists()
    assert (report.added, report.unchanged, report.stopped) == (40, 0, False)
    assert photos_in(path) == 40


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGSTOP")
def test_a_run_that_is_to_stop_needs_no_other_process(make, path, tmp_path):
    write_pictures(tmp_path / "p", MANY)
    indexer, stop = make(slow_models), threading.Event()
    reports: list[IndexReport] = []
    thread = threading.Thread(target=lambda: reports.append(indexer.run([tmp_path / "p"], stop=stop)))
    thread.start()
    until(lambda: indexer.progress.done > 0)
    (process,) = multiprocessing.active_children()
    os.kill(process.pid, signal.SIGSTOP)
    stop.set()
    process.kill()
    thread.join(SECONDS)
    assert multiprocessing.active_children() == []
    assert reports[0].stopped
    assert photos_in(path) - BATCH_SIZE <= reports[0].added <= photos_in(path) < MANY


def test_processes_that_die_before_they_get_anywhere_are_an_error(make, tmp_path):
    write_pictures(tmp_path / "p", 3)
    with pytest.raises(
        KnownError, match=r"ended unexpectedly, again and again.*What was read is kept"
    ) as raised:
        make(dying_models).run([tmp_path / "p"])
    assert raised.value.path == os.fspath(tmp_path / "p")


def test_files_that_kill_their_reader_are_found_out_and_left_out(make, path, tmp_path):
    write_pictures(tmp_path / "p", 30)
    deadly = [tmp_path / "p" / "0 deadly.png", tmp_path / "p" / "deadly too.png"]
    for file in deadly:
        Image.new("RGB", DEADLY_SIZE).save(file)
    indexer = make(deadly_models, workers=3)
    report = indexer.run([tmp_path / "p"])
    assert report.skipped == tuple(Skip(file, DEADLY) for file in deadly)
    assert photos_in(path) == 30
    survivors = multiprocessing.active_children()
    assert indexer.run([tmp_path / "p"]).unchanged == 30  # they are known now, and not touched again
    assert multiprocessing.active_children() == survivors


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_it_ends_by_itself_when_the_program_that_asked_is_killed(path, tmp_path):
    write_pictures(tmp_path / "p", MANY)
    code = (
        "import multiprocessing, sys, threading, time; from pathlib import Path\n"
        "from engine.indexer import IndexerProcess\n"
        "from tests.engine.indexer.test_process import photos_in, slow_models, until\n"
        "indexer = IndexerProcess(Path(sys.argv[1]), slow_models)\n"
        "threading.Thread(target=indexer.run, args=([Path(sys.argv[2])],)).start()\n"
        "until(lambda: photos_in(Path(sys.argv[1])) > 0)\n"
        "print(multiprocessing.active_children()[0].pid, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, path, tmp_path / "p"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as asking:
        assert asking.stdout is not None
        process = int(asking.stdout.readline())
        asking.send_signal(signal.SIGKILL)
    until(lambda: has_ended(process))
    assert 0 < photos_in(path) < MANY


def has_ended(process: int) -> bool:
    """Return whether a process has ended (one that nobody has waited for has, too)."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_only_what_kills_twice_and_alone_is_refused():
    a, b, c = (Path(name) for name in "abc")
    first = Caution().after_death({a, b})
    assert first == Caution(alone=frozenset({a, b}))
    second = first.after_death({c})  # not one of those: it may have been anything
    assert second == Caution(alone=frozenset({a, b, c}))
    assert second.after_death({b}) == Caution(frozenset({a, c}), frozenset({b}))
    assert second.after_death(set()) == second


# The other end, in this process -------------------------------------------------------------------


def test_the_process_obeys_wishes_and_ends_with_its_connection(path, tmp_path):
    write_pictures(tmp_path / "p", 8)
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=serve, args=(theirs, path, ColourModels, 2))
    thread.start()
    with closing(ours):
        ours.send(Wish(stop=True))  # too late for a run that has ended
        ours.send(Request((tmp_path / "p",)))
        ours.send(Wish(pause=True, gentle=True))
        ours.send(Wish())
        heard: list[object] = []
        until(lambda: heard.append(ours.recv()) or isinstance(heard[-1], IndexReport))
        begun, ended = ([m.path for m in heard if isinstance(m, kind)] for kind in (Begun, Ended))
        assert sorted(begun) == sorted(ended) == sorted((tmp_path / "p").iterdir())
        ours.send(Request((tmp_path / "nowhere",)))
        until(lambda: isinstance(ours.recv(), FolderError))
    thread.join(SECONDS)
    assert not thread.is_alive()
