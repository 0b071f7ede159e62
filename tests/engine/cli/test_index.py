"""`index`: what changed, what was skipped, what was wrong."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from engine.library import Library
from tests.album import draw


def test_the_json_counts_what_changed(run, tmp_path):
    for seed in range(3):
        draw(tmp_path / "photos" / f"{seed}.jpg", seed)
    (tmp_path / "photos" / "broken.jpg").write_bytes(b"\xff\xd8 nothing")
    first = run("index", tmp_path / "photos", "--json")
    assert first.code == 0
    document = first.json
    assert list(document) == ["added", "updated", "moved", "missing", "skipped", "seconds"]
    assert [document[name] for name in ("added", "updated", "moved", "missing")] == [3, 0, 0, 0]
    assert [skip["path"] for skip in document["skipped"]] == [str(tmp_path / "photos" / "broken.jpg")]
    assert document["skipped"][0]["reason"]
    (tmp_path / "photos" / "0.jpg").rename(tmp_path / "photos" / "renamed.jpg")
    (tmp_path / "photos" / "1.jpg").unlink()
    draw(tmp_path / "photos" / "2.jpg", 77)
    second = run("index", tmp_path / "photos", "--json").json
    assert [second[name] for name in ("added", "updated", "moved", "missing")] == [0, 1, 1, 1]


def test_the_plain_result_is_one_line_and_skips_are_messages(run, tmp_path):
    draw(tmp_path / "photos" / "a.jpg", 1)
    (tmp_path / "photos" / "empty.png").touch()
    outcome = run("index", tmp_path / "photos")
    assert outcome.code == 0
    assert len(outcome.lines) == 1
    assert outcome.lines[0].startswith("1 added, 0 updated, 0 moved, 0 missing, 0 unchanged, 1 skipped in ")
    assert f"skipped {tmp_path / 'photos' / 'empty.png'}: " in outcome.err


def test_several_folders_are_indexed_at_once(run, tmp_path):
    draw(tmp_path / "one" / "a.jpg", 1)
    draw(tmp_path / "two" / "b.jpg", 2)
    assert run("index", tmp_path / "one", tmp_path / "two", "--json").json["added"] == 2


def test_a_folder_without_photos_is_said(run, tmp_path):
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "notes.txt").write_text("no photo")
    outcome = run("index", tmp_path / "nothing", "--json")
    assert outcome.code == 1
    assert outcome.json["added"] == 0
    assert f"{tmp_path / 'nothing'}: There are no photos here." in outcome.err


def test_a_folder_without_photos_is_said_among_others_that_have_some(run, tmp_path):
    draw(tmp_path / "full" / "a.jpg", 1)
    for name in ("nothing", "broken"):
        (tmp_path / name).mkdir()
    (tmp_path / "broken" / "b.jpg").touch()
    folders = [tmp_path / name for name in ("nothing", "full", "broken")]
    outcome = run("index", *folders)
    assert outcome.code == 1
    assert outcome.lines[0].startswith("1 added")
    assert outcome.err.count("There are no photos here.") == 1
    assert f"{tmp_path / 'nothing'}: There are no photos here." in outcome.err
    assert run("index", *folders[1:]).code == 0


def test_a_folder_whose_photos_were_all_deleted_holds_none(run, tmp_path):
    photo = draw(tmp_path / "photos" / "a.jpg", 1)
    (tmp_path / "photos" / "notes.txt").write_text("no photo")
    assert run("index", tmp_path / "photos").code == 0
    photo.unlink()
    outcome = run("index", tmp_path / "photos")
    assert outcome.code == 1
    assert ", 1 missing, " in outcome.lines[0]
    assert "There are no photos here" in outcome.err


def test_a_folder_that_does_not_exist_is_named(run, tmp_path):
    outcome = run("index", tmp_path / "nowhere")
    assert (outcome.code, outcome.out) == (1, b"")
    assert "nowhere" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_damaged_library_is_named(run, tmp_path, album):
    (tmp_path / "cli.db").write_bytes(b"not a library at all" * 100)
    outcome = run("index", album)
    assert outcome.code == 1
    assert "cli.db" in outcome.err


@pytest.mark.parametrize(
    ("file", "damage"), [("heads.safetensors", b"x"), ("text_backbone.safetensors", None)]
)
def test_a_damaged_pack_is_named(run, tmp_path, tiny_pack_folder, file, damage):
    pack = tmp_path / "pack"
    pack.mkdir()
    for part in tiny_pack_folder.iterdir():
        (pack / part.name).write_bytes(part.read_bytes())
    if damage is None:
        (pack / file).unlink()
    else:
        (pack / file).write_bytes(damage)
    photo = draw(tmp_path / "photos" / "a.jpg", 1)
    outcome = run("search", "a dog", "--folder", photo.parent, "--pack", pack, pack=False)
    assert outcome.code == 1
    assert file in outcome.err


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize(
    ("verb", "said"),
    [(["index"], "skipped"), (["search", "a dog", "--folder"], ".png"), (["demo"], "skipped")],
)
def test_a_process_that_dies_does_not_take_the_command_along(tmp_path, tiny_pack_folder, verb, said):
    folder, library = tmp_path / "many", tmp_path / "library.db"
    folder.mkdir()
    for number in range(600):
        Image.new("RGB", (8, 8), (number % 256, number // 256, 0)).save(folder / f"{number}.png")
    options = ["--library", library, "--pack", tiny_pack_folder]
    command = [sys.executable, "main.py", *verb, folder, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and _count(library) == 0:
            time.sleep(0.02)
        (reader,) = _readers(process.pid)
        os.kill(reader, signal.SIGKILL)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert said in out
    assert _count(library) == 600


def _readers(pid):
    """Return the processes that a command has started to read photos."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_control_c_on_a_terminal_reaches_both_processes_and_ends_both(tmp_path, tiny_pack_folder):
    """At whatever moment it comes: the process that reads never complains by itself."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(500):
        Image.new("RGB", (8, 8), (number % 256, number // 256, 0)).save(folder / f"{number}.png")
    command = [sys.executable, "main.py", "index", folder, "--pack", tiny_pack_folder, "--library"]
    for number, seconds in enumerate((0.05, 1.0)):
        started = [*command, tmp_path / f"{number}.db"]
        with subprocess.Popen(
            started, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as process:
            while process.poll() is None and not _readers(process.pid):
                time.sleep(0.01)
            time.sleep(seconds)
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (130, "")
        assert err.startswith("Stopped: ")
        assert len(err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_control_c_keeps_what_was_read(tmp_path, tiny_pack_folder):
    folder, library = tmp_path / "many", tmp_path / "library.db"
    folder.mkdir()
    for number in range(4000):
        Image.new("RGB", (8, 8), (number % 256, number // 256, 0)).save(folder / f"{number}.png")
    command = [sys.executable, "main.py", "index", folder, "--library", library, "--pack", tiny_pack_folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and _count(library) == 0:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.startswith("Stopped: ")
    assert "Traceback" not in err
    with Library.open(library) as opened:
        kept = opened.counts().photos
    assert 0 < kept < 4000
    assert f"Stopped: {kept} added" in err


def _count(library):
    if not library.exists():
        return 0
    try:
        return sqlite3.connect(library).execute("SELECT count(*) FROM photos").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no names of bytes")
def test_names_that_are_not_utf8_survive(run, tmp_path):
    folder = tmp_path / "photos"
    draw(folder / "a.jpg", 1)
    name = os.fsencode(folder) + b"/caf\xe9.jpg"
    (folder / "a.jpg").rename(os.fsdecode(name))
    (folder / os.fsdecode(b"bad\xff.jpg")).touch()
    document = run("index", folder, "--json").json
    assert os.fsencode(document["skipped"][0]["path"]).endswith(b"bad\xff.jpg")
    plain = run("search", "a dog")
    assert plain.out.rstrip(b"\n").endswith(name)
    found = run("search", "a dog", "--json")
    assert os.fsencode(found.json[0]["path"]) == name
    assert found.out.isascii()
