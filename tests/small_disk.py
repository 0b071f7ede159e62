"""A disk that really gets full: a tiny file system in memory, where this user may mount one."""

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
    if sys.platform != "linux":
        pytest.skip("mounts a file system in memory, which is done otherwise on this system")
    place.mkdir()
    size = f"size={kilobytes}k"
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True, text=True, check=False
    )
    if mount.returncode:
        pytest.skip(f"this user may not mount a file system ({mount.stderr.strip()})")
    try:
        yield place
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
