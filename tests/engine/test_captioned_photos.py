"""Reading captioned photos: every fault is named."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.captioned_photos import read_captioned_photos
from engine.errors import KnownError

HEADER = "image,caption\n"


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (folder / name).touch()
    return folder


def read(images, text, split=None, encoding="utf-8"):
    captions = images.parent / "captions.csv"
    captions.write_text(text, encoding=encoding)
    if split is not None:
        (images.parent / "split.txt").write_text(split)
        return read_captioned_photos(images, captions, images.parent / "split.txt")
    return read_captioned_photos(images, captions)


def test_captions_of_a_photo_come_together(images):
    photos = read(images, HEADER + "a.jpg,one\nb.jpg,two\na.jpg,three\n")
    assert photos.paths == (images / "a.jpg", images / "b.jpg")
    assert photos.captions == ("one", "three", "two")
    assert photos.photo_of_caption.tolist() == [0, 0, 1]


def test_quotes_commas_marks_and_blank_lines_are_understood(images):
    photos = read(
        images, HEADER + '"a.jpg","a dog, a ""big"" one"\r\n\r\nb.jpg,x y\r\n', encoding="utf-8-sig"
    )
    assert photos.captions == ('a dog, a "big" one', "x y")


def test_a_split_chooses_photos_in_its_order(images):
    photos = read(images, HEADER + "a.jpg,one\nb.jpg,two\nc.jpg,three\n", split="c.jpg\n\na.jpg\nc.jpg\n")
    assert [path.name for path in photos.paths] == ["c.jpg", "a.jpg"]
    assert photos.captions == ("three", "one")


@pytest.mark.parametrize(
    ("text", "split", "message"),
    [
        ("", None, "first line must be"),
        ("a.jpg,one\n", None, "first line must be"),
        (HEADER, None, "holds no captions"),
        (HEADER + "a.jpg,one,two\n", None, "line 2 has 3 fields, not 2"),
        (HEADER + "a.jpg\n", None, "line 2 has 1 field, not 2"),
        (HEADER + 'a.jpg,"one\n', None, "malformed"),
        (HEADER + "a.jpg,犬\n", None, "line 2 holds no English caption"),
        (HEADER + "a.jpg,one\nz.jpg,two\n", None, "1 photo is missing: z.jpg"),
        (HEADER + "a.jpg,one\n", "a.jpg\nb.jpg\n", "1 photo has no captions: b.jpg"),
        (HEADER + "a.jpg,one\n", "\n", "names no photos"),
        (HEADER + "".join(f"{n}.jpg,x y\n" for n in range(9)), None, r"9 photos are missing.* and 4 more"),
    ],
)
def test_what_is_wrong_is_said(images, text, split, message):
    with pytest.raises(KnownError, match=message):
        read(images, text, split)


def test_missing_files_are_named(images):
    with pytest.raises(KnownError, match=r"nowhere\.csv"):
        read_captioned_photos(images, images / "nowhere.csv")
    (images.parent / "captions.csv").write_text(HEADER + "a.jpg,one\n")
    with pytest.raises(KnownError, match=r"no\.txt"):
        read_captioned_photos(images, images.parent / "captions.csv", images / "no.txt")


@given(
    captions=st.lists(
        st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=30)
        .map(lambda text: "x " + " ".join(text.split()))
        .map(str.strip),
        min_size=1,
        max_size=8,
    )
)
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, captions):
    folder = tmp_path_factory.mktemp("csv")
    (folder / "a.jpg").touch()
    with (folder / "captions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["image", "caption"], *(["a.jpg", caption] for caption in captions)])
    assert read_captioned_photos(folder, folder / "captions.csv").captions == tuple(captions)
