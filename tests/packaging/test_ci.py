"""What CI starts: `.ci/run`, with made-up commands in place of the real ones."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.packaging import PACKAGING

ROOT = PACKAGING.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="CI runs on Debian")


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder of commands that write down how they were called."""
    for name in ("make", "apt-get", "sudo"):
        command = tmp_path / name
        command.write_text(f'#!/bin/sh\necho "{name} $*" >> "$CALLS"\n')
        command.chmod(0o755)
    return tmp_path


def run_ci(commands: Path, **changes: str) -> list[str]:
    calls = commands / "calls"
    environment = {"CALLS": str(calls), "PATH": f"{commands}:{os.environ['PATH']}"} | changes
    done = subprocess.run(
        [ROOT / ".ci" / "run"], cwd=commands, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return calls.read_text().splitlines()


def test_the_test_command_comes_last_and_from_anywhere(commands: Path) -> None:
    assert run_ci(commands)[-1] == "make test"


def test_what_is_missing_is_installed_first(commands: Path) -> None:
    """A Python without venv stands for everything that a clean machine lacks."""
    (commands / "python3").write_text("#!/bin/sh\nexit 1\n")
    (commands / "python3").chmod(0o755)
    *before, last = run_ci(commands)
    assert last == "make test"
    assert any("update" in call for call in before)
    assert any("install" in call and "python3-venv" in call for call in before)
