"""Verbs and options: all have help, wrong ones are refused with exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from engine import __version__
from engine.cli import main
from engine.cli.run import VERBS


def arguments_of(verb):
    return {
        "index": ["folder"],
        "search": ["a dog"],
        "describe": ["photo.jpg"],
        "similar": ["photo.jpg"],
        "evaluate": ["--images", "i", "--captions", "c.csv"],
        "evaluate-official": ["--checkpoint", "c", "--features", "f", "--vocab", "v", "--split", "dev"],
        "demo": [],
    }[verb]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_and_names_its_options(verb, capsys):
    assert main([verb, "--help"]) == 0
    printed = capsys.readouterr().out
    assert "--json" in printed
    assert ("--library" in printed) == (not verb.startswith("evaluate"))
    assert "show this help" in printed


def test_help_is_shown_in_an_old_encoding_too():
    command = [sys.executable, "main.py", "search", "--help"]
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"red car" in done.stdout


def test_the_help_lists_every_verb(capsys):
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(verb in printed for verb in VERBS)
    assert "app" not in printed.split()


def test_the_window_is_offered_where_there_is_one(capsys):
    opened = []
    assert (
        main(["app", "--library", "my.db"], open_window=lambda library: opened.append(str(library)) or 0) == 0
    )
    assert opened == ["my.db"]
    assert main(["app"]) == 2


def test_the_version_is_printed(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"Sgraffito {__version__}\n"


@pytest.mark.parametrize("verb", ["search", "describe", "similar"])
@pytest.mark.parametrize("limit", ["0", "-3", "many", "1.5", ""])
def test_a_limit_must_be_positive(verb, limit, capsys):
    assert main([verb, *arguments_of(verb), f"--limit={limit}"]) == 2
    assert "--limit: must be a whole number of at least 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["index"],
        ["search"],
        ["search", "a dog", "another"],
        ["search", "a dog", "--candidates", "0"],
        ["similar", "photo.jpg", "--by", "taste"],
        ["evaluate", "--images", "here"],
        ["evaluate", "--images", "i", "--captions", "c", "--candidates", "some"],
        ["evaluate", "--images", "i", "--captions", "c", "--folds", "0"],
        ["evaluate", "--images", "i", "--captions", "c", "--folds", "all"],
        ["evaluate-official", "--features", "f", "--vocab", "v", "--split", "dev"],
        ["search", "a dog", "--device", "abacus"],
    ],
)
def test_wrong_usage_is_code_two_and_one_message(arguments, capsys):
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "error:" in printed.err


def test_the_demo_s_own_photos_go_into_no_library_that_stays(capsys, tmp_path):
    """They are gone afterwards."""
    assert main(["demo", "--library", str(tmp_path / "mine.db")]) == 2
    assert "--library needs a FOLDER" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["index", ""], ["search", "a dog", "--folder", ""], ["demo", ""]])
def test_a_name_that_is_empty_is_not_the_folder_one_is_in(arguments, capsys):
    """As it is where a variable of the shell has no value."""
    assert main(arguments) == 2
    assert "must not be empty" in capsys.readouterr().err


def test_help_does_not_load_torch_or_the_database():
    script = (
        "import sys; from engine.cli import main; main(['search', '--help']);"
        "sys.exit(bool({'torch', 'sqlalchemy', 'PIL', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
