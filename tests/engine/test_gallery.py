"""The gallery in memory follows the library."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import FolderError
from engine.filters import Filters
from engine.gallery import Gallery
from engine.indexer import Indexer
from engine.library import Library
from tests.album import draw


@pytest.fixture
def gallery(indexed, tiny_models):
    gallery = Gallery(indexed, tiny_models.pack.pack_id)
    gallery.refresh()
    return gallery


def test_every_present_photo_is_in_it(gallery, indexed):
    assert gallery.ids.tolist() == sorted(indexed.present_ids())
    assert len(gallery) == 14


def test_similarities_are_cosines_with_the_stored_embeddings(gallery):
    query = gallery.embedding(int(gallery.ids[4]))
    scores = gallery.similarities(query)
    assert scores[4] == scores.max() == pytest.approx(1, abs=2e-3)
    for place, photo_id in enumerate(gallery.ids.tolist()):
        assert scores[place] == pytest.approx(gallery.embedding(photo_id) @ query, abs=1e-6)


def test_a_copy_shares_its_embedding(gallery, indexed, album):
    original = indexed.find(album / "plain3.jpg").id
    copy = indexed.find(album / "copy of plain3.jpg").id
    np.testing.assert_array_equal(gallery.embedding(original), gallery.embedding(copy))


def test_new_photos_come_in_with_a_refresh(indexed, tiny_models, tmp_path, gallery):
    before = gallery.ids.copy()
    draw(tmp_path / "more" / "new.jpg", 99)
    Indexer(indexed, tiny_models, workers=1).run([tmp_path / "more"])
    assert len(gallery) == len(before)
    gallery.refresh()
    added = set(gallery.ids.tolist()) - set(before.tolist())
    assert added == {indexed.find(tmp_path / "more" / "new.jpg").id}
    fresh = Gallery(indexed, tiny_models.pack.pack_id)
    fresh.refresh()
    query = fresh.embedding(added.pop())
    np.testing.assert_array_equal(gallery.similarities(query), fresh.similarities(query))


def test_photos_that_are_gone_leave_and_come_back(tiny_models, tmp_path):
    photo = draw(tmp_path / "album" / "one.jpg", 1)
    draw(tmp_path / "album" / "two.jpg", 2)
    with Library.open(tmp_path / "library.db") as library:
        indexer = Indexer(library, tiny_models, workers=1)
        indexer.run([tmp_path / "album"])
        gallery = Gallery(library, tiny_models.pack.pack_id)
        gallery.refresh()
        away = photo.rename(tmp_path / "elsewhere.jpg")
        indexer.run([tmp_path / "album"])
        gallery.refresh()
        assert len(gallery) == 1
        away.rename(photo)
        indexer.run([tmp_path / "album"])
        gallery.refresh()
        assert len(gallery) == 2


def test_an_unchanged_library_is_not_read_again(gallery):
    ids = gallery.ids
    gallery.refresh()
    assert gallery.ids is ids


def test_a_mask_limits_the_nearest(gallery, indexed, album):
    scores = gallery.similarities(gallery.embedding(int(gallery.ids[0])))
    best = gallery.nearest(scores, 14, gallery.under(album / "winter"))
    paths = {indexed.photo(photo_id).path.name for photo_id in gallery.ids[best].tolist()}
    assert paths == {"described.jpg", "camera words.jpg", "last.jpg"}


def test_filters_are_a_mask_that_follows_the_library(gallery, indexed, album):
    described = indexed.find(album / "winter" / "described.jpg").id
    assert gallery.passing(Filters(folders=("winter",))).sum() == 3
    assert gallery.passing(Filters(favourite=True)).sum() == 0
    indexed.set_favourite([described], True)
    gallery.refresh()
    assert gallery.ids[gallery.passing(Filters(favourite=True))].tolist() == [described]


def test_a_folder_outside_the_library_is_refused(gallery, tmp_path):
    with pytest.raises(FolderError, match="not in the library"):
        gallery.under(tmp_path)


def test_an_empty_library_gives_an_empty_gallery(tmp_path, tiny_models):
    with Library.open(tmp_path / "empty.db") as library:
        gallery = Gallery(library, tiny_models.pack.pack_id)
        gallery.refresh()
        assert gallery.similarities(np.ones(24, dtype=np.float32)).shape == (0,)
        assert gallery.nearest(np.empty(0, dtype=np.float32), 5).tolist() == []
        assert gallery.embedding(1) is None


def test_other_models_see_no_photos(indexed):
    gallery = Gallery(indexed, "another-pack")
    gallery.refresh()
    assert len(gallery) == 0
