"""A process that is killed at any moment loses at most the batch in flight."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from engine.indexer import Indexer
from engine.library import Library
from tests.engine.indexer.encoders import ColourModels
from tests.engine.pictures import write_pictures

PHOTOS = 60
BATCH = 4
BATCHES_BEFORE = 5

CHILD = """
import sys, time
from pathlib import Path
from sqlalchemy import event
from engine.indexer import Indexer
from engine.library import Library
from tests.engine.indexer.encoders import ColourEncoder, ColourModels

path, folder, moment, batches = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])

def wait_for_the_end():
    print("here", flush=True)
    time.sleep(600)

class Waiting(ColourEncoder):
    def encode_images(self, batch):
        if moment == "encoding" and len(self.batches) == batches:
            wait_for_the_end()
        return super().encode_images(batch)

library = Library.open(path)
library.add_root(folder)
writes = []

def before_commit(connection):
    if connection.get_execution_options().get("begin") == "BEGIN IMMEDIATE":
        writes.append(1)
        if len(writes) == batches + 1:
            wait_for_the_end()

if moment == "writing":
    event.listen(library._database._engine, "commit", before_commit)
Indexer(library, ColourModels(Waiting()), workers=2, batch_size=4).run([folder])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
@pytest.mark.parametrize("moment", ["encoding", "writing"])
def test_a_killed_run_loses_only_the_batch_in_flight(tmp_path: Path, moment: str) -> None:
    folder, path = tmp_path / "p", tmp_path / "l.db"
    write_pictures(folder, PHOTOS)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(folder), moment, str(BATCHES_BEFORE)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdout is not None
    with child.stdout:
        assert child.stdout.readline() == b"here\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    check_continues(path, folder, before=BATCH * BATCHES_BEFORE)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_run_that_is_killed_again_and_again_gets_there(tmp_path: Path) -> None:
    folder, path = tmp_path / "p", tmp_path / "l.db"
    write_pictures(folder, PHOTOS)
    Library.open(path).close()
    for target in (1, 13, 30):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), str(folder), "none", "0"], cwd=Path(__file__).parents[3]
        )
        while photos_in(path) < target and child.poll() is None:
            time.sleep(0.002)
        child.kill()
        child.wait()
        assert photos_in(path) >= target
    check_continues(path, folder, before=photos_in(path))


def photos_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM photos").fetchone()[0])


def check_continues(path: Path, folder: Path, *, before: int) -> None:
    """Check that the library is whole, and that the next run reads exactly the rest."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in ("contents", "embeddings", "regions", "thumbnails", "photos"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (before,), table
    models = ColourModels()
    with Library.open(path) as library:
        report = Indexer(library, models, workers=2).run([folder])
        assert (report.added, report.unchanged) == (PHOTOS - before, before)
        assert sum(models.encoders[0].batches) == PHOTOS - before
        assert library.counts().photos == PHOTOS
