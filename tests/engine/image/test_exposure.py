"""How a photo was taken: as cameras write it, and as it should never be."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, TiffImagePlugin
from PIL.TiffImagePlugin import IFDRational

from engine import Exposure, read_exposure
from engine.image.exposure import exposure_of
from tests.engine.pictures import write_picture

CAMERAS = Path(__file__).resolve().parents[4] / "shared" / "data" / "cameras"
BASE = ExifTags.Base
NUMBERS = (BASE.ExposureTime, BASE.FNumber, BASE.ISOSpeedRatings, BASE.FocalLength)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=30),
    st.binary(max_size=30),
    st.integers(),
    st.floats(),
    st.tuples(st.floats(), st.integers()),
    st.builds(IFDRational, st.integers(), st.integers()),
    st.just(()),
)


def exif(**values: Any) -> Image.Exif:
    """Return EXIF with values by the names of their tags."""
    made = Image.Exif()
    made[BASE.Make] = "Canon"  # Pillow writes no empty directory
    made.get_ifd(ExifTags.IFD.Exif).update({BASE[name]: value for name, value in values.items()})
    return made


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "heic", "avif"])
def test_a_photo_that_says_how_it_was_taken(tmp_path: Path, suffix: str) -> None:
    said = exif(
        ExposureTime=IFDRational(1, 250),
        FNumber=IFDRational(28, 10),
        ISOSpeedRatings=400,
        FocalLength=IFDRational(50, 1),
        LensModel="EF50mm f/1.4 USM\0",
    )
    found = read_exposure(write_picture(tmp_path / f"a.{suffix}", 1, exif=said))
    assert found == Exposure(pytest.approx(0.004), pytest.approx(2.8), 400, 50.0, "EF50mm f/1.4 USM")


def test_a_tiff_that_says_how_it_was_taken(tmp_path: Path) -> None:
    said = TiffImagePlugin.ImageFileDirectory_v2()
    said[ExifTags.IFD.Exif] = {BASE.FNumber: IFDRational(8, 1)}
    assert read_exposure(write_picture(tmp_path / "a.tif", 1, tiffinfo=said)) == Exposure(aperture=8.0)


def test_a_photo_that_says_nothing(tmp_path: Path) -> None:
    assert read_exposure(write_picture(tmp_path / "a.jpg", 1)) == Exposure()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "digicam/Canon/EOS5D-MIII/_K6A7944.JPG",
            Exposure(0.008, 5.6, 320, 135.0, "EF28-135mm f/3.5-5.6 IS USM"),
        ),
        ("digicam/Nikon/D90/DSC_0011.JPG", Exposure(0.008, 1.8, None, 50.0)),
        ("digicam/HP/C200/DSC00001.JPG", Exposure(0.0136, 2.8, None, 5.9)),
        ("digicam/Sony/FD5/MY_PHOTO/MVC-002F.JPG", Exposure()),
    ],
)
def test_real_cameras(name: str, expected: Exposure) -> None:
    if not (CAMERAS / name).exists():
        pytest.skip("the cameras' photos are not here")
    assert read_exposure(CAMERAS / name) == expected


@pytest.mark.parametrize(
    "value",
    [
        *(IFDRational(*parts) for parts in ((1, 0), (0, 0), (-1, 250), (0, 1), (2**32, 1))),
        *(float("nan"), float("inf"), -1.0, 0, 10**400, True, None),
        *("50", b"50", "", (), ("50",), [50]),
    ],
)
def test_numbers_that_are_none_are_left_out(value: Any) -> None:
    details = Image.Exif()
    details.get_ifd(ExifTags.IFD.Exif).update(dict.fromkeys((*NUMBERS, BASE.LensModel), value))
    assert exposure_of(details) == Exposure()


@pytest.mark.parametrize(
    ("ratings", "speed", "expected"),
    [
        (400, None, 400),
        ((400, 0), None, 400),
        (65535, 102400, 102400),
        (65535, None, None),
        (None, 800, 800),
    ],
)
def test_iso(ratings: Any, speed: Any, expected: int | None) -> None:
    assert exposure_of(exif(ISOSpeedRatings=ratings, ISOSpeed=speed)).iso == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("XF18-55mmF2.8-4 R LM OIS  ", "XF18-55mmF2.8-4 R LM OIS"),
        ("back\x07 camera\n4 mm", "back camera 4 mm"),
        ("-----", None),
        ("0.0 mm f/0.0", None),
        ("Unknown", None),
        (" \0junk", None),
        ("L" * 5000, "L" * 100),
        (b"bytes", None),
        (50, None),
    ],
)
def test_lenses(text: Any, expected: str | None) -> None:
    assert exposure_of(exif(LensModel=text)).lens == expected


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_nonsense_never_raises(time: Any, aperture: Any, iso: Any, length: Any, lens: Any) -> None:
    found = exposure_of(
        exif(ExposureTime=time, FNumber=aperture, ISOSpeedRatings=iso, FocalLength=length, LensModel=lens)
    )
    known = (found.seconds, found.aperture, found.iso, found.focal_length)
    assert all(number is None or 0 < number <= 1e8 for number in known)


@given(st.binary(max_size=200))
def test_damaged_headers_in_a_file_never_raise(tmp_path_factory: pytest.TempPathFactory, tail: bytes) -> None:
    damaged = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x8769, 4, 1, 26) + tail
    read_exposure(write_picture(tmp_path_factory.getbasetemp() / "damaged.jpg", 1, exif=damaged))


def test_files_that_are_no_photos_say_nothing(tmp_path: Path) -> None:
    text = tmp_path / "a.jpg"
    text.write_text("no photo")
    assert read_exposure(text) == Exposure()
    assert read_exposure(tmp_path) == Exposure()
    assert read_exposure(tmp_path / "gone.jpg") == Exposure()
    assert read_exposure(Path("a\0b.jpg")) == Exposure()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes among the files")
def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert read_exposure(tmp_path / "a.jpg") == Exposure()


def test_a_photo_cut_short_still_says_how_it_was_taken(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.jpg", 1, size=(640, 480), exif=exif(ISOSpeedRatings=200))
    path.write_bytes(path.read_bytes()[:-200])
    assert read_exposure(path).iso == 200
