"""What Linux says of its batteries, in files like those of the kernel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine import on_battery, power


def supply(folder: Path, **facts: str) -> None:
    folder.mkdir(parents=True)
    for name, value in facts.items():
        (folder / name).write_text(value + "\n", "utf-8")


def test_a_battery_that_is_used_up(tmp_path: Path) -> None:
    supply(tmp_path / "AC", type="Mains", online="0")
    supply(tmp_path / "BAT0", type="Battery", status="Discharging")
    assert power._linux(tmp_path)


@pytest.mark.parametrize("status", ["Charging", "Full", "Not charging", "Unknown", ""])
def test_a_battery_that_is_not_used_up(tmp_path: Path, status: str) -> None:
    supply(tmp_path / "BAT0", type="Battery", status=status)
    assert not power._linux(tmp_path)


def test_the_battery_of_a_mouse_is_not_the_machines(tmp_path: Path) -> None:
    supply(tmp_path / "hidpp", type="Battery", status="Discharging", scope="Device")
    assert not power._linux(tmp_path)


def test_a_machine_without_batteries(tmp_path: Path) -> None:
    assert not power._linux(tmp_path)
    assert not power._linux(tmp_path / "nothing")


def test_this_machine_answers() -> None:
    assert on_battery() in (True, False)


@pytest.mark.skipif(sys.platform == "win32", reason="has no niceness")
def test_giving_way_lowers_the_priority() -> None:
    code = "import os; from engine.power import give_way; n = os.nice(0); give_way(); print(os.nice(0) - n)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 0
