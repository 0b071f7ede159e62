"""What is asked of the drives, and whether others could write to a library meanwhile."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

needs_lstat = pytest.mark.skipif(sys.platform == "win32", reason="Python asks otherwise there")


@dataclass
class Asked:
    """What was asked of the drives.

    Attributes:
        paths: All of it.
        locked: What was asked while nobody else could write.
    """

    paths: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)


def watch_drives(library: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Note from now on what this process looks at, or what links it follows."""
    asked = Asked()

    def watched(look: Callable[..., Any]) -> Callable[..., Any]:
        def ask(path: Any, *rest: Any, **options: Any) -> Any:
            asked.paths.append(os.fsdecode(path))
            if _is_locked(library):
                asked.locked.append(os.fsdecode(path))
            return look(path, *rest, **options)

        return ask

    monkeypatch.setattr(os, "lstat", watched(os.lstat))
    monkeypatch.setattr(os, "scandir", watched(os.scandir))
    return asked


def _is_locked(library: Path) -> bool:
    with closing(sqlite3.connect(library, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False
