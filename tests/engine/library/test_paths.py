"""Paths as bytes relative to a root."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.library.paths import absolute, encode, is_online, relative_to, subtree_bounds

NAMES = st.binary(min_size=1, max_size=12).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")
)
PARTS = st.lists(NAMES, min_size=1, max_size=4)
posix = pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")


@posix
@given(PARTS)
def test_any_name_goes_there_and_back(parts: list[bytes]) -> None:
    relative = b"/".join(parts)
    path = absolute(b"/photos", relative)
    assert os.fsencode(path) == b"/photos/" + relative
    assert relative_to(path, Path("/photos")) == relative


@posix
@given(PARTS, PARTS)
def test_bounds_hold_exactly_what_lies_under_a_folder(folder: list[bytes], other: list[bytes]) -> None:
    inside = b"/".join(folder + other)
    elsewhere = b"/".join(other)
    first, below = subtree_bounds(b"/".join(folder))
    assert first <= inside < below
    assert (first <= elsewhere < below) == elsewhere.startswith(b"/".join(folder) + b"/")


def test_a_root_relative_to_itself_is_empty(tmp_path: Path) -> None:
    assert relative_to(tmp_path, tmp_path) == b""
    assert absolute(os.fsencode(tmp_path), b"") == tmp_path


def test_what_lies_outside_has_no_relative_path(tmp_path: Path) -> None:
    assert relative_to(tmp_path.parent, tmp_path) is None
    assert relative_to(Path(f"{tmp_path}x"), tmp_path) is None
    assert relative_to(tmp_path / ".." / "y", tmp_path) is None


def test_everything_lies_in_the_root_of_the_disk(tmp_path: Path) -> None:
    assert relative_to(tmp_path, Path(tmp_path.anchor)) == encode(tmp_path.relative_to(tmp_path.anchor))


def test_only_folders_that_hold_something_are_online(tmp_path: Path) -> None:
    assert not is_online(tmp_path)
    (tmp_path / "x").touch()
    assert is_online(tmp_path)
    assert not is_online(tmp_path / "x")
    assert not is_online(tmp_path / "y")
