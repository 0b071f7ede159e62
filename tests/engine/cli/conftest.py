"""Fixtures of the terminal's tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import places
from engine.cli import main


@dataclass(frozen=True)
class Outcome:
    """What a command printed and returned."""

    code: int
    out: bytes
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return self.out.decode("utf-8", "surrogateescape").splitlines()


@pytest.fixture
def run(tmp_path, tiny_pack_folder, capfdbinary, monkeypatch):
    """Run a command with a library and a pack of the test's own."""
    for place in ("data_folder", "cache_folder", "log_folder"):
        monkeypatch.setattr(places, place, lambda place=place: tmp_path / place)

    def command(verb, *arguments, library=True, pack=True):
        options = ["--library", str(tmp_path / "cli.db")] if library else []
        options += ["--pack", str(tiny_pack_folder), "--device", "cpu"] if pack else []
        capfdbinary.readouterr()
        code = main([verb, *map(str, arguments), *options])
        printed = capfdbinary.readouterr()
        return Outcome(code, printed.out, printed.err.decode("utf-8", "surrogateescape"))

    return command


@pytest.fixture
def searchable(tmp_path, indexed_file) -> Path:
    """Put the album's library where `run` looks for it."""
    path = tmp_path / "cli.db"
    path.write_bytes(indexed_file.read_bytes())
    return path
