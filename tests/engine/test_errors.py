from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.errors import BugError, EngineError, FolderError, KnownError, PackError, printable


def test_a_message_names_the_file_says_what_happened_and_what_to_do() -> None:
    error = FolderError("this folder is gone.", path=Path("photos"), hint="Plug the drive in.")
    assert str(error) == "photos: this folder is gone. Plug the drive in."
    assert str(KnownError("nothing there.")) == "nothing there."


def test_the_worlds_faults_and_ours_are_told_apart() -> None:
    assert issubclass(PackError, KnownError)
    assert issubclass(KnownError, EngineError)
    assert not issubclass(BugError, KnownError)


def test_undecodable_bytes_of_a_name_are_shown_as_replacements() -> None:
    assert printable(os.fsdecode(b"caf\xe9.jpg")) == "caf\ufffd.jpg"
    assert printable("a\ud800b") == "a\ufffdb"
    assert printable("snow ☃ \U0001f600") == "snow ☃ \U0001f600"


@given(st.text(alphabet=st.characters()))
def test_any_path_can_be_shown(text: str) -> None:
    printable(text).encode("utf-8")


def test_every_public_name_loads_and_no_other_does() -> None:
    for name in engine.__all__:
        assert getattr(engine, name) is not None
    with pytest.raises(AttributeError, match="Sgraf"):
        engine.Sgraf  # noqa: B018
