"""The library's public methods."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from engine.errors import FolderError
from engine.library import Failure, Library
from engine.library.searches import MAX_SEARCHES
from engine.types import LibraryCounts, PhotoMetadata
from tests.engine.library.records import PACK, add_photos, content, embedding, reading, stamp

NOT_UTF8 = os.fsdecode(b"caf\xe9.jpg")


def test_a_new_library_is_empty(library: Library) -> None:
    assert library.path.exists()
    assert library.counts() == LibraryCounts(0, 0, 0, 0)
    assert library.roots() == ()
    assert library.present_ids() == []
    assert library.captions() == []
    assert library.skipped() == ()
    assert library.photo(1) is None
    assert library.thumbnail(1) is None


def test_the_default_library_lies_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if sys.platform != "linux":
        pytest.skip("other systems name the folder elsewhere")
    with Library.open() as library:
        assert library.path == tmp_path / "Sgraffito" / "library.db"


def test_photos_come_back_as_they_were_recorded(library: Library, tmp_path: Path) -> None:
    metadata = PhotoMetadata(
        width=4000,
        height=3000,
        orientation=6,
        taken=datetime(2019, 12, 24, 18, 3, 22),
        camera="NIKON D90",
        latitude=-33.5,
        longitude=151.25,
        description="Grandma laughing",
    )
    (tmp_path / "p").mkdir()
    root = library.add_root(tmp_path / "p")
    assert library.record([reading(root, "a/b.jpg", 1, metadata=metadata)]) == ["added"]
    photo = library.find(tmp_path / "p" / "a" / "b.jpg")
    assert photo is not None
    assert photo.path == tmp_path / "p" / "a" / "b.jpg"
    assert (photo.size, photo.mtime_ns, photo.missing) == (10, 5, False)
    assert photo.metadata == metadata
    assert library.photo(photo.id) == photo
    assert library.photos([photo.id, 999]) == {photo.id: photo}
    assert library.thumbnail(photo.id) == b"jpeg 1"
    assert library.captions() == ["Grandma laughing"]


def test_a_date_before_1970_is_kept(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    taken = datetime(1926, 5, 1, 12, 0, 1)
    library.record([reading(root, "a.jpg", 1, metadata=PhotoMetadata(1, 1, taken=taken))])
    photo = library.find(tmp_path / "a.jpg")
    assert photo is not None
    assert photo.metadata.taken == taken


def test_names_that_are_not_utf8_come_back(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    library.record([reading(root, NOT_UTF8, 1)])
    photo = library.find(tmp_path / NOT_UTF8)
    assert photo is not None
    assert os.fsencode(photo.path).endswith(b"/caf\xe9.jpg")


def test_a_photo_elsewhere_is_not_found(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path / "p", {"a.jpg": 1})
    assert library.find(tmp_path / "other" / "a.jpg") is None
    assert library.find(tmp_path / "p" / "b.jpg") is None
    assert library.find(tmp_path / "pa.jpg") is None


def test_photos_are_listed_newest_first(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    dated = [datetime(2019, 1, 1), datetime(2021, 1, 1), None, datetime(1960, 1, 1)]
    for number, taken in enumerate(dated):
        library.record([reading(root, f"{number}.jpg", number, metadata=PhotoMetadata(1, 1, taken=taken))])
    names = [library.photos([photo_id])[photo_id].path.name for photo_id in library.present_ids()]
    assert names == ["1.jpg", "0.jpg", "3.jpg", "2.jpg"]  # 2.jpg has only its file's date, of 1970: none


def test_a_folder_is_told_from_one_whose_name_it_begins(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path, {"a/x.jpg": 1, "a/deep/y.jpg": 2, "ab/z.jpg": 3, "a.jpg": 4})
    inside = {library.photos([n])[n].path.name for n in library.present_ids(tmp_path / "a")}
    assert inside == {"x.jpg", "y.jpg"}
    assert library.ids_under(tmp_path / "a").tolist() == sorted(library.present_ids(tmp_path / "a"))
    assert len(library.ids_under(tmp_path)) == 4


def test_a_folder_outside_the_library_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="not in the library"):
        library.ids_under(tmp_path)
    with pytest.raises(FolderError, match="not in the library"):
        library.present_ids(tmp_path)


def test_missing_photos_are_not_shown_but_kept(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1, "b.jpg": 2})
    before = library.revision()
    assert library.mark_missing(root.id, [b"a.jpg", b"never-seen.jpg"]) == 1
    assert library.revision() > before
    assert library.mark_missing(root.id, [b"a.jpg"]) == 0
    assert library.counts() == LibraryCounts(photos=1, missing=1, unreadable=0, roots=1)
    assert len(library.present_ids()) == 1
    assert library.gallery_rows(PACK)[0].tolist() == library.present_ids()
    assert len(library.embeddings(PACK)[0]) == 2
    assert library.mark_present(root.id, [b"a.jpg", b"b.jpg"]) == 1
    assert library.counts().photos == 2


def test_captions_of_missing_photos_are_left_out_and_none_comes_twice(
    library: Library, tmp_path: Path
) -> None:
    root = library.add_root(tmp_path)
    for number, text in enumerate(["one", "two", "one", None]):
        metadata = PhotoMetadata(1, 1, description=text)
        library.record([reading(root, f"{number}.jpg", number, metadata=metadata)])
    assert library.captions() == ["one", "two"]
    library.mark_missing(root.id, [b"1.jpg"])
    assert library.captions() == ["one"]


def test_unreadable_files_are_listed_with_their_reason(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    library.record([], [Failure(stamp(root, NOT_UTF8), "The file is empty.")])
    (skip,) = library.skipped()
    assert skip.path == tmp_path / NOT_UTF8
    assert skip.reason == "The file is empty."
    assert library.counts().unreadable == 1


def test_searches_come_back_latest_first_and_once(library: Library) -> None:
    for text in ("dog", "cat", "dog", "Enkel im Schnee ☃"):
        library.add_search(text)
    assert library.recent_searches() == ["Enkel im Schnee ☃", "dog", "cat"]
    assert library.recent_searches(limit=1) == ["Enkel im Schnee ☃"]


def test_the_oldest_searches_are_forgotten(library: Library) -> None:
    for number in range(MAX_SEARCHES + 5):
        library.add_search(str(number))
    kept = library.recent_searches(limit=MAX_SEARCHES * 2)
    assert len(kept) == MAX_SEARCHES
    assert kept[-1] == "5"


def test_a_search_that_is_repeated_often_does_not_push_out_the_others(library: Library) -> None:
    for text in ["cat", *["dog"] * (MAX_SEARCHES + 1)]:
        library.add_search(text)
    assert library.recent_searches() == ["dog", "cat"]


def test_removing_a_root_forgets_what_only_it_had(library: Library, tmp_path: Path) -> None:
    one = add_photos(library, tmp_path / "one", {"a.jpg": 1, "shared.jpg": 2})
    two = add_photos(library, tmp_path / "two", {"copy.jpg": 2})
    before = library.revision()
    library.remove_root(one.id)
    assert [root.id for root in library.roots()] == [two.id]
    assert library.counts().photos == 1
    assert len(library.embeddings(PACK)[0]) == 1
    assert library.thumbnail(library.present_ids()[0]) == b"jpeg 2"
    assert library.revision() > before
    assert (tmp_path / "one" / "a.jpg").exists()


def test_the_revision_is_seen_by_another_library_object(library: Library, tmp_path: Path) -> None:
    with Library.open(library.path) as other:
        before = other.revision()
        add_photos(library, tmp_path / "p", {"a.jpg": 1})
        assert other.revision() > before
        unchanged = other.revision()
        library.add_search("dog")
        assert other.revision() == unchanged  # nothing new to search in


def test_what_is_known_of_a_folder(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a/x.jpg": 1, "b.jpg": 2})
    library.record([], [Failure(stamp(root, "a/bad.jpg", size=3), "no photo")])
    library.mark_missing(root.id, [b"b.jpg"])
    known = library.known_files(library.locate(tmp_path), [PACK])
    assert {path: (k.missing, k.complete, k.reason) for path, k in known.items()} == {
        b"a/x.jpg": (False, True, None),
        b"b.jpg": (True, True, None),
        b"a/bad.jpg": (True, False, "no photo"),
    }
    assert set(library.known_files(library.locate(tmp_path / "a"), [PACK])) == {b"a/x.jpg", b"a/bad.jpg"}
    assert not library.known_files(library.locate(tmp_path), [PACK, "pack-2"])[b"a/x.jpg"].complete


def test_contents_are_known_by_their_hash_and_packs(library: Library, tmp_path: Path) -> None:
    root = library.add_root(tmp_path)
    library.record([reading(root, "a.jpg", 1)])
    known = reading(root, "a.jpg", 1).digest
    assert library.has_content(known, [PACK])
    assert not library.has_content(known, [PACK, "pack-2"])
    assert not library.has_content(b"another", [PACK])


def test_features_are_read_as_they_were_written(library: Library, tmp_path: Path) -> None:
    add_photos(library, tmp_path, {"a.jpg": 1, "b.jpg": 2, "copy.jpg": 1})
    photo_ids, content_ids, root_ids = library.gallery_rows(PACK)
    assert photo_ids.tolist() == [1, 2, 3]
    assert content_ids.tolist() == [1, 2, 1]
    assert len(set(root_ids.tolist())) == 1
    ids, vectors = library.embeddings(PACK)
    assert ids.tolist() == [1, 2]
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, [embedding(1), embedding(2)], atol=1e-3)
    later, rest = library.embeddings(PACK, after=1)
    assert later.tolist() == [2]
    np.testing.assert_array_equal(rest, vectors[1:])
    chosen, one = library.embeddings_of(PACK, [2, 77])
    assert chosen.tolist() == [2]
    np.testing.assert_array_equal(one, vectors[1:])
    assert library.region_codes([1, 3, 99], PACK) == {1: b"region 1", 3: b"region 1"}


def test_a_pack_without_features_has_an_empty_gallery(library: Library) -> None:
    assert [len(part) for part in library.gallery_rows("unknown")] == [0, 0, 0]
    ids, vectors = library.embeddings("unknown")
    assert len(ids) == 0
    assert vectors.shape[0] == 0
    assert library.region_codes([1], "unknown") == {}


def test_features_of_two_packs_live_side_by_side(library: Library, tmp_path: Path) -> None:
    root = add_photos(library, tmp_path, {"a.jpg": 1})
    again = reading(root, "a.jpg", 1, "pack-2")
    assert library.record([again]) == ["updated"]
    assert library.record([again]) == ["unchanged"]
    for pack in (PACK, "pack-2"):
        assert library.embeddings(pack)[0].tolist() == [1]
    assert content(1).thumbnail == library.thumbnail(1)
