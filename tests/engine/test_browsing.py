"""Orders of photos, without a library."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.browsing import NS, date_of, in_order, name_key
from engine.types import Photo, PhotoMetadata

NOON = datetime(2022, 3, 4, 12)


def photo(name: str, taken: datetime | None = None, file_date: datetime | None = None) -> Photo:
    mtime = 0 if file_date is None else int(file_date.timestamp()) * NS
    return Photo(1, Path("/photos") / name, 10, mtime, PhotoMetadata(4, 3, taken=taken))


def names(photos: list[Photo]) -> list[str]:
    return [found.path.name for found in photos]


def test_the_headers_date_counts_before_the_files() -> None:
    assert date_of(photo("a", datetime(1950, 1, 1), NOON)) == datetime(1950, 1, 1)
    assert date_of(photo("a", None, NOON)) == NOON


@pytest.mark.parametrize("file_date", [None, datetime(1970, 1, 1, 20), datetime(1980, 1, 1)])
def test_a_clock_that_was_never_set_tells_no_date(file_date: datetime | None) -> None:
    assert date_of(photo("a", None, file_date)) is None


def test_photos_without_a_date_come_last_whatever_the_order() -> None:
    photos = [
        photo("none"),
        photo("old", datetime(1999, 1, 1)),
        photo("file", None, NOON),
        photo("also none"),
    ]
    assert names(in_order(photos, "newest")) == ["file", "old", "none", "also none"]
    assert names(in_order(photos, "oldest")) == ["old", "file", "none", "also none"]


def test_photos_of_the_same_moment_keep_their_places() -> None:
    photos = [photo(name, NOON) for name in "bac"]
    assert names(in_order(photos, "newest")) == names(in_order(photos, "oldest")) == ["b", "a", "c"]


def test_names_sort_as_people_do() -> None:
    photos = [photo(name) for name in ("IMG_10.jpg", "img_9.jpg", "IMG_0009b.jpg", "Éte.jpg", "b.jpg")]
    assert names(in_order(photos, "name")) == ["b.jpg", "img_9.jpg", "IMG_0009b.jpg", "IMG_10.jpg", "Éte.jpg"]
    assert name_key("a0") < name_key("a1") < name_key("a12345678901234567890")
