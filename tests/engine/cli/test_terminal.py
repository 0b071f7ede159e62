"""What is printed, byte by byte; progress bars on a terminal only."""

from __future__ import annotations

import io
import json
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.terminal import print_json, print_message, print_result, progress_bar

FULL = Path("/dev/full")


def test_results_go_to_stdout_and_messages_to_stderr(capsys):
    print_result("a result")
    print_message("a message")
    assert capsys.readouterr() == ("a result\n", "a message\n")


def test_messages_are_always_readable(capsys):
    print_message("caf\udce9.jpg is odd \ud800")
    said = capsys.readouterr().err
    assert said.startswith("caf\ufffd")
    assert ".jpg is odd \ufffd" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no names of bytes")
def test_names_that_are_not_utf8_are_printed_as_they_are(capfdbinary):
    print_result(os.fsdecode(b"caf\xe9 \xc3\xa9.jpg"))
    assert capfdbinary.readouterr().out == b"caf\xe9 \xc3\xa9.jpg\n"


def test_text_that_can_not_be_encoded_is_still_printed(capfdbinary):
    print_result("odd \ud800 text")
    assert capfdbinary.readouterr().out == b"odd ? text\n"


def test_a_stream_without_bytes_is_written_to(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    print_result("caf\udce9")
    assert stream.getvalue().startswith("caf\ufffd")


def test_json_keeps_undecodable_names(capsys):
    print_json([{"path": "caf\udce9"}])
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert json.loads(printed) == [{"path": "caf\udce9"}]


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of Unix")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_stream_that_is_closed_is_no_error(closed):
    script = (
        "import sys\n"
        "from engine.cli import guarded, terminal\n"
        "terminal.prepare_streams()\n"
        "def job():\n"
        "    with terminal.progress_bar('photo') as show:\n"
        "        show('Reading', 1, 10)\n"
        "    terminal.print_result('a result')\n"
        "    terminal.print_message('a message')\n"
        "    return 0\n"
        "sys.exit(guarded(job))\n"
    )
    command = ["sh", "-c", f'exec "$0" "$@" {closed}', sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout == ("a result\n" if closed == "2>&-" else "")
    assert done.stderr == ("a message\n" if closed == ">&-" else "")


@pytest.mark.skipif(not FULL.exists(), reason="has no full device")
def test_a_disk_that_is_full_is_said():
    script = (
        "import sys\n"
        "from engine.cli import guarded, terminal\n"
        "sys.exit(guarded(lambda: terminal.print_result('a result')))\n"
    )
    with FULL.open("wb") as full:
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("sgraffito: the output can't be written (No space left")
    assert len(done.stderr.splitlines()) == 1


def test_no_bar_where_there_is_no_terminal(capsys):
    with progress_bar("photo") as show:
        show("Reading", 1, 10)
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")
def test_a_bar_is_shown_on_a_terminal():
    import pty
    import termios

    script = (
        "from engine.cli.terminal import progress_bar\n"
        "with progress_bar('photo') as show:\n"
        "    show('Looking', 1, 2)\n"
        "    show('Reading', 5, 10)\n"
        "    show('Reading', 10, 10)\n"
    )
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 80))
    subprocess.run([sys.executable, "-c", script], stderr=follower, stdout=subprocess.PIPE, check=True)
    readable, _, _ = select.select([leader], [], [], 5)
    # Read while the follower is open: its output is lost when the last one closes.
    shown = os.read(leader, 100_000).decode() if readable else ""
    os.close(follower)
    os.close(leader)
    assert "Looking" in shown
    assert "Reading" in shown
    assert "photo" in shown
