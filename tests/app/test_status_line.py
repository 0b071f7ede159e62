from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

from app.status_line import StatusLine
from engine import LibraryCounts, Progress

READING = Progress("reading", Path("/p/Winter"), done=12, total=33, remaining=200, rate=26.0)


@pytest.fixture
def line(qtbot) -> StatusLine:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1000, 40)
    line.show()
    return line


def buttons(line: StatusLine) -> list[QPushButton]:
    return [button for button in line.findChildren(QPushButton) if button.isVisible()]


def test_counts_and_progress_read_as_one_line(line):
    line.show_counts(LibraryCounts(482, 0, 0, 1))
    line.show_note("1 file could not be read")
    line.show_progress(READING)
    reading = "Reading Winter: 12 of 33 · 26 a second · about 4 min"
    assert line.text == f"482 photos · 1 file could not be read · {reading}"
    bar = line.findChild(QProgressBar)
    assert (bar.value(), bar.maximum()) == (12, 33)


def test_without_progress_there_is_nothing_to_press(line):
    line.show_progress(READING)
    assert [button.text() for button in buttons(line)] == ["Pause", "Stop"]
    line.show_progress(None)
    assert buttons(line) == []
    assert line.text == ""


def test_pause_becomes_resume(qtbot, line):
    line.show_progress(READING)
    pause, _ = buttons(line)
    with qtbot.waitSignal(line.pause_toggled) as signal:
        pause.click()
    assert signal.args == [True]
    assert pause.text() == "Resume"
    with qtbot.waitSignal(line.pause_toggled) as signal:
        pause.click()
    assert signal.args == [False]
    assert pause.text() == "Pause"


def test_the_next_run_starts_unpaused(qtbot, line):
    line.show_progress(READING)
    buttons(line)[0].click()
    line.show_progress(None)
    line.show_progress(READING)
    assert buttons(line)[0].text() == "Pause"


def test_stop(qtbot, line):
    line.show_progress(READING)
    with qtbot.waitSignal(line.stop_pressed):
        buttons(line)[1].click()


def test_while_scanning_the_bar_only_moves(line):
    line.show_progress(Progress("scanning", Path("/p/Winter"), total=100))
    assert line.findChild(QProgressBar).maximum() == 0


def test_a_long_sentence_never_widens_the_window(line):
    """A folder's name of any length must not push the window over the edge of the screen."""
    line.show_progress(READING)
    narrow = line.minimumSizeHint().width()
    line.show_note("Winter is not connected. Its photos can be found, but not opened. " * 5)
    line.show_progress(Progress("reading", Path("/p") / ("Winter" * 40), done=1, total=2))
    assert line.minimumSizeHint().width() == narrow


def test_a_narrow_line_does_without_the_rate_and_keeps_the_rest(line):
    line.show_counts(LibraryCounts(482, 0, 0, 1))
    line.show_progress(READING)
    assert line.text == "482 photos · Reading Winter: 12 of 33 · 26 a second · about 4 min"
    whole = line.sizeHint().width()
    line.resize(whole - 20, 40)
    line.show_progress(READING)
    assert line.text == "482 photos · Reading Winter: 12 of 33 · about 4 min"
    assert line.sizeHint().width() <= line.width()
    line.resize(whole, 40)
    line.show_progress(READING)
    assert "26 a second" in line.text


def test_names_of_folders_are_no_markup(line):
    line.show_note("1 file in <b>Winter</b> could not be read")
    line.show_progress(Progress("reading", Path("/p/<b>Trips<b>"), done=3, total=9))
    labels = [label for label in line.findChildren(QLabel) if "<b>" in label.text()]
    assert [label.textFormat() for label in labels] == [Qt.TextFormat.PlainText] * 2
