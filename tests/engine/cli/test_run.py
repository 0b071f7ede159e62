"""Whatever goes wrong, the user reads one message and gets a fitting exit code."""

from __future__ import annotations

import shutil

import pytest

from engine import places
from engine.cli import guarded, main
from engine.errors import BugError, KnownError
from engine.models.packs import DEFAULT_PACK


@pytest.fixture(autouse=True)
def logs(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "log_folder", lambda: tmp_path / "logs")
    return tmp_path / "logs" / "sgraffito.log"


def failing(error):
    def job():
        raise error

    return job


def test_a_job_that_ends_well_keeps_its_code(capsys):
    assert [guarded(lambda: 0), guarded(lambda: 1)] == [0, 1]
    assert capsys.readouterr().err == ""


def test_a_known_error_is_its_message(capsys, logs):
    assert guarded(failing(KnownError("is gone.", path="a.jpg", hint="Look elsewhere."))) == 1
    assert capsys.readouterr().err == "sgraffito: a.jpg: is gone. Look elsewhere.\n"
    assert not logs.exists()


@pytest.mark.parametrize(
    ("error", "said"), [(KeyboardInterrupt(), "Stopped."), (KeyboardInterrupt("Kept 3."), "Kept 3.")]
)
def test_control_c_is_130(capsys, error, said):
    assert guarded(failing(error)) == 130
    assert capsys.readouterr().err == f"{said}\n"


def test_an_unexpected_error_is_logged_and_never_a_traceback(capsys, logs):
    assert guarded(failing(ZeroDivisionError("one by \udcff none"))) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert str(logs) in said
    assert "Traceback" not in said
    written = logs.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "one by" in written


def test_a_bug_of_another_process_is_one_line_and_the_log_has_the_rest(capsys, logs):
    assert guarded(failing(BugError("Traceback (most recent call last):\n  ours\nValueError: odd\n"))) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "(BugError: ValueError: odd)" in said
    assert "  ours" in logs.read_text(encoding="utf-8")


def test_a_log_that_can_not_be_written_is_no_second_failure(capsys, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(places, "log_folder", lambda: tmp_path / "file")
    assert guarded(failing(ValueError("odd"))) == 1
    assert "ValueError: odd" in capsys.readouterr().err


def test_the_selftest_says_ok(capsys, monkeypatch, tmp_path, tiny_pack_folder):
    shutil.copytree(tiny_pack_folder, tmp_path / "models" / DEFAULT_PACK)
    monkeypatch.setattr(places, "bundled_packs", lambda: tmp_path / "models")
    assert main(["--selftest"]) == 0
    assert capsys.readouterr().out.startswith("ok: tiny")


def test_a_selftest_that_fails_says_which_file(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(places, "bundled_packs", lambda: tmp_path / "models")
    assert main(["--selftest"]) == 1
    assert str(tmp_path / "models") in capsys.readouterr().err
