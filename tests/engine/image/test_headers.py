"""EXIF as cameras write it, and as it should never be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from engine.image import read_photo
from engine.image.headers import read_camera, read_headers, read_moment, read_position
from tests.engine.pictures import write_picture

GPS = ExifTags.GPS
ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.binary(max_size=30),
    st.integers(),
    st.floats(),
    st.tuples(st.floats()),
)


def test_a_photo_with_full_headers(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "NIKON CORPORATION\0"
    exif[ExifTags.Base.Model] = "NIKON D90 "
    exif[ExifTags.Base.DateTime] = "2022:01:01 00:00:00"
    exif[ExifTags.Base.ImageDescription] = "Grandma laughing"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2019:12:24 18:03:22"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "S",
            GPS.GPSLatitude: (33.0, 51.0, 36.0),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (151.0, 12.0, 0.0),
        }
    )
    metadata = read_photo(write_picture(tmp_path / "a.jpg", 1, exif=exif)).metadata
    assert metadata.camera == "NIKON D90"
    assert metadata.taken == datetime(2019, 12, 24, 18, 3, 22)
    assert metadata.latitude == pytest.approx(-33.86)
    assert metadata.longitude == pytest.approx(151.2)
    assert metadata.description == "Grandma laughing"


def test_a_photo_without_headers(tmp_path: Path) -> None:
    metadata = read_photo(write_picture(tmp_path / "a.jpg", 1)).metadata
    assert (metadata.taken, metadata.camera, metadata.latitude, metadata.description) == (None,) * 4


def test_headers_that_are_nonsense_do_not_matter(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.jpg", 1, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x99" * 60)
    assert read_photo(path).metadata.camera is None


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "heic"])
@pytest.mark.parametrize("exif", [b"Exif\0\0no directory", b"Exif\0\0II", b"Exif\0\0"])
def test_headers_that_are_no_headers_do_not_matter(tmp_path: Path, suffix: str, exif: bytes) -> None:
    photo = read_photo(write_picture(tmp_path / f"a.{suffix}", 1, exif=exif))
    assert (photo.image.size, photo.metadata.orientation, photo.metadata.camera) == ((48, 32), 1, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019:12:24 18:03:22", datetime(2019, 12, 24, 18, 3, 22)),
        ("2019-12-24T18:03:22.5", datetime(2019, 12, 24, 18, 3, 22)),
        (" 2019:12:24  18:03:22\0", datetime(2019, 12, 24, 18, 3, 22)),
        ("0000:00:00 00:00:00", None),
        ("2019:13:24 18:03:22", None),
        ("2019:12:24 18:03:60", None),
        ("0001:01:01 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2019:12:24", None),
        (b"2019:12:24 18:03:22", None),
        (None, None),
    ],
)
def test_moments(text: Any, expected: datetime | None) -> None:
    assert read_moment(text) == expected


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("Apple", "iPhone 11", "Apple iPhone 11"),
        ("EASTMAN KODAK COMPANY", "KODAK DC280", "KODAK DC280"),
        ("Eastman Kodak Company", "DC210 Zoom", "Kodak DC210 Zoom"),
        ("OLYMPUS OPTICAL CO.,LTD", "C3000Z", "OLYMPUS C3000Z"),
        ("SONY", "FDMAVICA     ", "SONY FDMAVICA"),
        ("SONY", None, "SONY"),
        (None, "D90", "D90"),
        ("  ", "\0\0", None),
        (7, b"D90", None),
    ],
)
def test_cameras(make: Any, model: Any, expected: str | None) -> None:
    assert read_camera(make, model) == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ((10.5,), (20.25,), (10.5, 20.25)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), None),
        ((91.0,), (0.0,), None),
        ((1.0,), (181.0,), None),
        ((float("nan"),), (1.0,), None),
        ((1.0, 2.0, 3.0, 4.0), (1.0,), None),
        ((), (1.0,), None),
        (None, (1.0,), None),
        ("north", (1.0,), None),
    ],
)
def test_positions(latitude: Any, longitude: Any, expected: tuple[float, float] | None) -> None:
    assert read_position({GPS.GPSLatitude: latitude, GPS.GPSLongitude: longitude}) == expected


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_nonsense_never_raises(one: Any, two: Any, three: Any, four: Any) -> None:
    read_moment(one)
    read_camera(one, two)
    found = read_position(
        {GPS.GPSLatitude: one, GPS.GPSLatitudeRef: two, GPS.GPSLongitude: three, GPS.GPSLongitudeRef: four}
    )
    assert found is None or (abs(found[0]) <= 90 and abs(found[1]) <= 180)


def test_a_damaged_directory_counts_as_absent() -> None:
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = "not where it should be"
    assert read_headers(with_exif(exif), (1, 1), 1).latitude is None


def with_exif(exif: Image.Exif) -> Image.Image:
    image = Image.new("RGB", (1, 1))
    image._exif = exif
    return image
