"""Which photos an excluded phrase hides: those that it fits better than sentences usually do."""

from __future__ import annotations

import numpy as np
import pytest

from engine.descriptions import bank
from engine.exclusion import BETTER_THAN, Exclusion
from engine.gallery import Gallery
from engine.indexer import Indexer
from engine.library import Library
from tests.album import draw


@pytest.fixture
def gallery(indexed, tiny_models):
    gallery = Gallery(indexed, tiny_models.pack.pack_id)
    gallery.refresh()
    return gallery


def usual(exclusion: Exclusion) -> float:
    """Return where `describes` divides, found from outside."""
    steps = np.linspace(-1, 1, 20_001, dtype=np.float32)
    return float(steps[exclusion.describes(steps)].min())


def test_a_phrase_must_fit_better_than_nine_in_ten_sentences(gallery, tiny_models):
    limit = usual(Exclusion(gallery, tiny_models.pack))
    sentences = tiny_models.pack.encode_text(list(bank()[:: len(bank()) // 200])).embeddings
    fits = np.stack([gallery.similarities(sentence) for sentence in sentences])
    assert (fits < limit).mean() == pytest.approx(BETTER_THAN, abs=0.05)


def test_a_photo_itself_is_described_by_its_own_embedding(gallery, tiny_models):
    exclusion = Exclusion(gallery, tiny_models.pack)
    own = gallery.similarities(gallery.embedding(int(gallery.ids[4])))
    assert exclusion.describes(own)[4]
    assert not exclusion.describes(-own)[4]


def test_it_follows_the_library(gallery, indexed, tiny_models, tmp_path):
    exclusion = Exclusion(gallery, tiny_models.pack)
    before = usual(exclusion)
    for seed in range(200, 212):
        draw(tmp_path / "more" / f"{seed}.jpg", seed)
    Indexer(indexed, tiny_models, workers=1).run([tmp_path / "more"])
    assert usual(exclusion) == before
    gallery.refresh()
    assert usual(exclusion) != before
    assert len(exclusion.describes(np.zeros(len(gallery), np.float32))) == 26


def test_an_empty_library_has_nothing_to_leave_out(tmp_path, tiny_models):
    with Library.open(tmp_path / "empty.db") as library:
        gallery = Gallery(library, tiny_models.pack.pack_id)
        gallery.refresh()
        exclusion = Exclusion(gallery, tiny_models.pack)
        assert exclusion.describes(np.empty(0, np.float32)).tolist() == []


def test_of_a_large_library_a_part_is_looked_at(gallery):
    some = gallery.sample(5)
    assert some.shape == (5, gallery.embedding(int(gallery.ids[0])).shape[0])
    np.testing.assert_array_equal(some[0], gallery.embedding(int(gallery.ids[0])))
    np.testing.assert_array_equal(some[-1], gallery.embedding(int(gallery.ids[-1])))
    assert len(gallery.sample(1000)) == len(gallery)
