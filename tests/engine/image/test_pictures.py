"""Pixels for a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from engine.errors import ImageError
from engine.image import decoding, pictures, read_example, read_picture
from engine.types import Picture
from tests.engine.pictures import picture, write_picture

ORIENTATION = 0x0112


def image_of(shown: Picture) -> Image.Image:
    return Image.frombytes("RGB", (shown.width, shown.height), shown.pixels)


def test_a_small_photo_is_given_as_it_is(tmp_path: Path) -> None:
    shown = read_picture(write_picture(tmp_path / "a.png", 3, size=(64, 48)), (800, 600))
    assert (shown.width, shown.height, shown.full_width, shown.full_height) == (64, 48, 64, 48)
    assert image_of(shown).tobytes() == picture(3, (64, 48)).tobytes()


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize(
    ("size", "box", "expected"),
    [
        ((3000, 2000), (900, 900), (900, 600)),
        ((2000, 3000), (900, 900), (600, 900)),
        ((3000, 300), (1000, 800), (1000, 100)),
        ((3000, 2000), (300, 900), (300, 200)),
        ((3, 9000), (900, 900), (1, 900)),
    ],
)
def test_a_large_photo_fits_the_box(
    tmp_path: Path, suffix: str, size: tuple[int, int], box: tuple[int, int], expected: tuple[int, int]
) -> None:
    shown = read_picture(write_picture(tmp_path / f"a.{suffix}", size=size), box)
    assert (shown.width, shown.height) == expected
    assert (shown.full_width, shown.full_height) == size
    assert len(shown.pixels) == 3 * shown.width * shown.height


def test_without_a_box_every_pixel_is_there(tmp_path: Path) -> None:
    shown = read_picture(write_picture(tmp_path / "a.jpg", size=(3000, 2000)))
    assert (shown.width, shown.height) == (3000, 2000)


@pytest.mark.parametrize("mode", ["RGB", "P"])
def test_even_without_a_box_there_is_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(pictures, "LARGE_PIXELS", 10_000)
    Image.new("RGB", (400, 300), "red").convert(mode).save(tmp_path / "a.png")
    shown = read_picture(tmp_path / "a.png")
    assert shown.width * shown.height <= 10_000
    assert (shown.full_width, shown.full_height) == (400, 300)
    assert image_of(shown).getpixel((5, 5)) == (255, 0, 0)


def test_it_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    Image.new("RGB", (3000, 1000)).save(tmp_path / "a.jpg", exif=exif)
    shown = read_picture(tmp_path / "a.jpg", (900, 900))
    assert (shown.width, shown.height, shown.full_width, shown.full_height) == (300, 900, 1000, 3000)


def test_a_photo_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff broken")
    with pytest.raises(ImageError, match="damaged"):
        read_picture(tmp_path / "a.jpg", (100, 100))


def test_encoders_get_no_less_than_before() -> None:
    assert decoding.for_encoders((4000, 3000)) == 5
    assert decoding.for_encoders((500, 400)) == 1


def test_an_example_is_made_small_and_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    path = tmp_path / "a.jpg"
    picture(3, (3000, 1500)).save(path, exif=exif)
    for example in (read_example(path), read_example(path.read_bytes())):
        assert (example.width, example.height) == (512, 1024)
        assert (example.full_width, example.full_height) == (1500, 3000)
    assert pictures.image_of(example).tobytes() == example.pixels


@pytest.mark.parametrize("content", [b"", b"plain text", b"\xff\xd8\xff\xe0 broken", b"\x89PNG\r\n\x1a\n"])
def test_an_example_that_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ImageError):
        read_example(content)
