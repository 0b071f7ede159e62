from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from app import phrases
from engine import ExportProgress, ExportReport, LibraryCounts, Progress, Skip


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(("count", "words"), [(0, "0 photos"), (1, "1 photo"), (48210, "48,210 photos")])
def test_photos(count, words):
    assert phrases.photos(count) == words


@pytest.mark.parametrize(("count", "words"), [(1, "1 file"), (3300, "3,300 files")])
def test_files(count, words):
    assert phrases.files(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, "less than a minute"),
        (59, "less than a minute"),
        (60, "about 1 min"),
        (61, "about 2 min"),
        (3541, "about 1 h"),
        (3600, "about 1 h"),
        (3601, "about 1 h 10 min"),
        (7300, "about 2 h 10 min"),
    ],
)
def test_remaining(seconds, words):
    assert phrases.remaining(seconds) == words


@pytest.mark.parametrize(
    ("per_second", "words"),
    [
        (None, ""),
        (0.0, ""),
        (0.005, ""),
        (0.02, "1 a minute"),
        (0.7, "42 a minute"),
        (1.4, "84 a minute"),
        (1.6, "2 a second"),
        (26.4, "26 a second"),
        (1204.0, "1,204 a second"),
    ],
)
def test_rate(per_second, words):
    assert phrases.rate(per_second) == words


def test_library():
    assert phrases.library(LibraryCounts(48210, 0, 3, 2)) == "48,210 photos"
    assert phrases.library(LibraryCounts(48210, 1200, 3, 2)) == "48,210 photos · 1,200 missing"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Progress("scanning", Path("/p/Winter"), total=3300), "Looking through Winter: 3,300 files to read"),
        (
            Progress("scanning", Path("/p/Winter"), total=2, paused=True),
            "Looking through Winter: 2 files to read · paused",
        ),
        (Progress("waiting", Path("/p/Winter")), "Looking through Winter: 0 files to read"),
        (
            Progress("reading", Path("/p/Winter"), done=1204, total=3300, remaining=200),
            "Reading Winter: 1,204 of 3,300 · about 4 min",
        ),
        (
            Progress("reading", Path("/p/Winter"), done=1204, total=33000, remaining=1205, rate=26.4),
            "Reading Winter: 1,204 of 33,000 · 26 a second · about 21 min",
        ),
        (Progress("reading", Path("/p/Winter"), done=3, total=9), "Reading Winter: 3 of 9"),
        (
            Progress("reading", Path("/p/Winter"), done=3, total=9, remaining=9, rate=2.0, paused=True),
            "Reading Winter: 3 of 9 · paused",
        ),
    ],
)
def test_progress(state, words):
    assert phrases.progress(state) == words


def test_a_drive_is_called_by_its_path():
    assert phrases.folder_name(Path("/")) == "/"
    assert phrases.folder_name(Path("/p/Caf\udce9")) == "Caf�"
    assert phrases.folder_name(None) == ""


def test_sizes_are_rounded_to_what_a_person_would_say():
    assert [phrases.size(count) for count in (0, 160_500, 69_880_237)] == ["0 bytes", "160.5 kB", "69.9 MB"]


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (ExportReport(1, 1), "Copied 1 photo to Stick."),
        (ExportReport(500, 500), "Copied 500 photos to Stick."),
        (
            ExportReport(1, 0, (Skip(Path("/p/a.jpg"), "it is gone"),)),
            "The photo was not copied to Stick. Not copied: a.jpg (it is gone).",
        ),
        (ExportReport(1, 0, (), "stopped"), "Stopped: the photo was not copied to Stick."),
        (ExportReport(500, 37, (), "full"), "Copied 37 of 500; the disk is full."),
        (ExportReport(500, 37, (), "stopped"), "Stopped: 37 of 500 photos were copied to Stick."),
        (
            ExportReport(9, 2, (), "unwritable", "Input/output error"),
            "Copied 2 of 9; Stick can't be written any more (Input/output error).",
        ),
        (
            ExportReport(2, 1, (Skip(Path("/p/a.jpg"), "it is gone"),)),
            "Copied 1 of 2 photos to Stick. Not copied: a.jpg (it is gone).",
        ),
        (
            ExportReport(9, 4, tuple(Skip(Path(f"/p/{n}.jpg"), "gone") for n in range(5)), "full"),
            "Copied 4 of 9; the disk is full. Not copied: 0.jpg (gone), 1.jpg (gone), 2.jpg (gone), 2 more.",
        ),
    ],
)
def test_what_became_of_copies_is_told_in_one_line(report, text):
    assert phrases.exported(report, "Stick") == text


def test_copies_and_selections_are_counted():
    assert phrases.copying(ExportProgress(), "Stick") == "Copying to Stick…"
    assert phrases.copying(ExportProgress(37, 500), "Stick") == "Copying to Stick: 37 of 500"
    assert [phrases.selected(count) for count in (0, 1, 12)] == ["", "", "12 photos selected"]


def test_a_name_with_markup_is_a_tool_tip_as_it_is_written():
    assert phrases.tool_tip("Winter & <3") == "Winter & <3"
    assert "&lt;b&gt;Winter&lt;/b&gt;" in phrases.tool_tip("<b>Winter</b>")
