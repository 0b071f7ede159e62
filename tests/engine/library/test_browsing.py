"""Listings, months and folders of a real library."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import pytest

from engine import parse_query, refinement_text
from engine.browsing import FolderCount, Month, Order, in_order
from engine.filters import Filters
from engine.library import Library
from engine.types import PhotoMetadata, Root
from tests.engine.library.records import add_photos, reading

JULY, MAY = date(2019, 7, 1), date(2018, 5, 1)


def add(library: Library, folder: Path, taken: dict[str | bytes, datetime | None], first: int = 1) -> Root:
    folder.mkdir(parents=True, exist_ok=True)
    root = library.add_root(folder)
    for seed, (name, when) in enumerate(taken.items(), first):
        library.record([reading(root, name, seed, metadata=PhotoMetadata(4, 3, taken=when))])
    return root


@pytest.fixture
def dated(library: Library, tmp_path: Path) -> Library:
    taken = {
        "IMG_10.jpg": datetime(2019, 7, 1),
        "IMG_9.jpg": datetime(2018, 5, 31, 23, 59, 59),
        "sub/none.jpg": None,
        "sub/a.jpg": datetime(2019, 7, 31, 23, 59, 59),
    }
    add(library, tmp_path / "Pictures", taken)
    return library


def names(library: Library, ids: tuple[int, ...]) -> list[str]:
    photos = library.photos(ids)
    return [photos[photo_id].path.name for photo_id in ids]


@pytest.mark.parametrize(
    ("order", "listed", "months"),
    [
        (
            "newest",
            ["a.jpg", "IMG_10.jpg", "IMG_9.jpg", "none.jpg"],
            (Month(JULY, 2), Month(MAY, 1), Month(None, 1)),
        ),
        (
            "oldest",
            ["IMG_9.jpg", "IMG_10.jpg", "a.jpg", "none.jpg"],
            (Month(MAY, 1), Month(JULY, 2), Month(None, 1)),
        ),
        ("name", ["a.jpg", "IMG_9.jpg", "IMG_10.jpg", "none.jpg"], ()),
    ],
)
def test_a_listing_has_an_order_and_its_months(dated: Library, order, listed, months) -> None:
    listing = dated.listing(order=order)
    assert names(dated, listing.ids) == listed
    assert listing.months == months


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode elsewhere")
@pytest.mark.parametrize("order", get_args(Order))
def test_a_name_that_is_not_utf8_has_its_place_in_every_order(
    library: Library, tmp_path: Path, order: Order
) -> None:
    """It is the same as where no library orders the photos."""
    strange = [b"caf\xe9.jpg", b"caf\xe9 2.jpg", b"caf\xe9 10.jpg"]
    around = ["caf\U0001f436.jpg", "cafz.jpg", "caf\ud7ff.jpg", "caf\ue000.jpg"]
    add(library, tmp_path, {name: datetime(2019, 7, day) for day, name in enumerate([*strange, *around], 1)})
    listed = library.listing(order=order).ids
    assert len(listed) == 7
    assert listed == tuple(photo.id for photo in in_order(list(library.photos(listed).values()), order))


def test_a_listing_can_be_filtered_and_leave_photos_out(dated: Library) -> None:
    first, second = dated.listing(filters=Filters(folders=("sub",))).ids
    assert names(dated, (first, second)) == ["a.jpg", "none.jpg"]
    listing = dated.listing(filters=Filters(folders=("sub",)), without={first})
    assert (listing.ids, listing.months) == ((second,), (Month(None, 1),))


def test_the_newest_listing_is_in_the_order_of_present_ids(dated: Library) -> None:
    assert list(dated.listing().ids) == dated.present_ids()


def test_months_are_counted_without_missing_photos(dated: Library) -> None:
    assert dated.month_counts() == (Month(JULY, 2), Month(MAY, 1), Month(None, 1))
    (root,) = dated.roots()
    dated.mark_missing(root.id, [b"IMG_9.jpg"])
    assert dated.month_counts() == (Month(JULY, 2), Month(None, 1))
    assert dated.listing().months == dated.month_counts()


def test_a_month_s_photos_are_those_that_its_filter_finds(dated: Library) -> None:
    for month in dated.month_counts():
        if month.first is not None:
            query = parse_query(f"date:{month.first:%Y-%m}")
            assert len(dated.present_ids(filters=query.filters)) == month.photos
    assert len(dated.present_ids(filters=parse_query("date:1900..2100").filters)) == 3


def test_a_photo_without_a_date_is_of_no_year(dated: Library) -> None:
    assert dated.years() == [2019, 2018]


def found_by(library: Library, count: FolderCount) -> int:
    """Return how many photos the filter of a folder finds, as it would be typed."""
    value = "/".join((count.top, *count.parts, ""))
    filters = parse_query(refinement_text("folder", value)).filters
    return len(library.present_ids(filters=filters))


ODD = [
    "a.jpg",
    "100%/b.jpg",
    "100/c.jpg",
    "a_b/d.jpg",
    "axb/e.jpg",
    'say "cheese"/f.jpg',
    "New York/g.jpg",
    "New York/two  spaces/h.jpg",
    "Ünï –code/i.jpg",
    "[x]*/j.jpg",
]


def test_folders_with_odd_names_are_counted_and_found_by_their_filters(
    library: Library, tmp_path: Path
) -> None:
    add_photos(library, tmp_path / "Pictures", {name: seed for seed, name in enumerate(ODD, 1)})
    counts = library.folder_counts()
    assert {"/".join(count.parts): count.photos for count in counts} == {
        str(Path(name).parent).replace(".", ""): 1 for name in ODD
    }
    assert {count.top for count in counts} == {"Pictures"}
    inside = {(): 10, ("New York",): 2}
    assert {count.parts: found_by(library, count) for count in counts} == {
        count.parts: inside.get(count.parts, 1) for count in counts
    }


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode elsewhere")
def test_a_folder_whose_name_is_not_utf8_is_counted_and_found(library: Library, tmp_path: Path) -> None:
    add(library, tmp_path / "Pictures", {b"caf\xe9/a.jpg": None, b"caf\xe9/b.jpg": None, b"c.jpg": None})
    counts = library.folder_counts()
    assert [(count.parts, count.photos) for count in counts] == [((), 1), ((os.fsdecode(b"caf\xe9"),), 2)]
    assert found_by(library, counts[1]) == 2


def test_two_folders_of_one_name_are_told_apart_by_their_paths(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path / "a" / "Pictures", {"one.jpg": 1, "Trips/two.jpg": 2})
    add_photos(library, tmp_path / "b" / "Pictures", {"Trips/three.jpg": 3})
    add_photos(library, tmp_path / "Other", {"Trips/four.jpg": 4})
    counts = library.folder_counts()
    tops = {count.root.parent.name: count.top for count in counts}
    assert tops["a"] == (tmp_path / "a" / "Pictures").as_posix()
    assert tops["b"] == (tmp_path / "b" / "Pictures").as_posix()
    assert tops[tmp_path.name] == "Other"
    assert {(count.root.parent.name, count.parts): found_by(library, count) for count in counts} == {
        ("a", ()): 2,
        ("a", ("Trips",)): 1,
        ("b", ("Trips",)): 1,
        (tmp_path.name, ("Trips",)): 1,
    }


def test_a_name_that_another_folder_repeats_further_down_is_not_enough(
    library: Library, tmp_path: Path
) -> None:
    add_photos(library, tmp_path / "Trips", {"one.jpg": 1})
    add_photos(library, tmp_path / "Backup", {"of Trips/two.jpg": 2, "Tripsy/three.jpg": 3})
    counts = {count.root.name: count for count in library.folder_counts()}
    assert counts["Trips"].top == (tmp_path / "Trips").as_posix()
    assert found_by(library, counts["Trips"]) == 1
    assert counts["Backup"].top == "Backup"


def test_a_folder_filter_may_name_a_whole_path(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path / "Pictures", {"Trips/one.jpg": 1, "Trips2/two.jpg": 2})
    path = (tmp_path / "Pictures" / "Trips").as_posix()
    assert len(library.present_ids(filters=Filters(folders=(f"{path}/",)))) == 1
    assert len(library.present_ids(filters=Filters(folders=(path,)))) == 2
    assert library.present_ids(filters=Filters(folders=("/Pictures/",))) == []
