import threading
from pathlib import Path

import pytest

from app import absence
from engine import Photo, PhotoMetadata
from tests.app.conftest import draw_photo

TOO_LONG = "a" * 5000  # an error of the file system other than "there is no such file"


def photo_at(path: Path) -> Photo:
    return Photo(1, path, 1, 1, PhotoMetadata(4, 3))


def test_what_is_there_needs_no_words(tmp_path):
    photo = photo_at(draw_photo(tmp_path / "a.jpg"))
    assert (absence.of_file(photo), absence.of_folder(photo)) == ("", "")


def test_a_photo_that_is_gone_still_has_a_folder(tmp_path):
    photo = photo_at(tmp_path / "gone.jpg")
    assert absence.of_file(photo) == "gone.jpg is no longer in its folder: it was moved, renamed or deleted."
    assert absence.of_folder(photo) == ""


@pytest.mark.parametrize("name", ["nowhere", TOO_LONG, "no\0name"])
def test_a_folder_that_is_gone_or_fails_is_one_sentence(tmp_path, name):
    photo = photo_at(tmp_path / name / "a.jpg")
    said = "a.jpg can't be reached: its folder is not connected, or was moved."
    assert (absence.of_file(photo), absence.of_folder(photo)) == (said, said)


def test_a_file_is_no_folder(tmp_path):
    assert absence.is_folder(tmp_path)
    assert not absence.is_folder(draw_photo(tmp_path / "a.jpg"))


def test_no_window_waits_for_a_drive_that_is_dead(tmp_path, monkeypatch):
    assert absence.is_folder_at_once(tmp_path)
    assert not absence.is_folder_at_once(tmp_path / "gone")
    monkeypatch.setattr(absence, "AT_ONCE", 0.1)
    plugged_in, asked = threading.Event(), threading.Event()
    monkeypatch.setattr(Path, "is_dir", lambda _: plugged_in.wait() and not asked.set())
    try:
        assert not absence.is_folder_at_once(tmp_path)
    finally:
        plugged_in.set()
    assert asked.wait(60)
