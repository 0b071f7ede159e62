"""Any mode becomes RGB as a person would see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.image import read_photo
from engine.image.colors import in_srgb, to_rgb
from tests.profiles import BLUE, GREEN, RED, WIDE_BLUE, WIDE_GREEN, WIDE_RED, profile


def pixel(image: Image.Image) -> tuple[int, ...]:
    found = image.getpixel((0, 0))
    assert isinstance(found, tuple)
    return found


def test_rgb_is_left_alone() -> None:
    image = Image.new("RGB", (2, 2), "red")
    assert to_rgb(image) is image


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("L", 90, (90, 90, 90)),
        ("1", 1, (255, 255, 255)),
        ("RGBA", (255, 0, 0, 255), (255, 0, 0)),
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("RGBA", (0, 0, 0, 128), (127, 127, 127)),
        ("LA", (0, 0), (255, 255, 255)),
        ("La", (0, 0), (255, 255, 255)),
        ("PA", (0, 0), (255, 255, 255)),
        ("CMYK", (0, 0, 0, 255), (0, 0, 0)),
        ("CMYK", (0, 0, 0, 0), (255, 255, 255)),
        ("I;16", 65535, (255, 255, 255)),
        ("I;16", 32896, (128, 128, 128)),
        ("I", 100, (0, 0, 0)),
        ("I", 65535, (255, 255, 255)),
        ("I", 1_000_000, (255, 255, 255)),
        ("F", 0.5, (128, 128, 128)),
        ("F", 900.0, (255, 255, 255)),
        ("F", float("nan"), (0, 0, 0)),
        ("F", -3.0, (0, 0, 0)),
    ],
)
def test_every_mode_has_its_colour(
    mode: str, colour: float | tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert pixel(to_rgb(Image.new(mode, (2, 2), colour))) == expected


def test_a_palette_with_a_transparent_colour_is_on_white(tmp_path: Path) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([9, 9, 9, 200, 10, 20])
    image.putpixel((0, 0), 0)
    image.save(tmp_path / "a.png", transparency=0)
    decoded = read_photo(tmp_path / "a.png").image
    assert pixel(decoded) == (255, 255, 255)
    assert decoded.getpixel((1, 1)) == (200, 10, 20)


def test_a_transparent_colour_of_rgb_is_on_white(tmp_path: Path) -> None:
    image = Image.new("RGB", (4, 4), (1, 2, 3))
    image.putpixel((1, 1), (200, 10, 20))
    image.save(tmp_path / "a.png", transparency=(1, 2, 3))
    decoded = read_photo(tmp_path / "a.png").image
    assert pixel(decoded) == (255, 255, 255)
    assert decoded.getpixel((1, 1)) == (200, 10, 20)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bit_greys_keep_their_tones(tmp_path: Path, suffix: str) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    Image.fromarray(ramp).save(tmp_path / f"a.{suffix}")
    decoded = np.asarray(read_photo(tmp_path / f"a.{suffix}").image)[:, :, 0].reshape(-1)
    assert np.abs(decoded.astype(int) - np.arange(256)).max() <= 1


def test_a_cmyk_photo_is_read(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    red, green, blue = pixel(read_photo(tmp_path / "a.jpg").image)
    assert red > 230
    assert max(green, blue) < 40


WIDE = profile(WIDE_RED, WIDE_GREEN, WIDE_BLUE)
TURNED = profile(GREEN, RED, BLUE)  # whoever heeds it sees red as green


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "heic", "avif"])
def test_a_profile_is_heeded_in_every_kind_of_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (64, 64), (250, 10, 10)).save(path, icc_profile=TURNED)
    red, green, blue = pixel(read_photo(path).image)
    assert green > 200 > 60 > max(red, blue)


def test_a_wide_space_is_brought_to_srgb() -> None:
    image = Image.new("RGB", (2, 2), (200, 100, 100))
    image.info["icc_profile"] = WIDE
    red, green, blue = pixel(in_srgb(image))
    assert red > 205
    assert max(green, blue) < 98
    grey = Image.new("RGB", (2, 2), (128, 128, 128))
    grey.info["icc_profile"] = WIDE
    assert pixel(in_srgb(grey)) == pytest.approx((128, 128, 128), abs=2)


def test_transparency_survives_the_profile() -> None:
    image = Image.new("RGBA", (2, 2), (250, 10, 10, 77))
    image.info["icc_profile"] = TURNED
    red, green, _, alpha = pixel(in_srgb(image))
    assert (green > red, alpha) == (True, 77)


@pytest.mark.parametrize(
    ("mode", "content"),
    [
        ("RGB", b""),
        ("RGB", b"no profile"),
        ("RGB", TURNED[:200]),
        ("RGB", profile(RED, GREEN, BLUE, name="sRGB, as good as it gets")),
        ("RGB", profile(RED, GREEN, BLUE, space=b"CMYK")),
        ("CMYK", TURNED),
        ("L", TURNED),
        ("P", TURNED),
    ],
)
def test_what_no_profile_says_is_left_alone(mode: str, content: bytes) -> None:
    image = Image.new(mode, (2, 2))
    image.info["icc_profile"] = content
    assert in_srgb(image) is image


@given(st.binary(max_size=200), st.integers(0, len(TURNED)))
def test_damaged_profiles_refuse_no_picture(noise: bytes, place: int) -> None:
    image = Image.new("RGB", (2, 2), "red")
    image.info["icc_profile"] = TURNED[:place] + noise + TURNED[place + len(noise) :]
    assert in_srgb(image).size == (2, 2)
