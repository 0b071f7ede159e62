"""Counts, phases and the remaining time."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from engine.indexer import tally as tally_module
from engine.indexer.tally import Tally


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(tally_module, "time", turned)
    return turned


def test_the_remaining_time_is_known_once_the_walk_is_over(clock: Clock) -> None:
    tally = Tally()
    tally.enter("scanning", Path("p"))
    for _ in range(100):
        tally.found()
    clock.now += 5  # before the first photo: does not count
    tally.enter("reading", Path("p"))
    clock.now += 10
    tally.finish(20)
    assert tally.progress().remaining is None
    tally.surveyed()
    assert tally.progress().remaining == pytest.approx(40)
    assert tally.progress().seconds == pytest.approx(15)
    tally.finish(80)
    assert tally.progress().remaining == 0


def test_the_first_moments_say_nothing(clock: Clock) -> None:
    tally = Tally()
    tally.found()
    tally.found()
    tally.surveyed()
    tally.enter("reading")
    clock.now += 0.5
    tally.finish(1)
    assert tally.progress().remaining is None


def test_pauses_do_not_count(clock: Clock) -> None:
    tally = Tally()
    for _ in range(10):
        tally.found()
    tally.surveyed()
    tally.enter("reading")
    clock.now += 10
    tally.finish(5)
    tally.pause(True)
    clock.now += 1000
    assert tally.progress().paused
    assert tally.progress().remaining == pytest.approx(10)
    tally.pause(False)
    assert not tally.progress().paused
    assert tally.progress().remaining == pytest.approx(10)


def read_for(tally: Tally, clock: Clock, seconds: int, photos: int) -> None:
    """Read so many photos in each of some seconds."""
    for _ in range(seconds):
        clock.now += 1
        tally.finish(photos)


def test_the_rate_is_told_once_it_is_known(clock: Clock) -> None:
    tally = Tally()
    tally.enter("reading")
    clock.now += 30  # the models load: nothing is read
    tally.finish(8)
    assert tally.progress().rate is None
    read_for(tally, clock, 1, 20)
    assert tally.progress().rate is None
    read_for(tally, clock, 1, 20)
    assert tally.progress().rate == pytest.approx(20)


def test_the_rate_is_that_of_the_last_seconds(clock: Clock) -> None:
    tally = Tally()
    tally.enter("reading")
    read_for(tally, clock, 60, 100)
    read_for(tally, clock, 5, 10)
    assert 10 < tally.progress().rate < 100
    read_for(tally, clock, 10, 10)
    assert tally.progress().rate == pytest.approx(10)


def test_the_rate_counts_no_skipped_files_and_no_pauses(clock: Clock) -> None:
    tally = Tally()
    tally.enter("reading")
    read_for(tally, clock, 3, 10)
    tally.finish(0, skipped=5000)
    tally.pause(True)
    clock.now += 3600
    assert tally.progress().rate == pytest.approx(10)
    tally.pause(False)
    tally.finish(0, skipped=5000)
    read_for(tally, clock, 3, 10)
    assert tally.progress().rate == pytest.approx(10)
    assert tally.progress().done == 10_060


def test_the_rate_changes_once_a_second_at_most(clock: Clock) -> None:
    tally = Tally()
    tally.enter("reading")
    rates = []
    for at in range(200):  # a batch twenty times a second, each as large as it likes
        clock.now += 0.05
        tally.finish(1 + at % 3)
        rates.append(tally.progress().rate)
    changes = sum(before != after for before, after in itertools.pairwise(rates))
    assert 0 < changes <= 10


def test_a_rate_becomes_less_where_nothing_comes(clock: Clock) -> None:
    tally = Tally()
    tally.enter("reading")
    read_for(tally, clock, 5, 10)
    clock.now += 9
    assert tally.progress().rate == pytest.approx(10)
    clock.now += 600
    assert tally.progress().rate < 0.1
    tally.enter("done")
    assert tally.progress().rate is None


def test_a_walk_beside_the_reading_does_not_change_the_phase(clock: Clock) -> None:
    tally = Tally()
    tally.enter("reading", Path("a"))
    tally.enter("scanning", Path("b"))
    assert tally.progress().phase == "reading"
    tally.enter("done")
    clock.now += 50
    assert tally.progress().phase == "done"
    assert tally.progress().seconds == 0


def test_the_report_has_every_count_and_skips_by_path() -> None:
    tally = Tally()
    tally.count("added", 3)
    tally.count("added")
    tally.count("missing", 2)
    tally.skip(Path("z.jpg"), "empty")
    tally.skip(Path("a.jpg"), "cut short")
    report = tally.report(stopped=True)
    assert (report.added, report.missing, report.moved, report.stopped) == (4, 2, 0, True)
    assert [skip.path.name for skip in report.skipped] == ["a.jpg", "z.jpg"]
    assert tally.progress().skipped == 2
