"""Disks where this user may mount some: one in memory that really gets full, and one of two names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a file system of a given size at `place`, or skip the test."""
    with _mounted(place, "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs"):
        yield place


@contextmanager
def second_name(folder: Path, place: Path) -> Iterator[Path]:
    """Mount a folder at `place`, too, or skip the test: there it is the same folder, and no link."""
    with _mounted(place, "--bind", str(folder)):
        yield place


@contextmanager
def _mounted(place: Path, *what: str) -> Iterator[None]:
    if sys.platform != "linux":
        pytest.skip("mounts a file system, which is done otherwise on this system")
    place.mkdir()
    mount = subprocess.run(["mount", *what, place], capture_output=True, text=True, check=False)
    if mount.returncode:
        pytest.skip(f"this user may not mount a file system ({mount.stderr.strip()})")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def fill(disk: Path) -> None:
    """Write until nothing more fits on a disk."""
    with (disk / "something else").open("ab", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            return
