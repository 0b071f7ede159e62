"""Filters, favourites and saved searches, in a real library."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.filters import NO_FILTERS, DateSpan, Filters
from engine.library import FileStamp, Library, Reading
from engine.types import PhotoMetadata
from tests.engine.library.records import add_photos, content, digest, reading, stamp

TALL, WIDE, EVEN = (300, 400), (400, 300), (400, 400)


def shot(size: tuple[int, int] = WIDE, **more: object) -> PhotoMetadata:
    return PhotoMetadata(*size, **more)


PHOTOS: dict[str, PhotoMetadata] = {
    "summer.jpg": shot(taken=datetime(2019, 7, 14, 23, 59, 59), camera="Google Pixel 3a"),
    "Trips/Rome/forum.JPEG": shot(TALL, taken=datetime(2019, 7, 15), latitude=41.9, longitude=12.5),
    "Road trips/alps.heic": shot(EVEN, taken=datetime(2020, 2, 29, 12), camera="NIKON D90"),
    "Winter_2020/Été/snow.png": shot((400, 396), taken=datetime(2021, 1, 1)),
    "Winter_2020/old.tif": shot((400, 390), taken=datetime(1968, 5, 1), camera="LEICA M3"),
}


@pytest.fixture
def album(library: Library, tmp_path: Path) -> Library:
    (tmp_path / "Pictures").mkdir()
    root = library.add_root(tmp_path / "Pictures")
    library.record(
        [reading(root, name, seed, metadata=facts) for seed, (name, facts) in enumerate(PHOTOS.items(), 1)]
    )
    return library


def names(library: Library, filters: Filters) -> set[str]:
    ids = library.passing_ids(filters).tolist()
    assert ids == sorted(library.present_ids(filters=filters))
    return {photo.path.name for photo in library.photos(ids).values()}


def days(first: str | None, last: str | None) -> Filters:
    ends = [None if day is None else date.fromisoformat(day) for day in (first, last)]
    return Filters(dates=(DateSpan(*ends),))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (NO_FILTERS, {"summer.jpg", "forum.JPEG", "alps.heic", "snow.png", "old.tif"}),
        (days("2019-07-14", "2019-07-14"), {"summer.jpg"}),
        (days("2019-07-15", "2020-02-29"), {"forum.JPEG", "alps.heic"}),
        (days("2020-02-29", None), {"alps.heic", "snow.png"}),
        (days(None, "1999-12-31"), {"old.tif"}),
        (Filters(folders=("trips",)), {"forum.JPEG", "alps.heic"}),
        (Filters(folders=("Trips/Rome",)), {"forum.JPEG"}),
        (Filters(folders=("Trips/",)), {"forum.JPEG", "alps.heic"}),
        (Filters(folders=("Pictures/Trips/",)), {"forum.JPEG"}),
        (Filters(folders=("rips",)), set()),
        (Filters(folders=("2020",)), {"snow.png", "old.tif"}),
        (Filters(folders=("ÉTÉ",)), {"snow.png"}),
        (Filters(folders=("pictures",)), {"summer.jpg", "forum.JPEG", "alps.heic", "snow.png", "old.tif"}),
        (Filters(folders=("forum",)), set()),
        (Filters(folders=("rome", "été")), {"forum.JPEG", "snow.png"}),
        (Filters(cameras=("pixel",)), {"summer.jpg"}),
        (Filters(cameras=("100%",)), set()),
        (Filters(cameras=("nikon", "leica")), {"alps.heic", "old.tif"}),
        (Filters(types=("jpg",)), {"summer.jpg", "forum.JPEG"}),
        (Filters(types=("heic", "tiff")), {"alps.heic", "old.tif"}),
        (Filters(orientations=("portrait",)), {"forum.JPEG"}),
        (Filters(orientations=("square",)), {"alps.heic", "snow.png"}),
        (Filters(orientations=("landscape", "portrait")), {"summer.jpg", "forum.JPEG", "old.tif"}),
        (Filters(located=True), {"forum.JPEG"}),
        (Filters(folders=("trips",), types=("jpg",)), {"forum.JPEG"}),
        (Filters(favourite=True), set()),
    ],
)
def test_filters(album: Library, filters: Filters, found: set[str]) -> None:
    assert names(album, filters) == found


def test_without_a_date_taken_the_files_own_date_counts(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    noon = int(datetime(2022, 3, 4, 12, tzinfo=UTC).timestamp()) * 1_000_000_000
    library.record([Reading(stamp(root, "a.jpg", mtime_ns=noon), digest(1), content(1))])
    assert names(library, days("2022-03-04", "2022-03-04")) == {"a.jpg"}
    assert names(library, days("2022-03-05", None)) == set()


def test_the_last_moment_of_a_month_belongs_to_it(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    moment = int(datetime(2021, 12, 31, 23, 59, 59).timestamp()) * 1_000_000_000 + 999_900_000
    library.record([Reading(stamp(root, "a.jpg", mtime_ns=moment), digest(1), content(1))])
    assert names(library, days("2021-12-31", "2021-12-31")) == {"a.jpg"}
    assert library.years() == [2021]


def test_filtered_photos_are_listed_newest_first(album: Library) -> None:
    ids = album.present_ids(filters=Filters(folders=("trips", "2020")))
    photos = album.photos(ids)
    assert [photos[photo_id].path.name for photo_id in ids] == [
        "snow.png",
        "alps.heic",
        "forum.JPEG",
        "old.tif",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode elsewhere")
def test_a_folder_whose_name_is_not_utf8_is_no_failure(library: Library, tmp_path: Path) -> None:
    (tmp_path / "Pictures").mkdir()
    root = library.add_root(tmp_path / "Pictures")
    library.record([reading(root, b"caf\xe9/a.jpg", 1), reading(root, b"b.jpg", 2)])
    assert names(library, Filters(folders=("caf",))) == {"a.jpg"}
    assert names(library, Filters(types=("jpg",))) == {"a.jpg", "b.jpg"}
    assert library.folders() == ["Pictures/", os.fsdecode(b"Pictures/caf\xe9/")]


def test_the_folders_of_a_whole_drive_can_be_asked_for(library: Library) -> None:
    drive = Path(Path.cwd().anchor)
    root = library.add_root(drive)
    library.record([reading(root, "a.jpg", 1), reading(root, "Trips/Rome/b.jpg", 2)])
    assert library.folders() == [drive.as_posix(), f"{drive.as_posix()}Trips/Rome/"]
    assert [names(library, Filters(folders=(name,))) for name in library.folders()] == [
        {"a.jpg", "b.jpg"},
        {"b.jpg"},
    ]


def test_folders_years_and_cameras_that_can_be_asked_for(album: Library) -> None:
    assert album.folders() == [
        "Pictures/",
        "Pictures/Road trips/",
        "Pictures/Trips/Rome/",
        "Pictures/Winter_2020/",
        "Pictures/Winter_2020/Été/",
    ]
    assert album.years() == [2021, 2020, 2019, 1968]
    assert album.cameras() == ["Google Pixel 3a", "LEICA M3", "NIKON D90"]
    for name in album.folders():
        assert names(album, Filters(folders=(name,)))


def test_favourites_are_kept_and_found(album: Library) -> None:
    before = album.revision()
    first, second = album.present_ids()[:2]
    album.set_favourite([first, second, 9999], True)
    assert album.favourites() == {first, second}
    assert album.revision() > before
    album.set_favourite([second], False)
    assert album.passing_ids(Filters(favourite=True)).tolist() == [first]
    photos = album.photos([first, second])
    assert (photos[first].favourite, photos[second].favourite) == (True, False)


def test_a_favourite_stays_one_whatever_happens_to_its_file(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1, "b.jpg": 2})
    photo = library.find(tmp_path / "a.jpg")
    library.set_favourite([photo.id], True)
    library.record([Reading(FileStamp(root.id, b"a.jpg", 99, 99), digest(3), content(3))])  # edited
    assert library.photo(photo.id).favourite
    (tmp_path / "a.jpg").unlink()
    library.mark_missing(root.id, [b"a.jpg"])
    assert library.photo(photo.id).favourite
    assert library.passing_ids(Filters(favourite=True)).tolist() == []
    library.record([reading(root, "moved/a.jpg", 3)])
    assert library.find(tmp_path / "moved" / "a.jpg").favourite


def test_a_favourite_stays_one_when_a_folder_above_is_added(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path / "inner", {"a.jpg": 1})
    library.set_favourite(library.present_ids(), True)
    library.add_root(tmp_path)
    assert library.find(tmp_path / "inner" / "a.jpg").favourite


def test_saved_searches_are_kept_until_they_are_forgotten(library: Library) -> None:
    for text in ("dog folder:Trips", "cat", "dog folder:Trips"):
        library.save_search(text)
    assert library.saved_searches() == ["dog folder:Trips", "cat"]
    library.forget_search("cat")
    library.forget_search("never saved")
    assert library.saved_searches() == ["dog folder:Trips"]
    assert library.recent_searches() == []


@pytest.mark.skipif(sys.platform == "win32", reason="a backslash is a part of a name elsewhere")
def test_a_backslash_is_a_part_of_a_name(album: Library) -> None:
    assert names(album, Filters(folders=("trips\\rome",))) == set()


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a backslash is a part of a name")
def test_folders_may_be_typed_with_backslashes(album: Library) -> None:
    assert names(album, Filters(folders=("trips\\rome",))) == {"forum.JPEG"}
