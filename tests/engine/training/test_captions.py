from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from engine.training.captions import (
    SENTENCES,
    SOURCES,
    mentions_side,
    read_sentences,
    read_sources,
    without_held_out,
)
from tests.conftest import shared_folder
from tests.engine.training.photos import write_source


def test_listed_photos_of_flickr8k_are_dev_and_never_trained_on(tmp_path: Path) -> None:
    write_source(tmp_path / "flickr8k", count=60, dev=10)
    photos = read_sources(tmp_path, ["flickr8k"])
    assert [p.path.name for p in photos if p.split == "dev"] == [f"{i:04d}.png" for i in range(10)]
    assert {p.split for p in photos[10:]} <= {"train", "tune"}


def test_other_sources_hold_out_about_a_tenth_by_the_hash_of_the_name(tmp_path: Path) -> None:
    write_source(tmp_path / "coco", count=400)
    photos = read_sources(tmp_path, ["coco"])
    held_out = [p for p in photos if p.split == "dev2"]
    assert 20 <= len(held_out) <= 65
    assert [p.split for p in read_sources(tmp_path, ["coco"])] == [p.split for p in photos]


def test_the_same_number_is_on_the_same_side_in_every_source(tmp_path: Path) -> None:
    for name in ("coco", "nsd"):
        write_source(tmp_path / name, count=100)
    splits = [{p.path.stem: p.split for p in read_sources(tmp_path, [n])} for n in ("coco", "nsd")]
    assert splits[0] == splits[1]


def test_sentences_in_sequence_are_joined_in_pairs(tmp_path: Path) -> None:
    write_source(tmp_path / "ade20k", count=1)
    (photo,) = read_sources(tmp_path, ["ade20k"])
    assert photo.captions == ("a red picture, with a box box number 0 on the left",)


def test_a_missing_photo_is_named(tmp_path: Path) -> None:
    write_source(tmp_path / "coco", count=3)
    (tmp_path / "coco" / "images" / "0001.png").unlink()
    with pytest.raises(FileNotFoundError, match=r"0001\.png"):
        read_sources(tmp_path, ["coco"])


@pytest.mark.parametrize(
    ("caption", "sided"),
    [
        ("a man on the Left", True),
        ("right of the tree", True),
        ("a bright leftover", False),
        ("a dog", False),
    ],
)
def test_captions_that_name_a_side_are_known(caption: str, sided: bool) -> None:
    assert mentions_side(caption) is sided


def test_sentences_keep_their_order(tmp_path: Path) -> None:
    with gzip.open(tmp_path / SENTENCES, "wt", encoding="utf-8") as file:
        file.write("a penguin on a guitar\n\n . \n A dog. \n")
    assert read_sentences(tmp_path) == ["a penguin on a guitar", "A dog."]


def test_what_tells_of_held_out_photos_is_left_out(tmp_path: Path) -> None:
    """One caption in common, however it is written, and the others of its group go with it."""
    write_source(tmp_path / "flickr8k", count=10, dev=2)
    photos = read_sources(tmp_path, ["flickr8k"])
    secret = next(p for p in photos if p.split == "dev").captions[0]
    known = next(p for p in photos if p.split == "train").captions[0]
    groups = [["a thing", f"{secret.upper()} ."], [known, "something else"], ["a penguin on a guitar"]]
    assert without_held_out(groups, photos) == groups[1:]


@pytest.mark.shared
def test_no_dev_photo_of_the_shared_data_is_in_training() -> None:
    data = shared_folder("data")
    photos = read_sources(data, SOURCES)
    dev = set((data / "flickr8k" / "dev.txt").read_text().split())
    trained = {p.path.name for p in photos if p.split == "train"}
    assert len([p for p in photos if p.split == "dev"]) == len(dev) == 1000
    assert not trained & dev
    stems = {p.path.stem for p in photos if p.split == "dev2"}
    assert not stems & {p.path.stem for p in photos if p.split == "train"}
