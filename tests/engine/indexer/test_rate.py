"""How many photos a run reads in a second, told while it reads."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from engine.indexer import Indexer
from engine.indexer import tally as tally_module
from engine.library import Library
from tests.engine.indexer.encoders import ColourModels
from tests.engine.pictures import write_pictures


class Passing:
    """A clock on which a tenth of a second passes with every look at it."""

    def __init__(self) -> None:
        self._tenths = itertools.count(1000)

    def monotonic(self) -> float:
        return next(self._tenths) / 10


def rates(library: Library, folder: Path) -> list[float]:
    """Read a folder in small batches; return the rates that were told on the way."""
    told: list[float | None] = []
    indexer = Indexer(
        library,
        ColourModels(),
        workers=1,
        batch_size=1,
        tell=lambda _: told.append(indexer.progress.rate),
    )
    indexer.run([folder])
    assert indexer.progress.rate is None  # nothing is read any more
    return [rate for rate in told if rate is not None]


@pytest.fixture(autouse=True)
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally_module, "time", Passing())


def test_photos_that_are_read_have_a_rate(library: Library, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", 80)
    found = rates(library, tmp_path / "p")
    assert found
    assert all(0 < rate <= 10 for rate in found)


def test_files_that_cannot_be_read_have_none(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    for number in range(800):
        (folder / f"{number}.jpg").write_bytes(b"no photo %d" % number)
    assert set(rates(library, folder)) == {0.0}
