from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from engine.models.encoder import image_heads, text_heads
from engine.models.models import similarity_encoder
from engine.training.batches import FeatureStore
from engine.training.features import Features
from engine.training.measure import Candidates, find_candidates, recall_of
from engine.training.reranking import RerankNetwork
from tests.packs import TINY

PHOTOS, CAPTIONS, WORDS = 30, 2, 5


@pytest.fixture(scope="module")
def store() -> FeatureStore:
    random = np.random.default_rng(0)
    count = PHOTOS * CAPTIONS
    shape = (PHOTOS, 1, TINY.towers, TINY.regions)
    features = Features(
        cells=random.normal(size=(*shape, TINY.cell_dim)).astype(np.float16),
        concepts=random.normal(size=(*shape, TINY.text_dim)).astype(np.float16),
        mirrored=np.zeros((PHOTOS, 1), bool),
        words=random.normal(size=(count * WORDS, TINY.text_dim)).astype(np.float16),
        starts=np.arange(count + 1) * WORDS,
        sentences=random.normal(size=(count, TINY.text_dim)).astype(np.float16),
        photo_of=np.arange(count) // CAPTIONS,
        sided=np.zeros(count, bool),
    )
    return FeatureStore(features, torch.device("cpu"))


@pytest.fixture(scope="module")
def network() -> RerankNetwork:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = RerankNetwork(
            image_heads(TINY),
            text_heads(TINY),
            similarity_encoder(TINY, "SGR"),
            similarity_encoder(TINY, "SAF"),
        )
    for module in network.modules.values():
        module.eval()
    return network


def test_without_a_gallery_the_photos_are_searched_among_themselves(store, network):
    alone = find_candidates(store, range(10, 20), network, 6)
    same = find_candidates(store, range(10, 20), network, 6, gallery=range(10, 20))
    for name in ("photos", "coarse", "logits", "truth", "ranks", "captions"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(same, name))
    assert alone.photos.shape == (20, 6)
    assert alone.photos.max() < 10
    assert alone.truth.tolist() == [place for place in range(10) for _ in range(CAPTIONS)]


def test_a_larger_gallery_only_adds_competitors(store, network):
    photos, gallery = [4, 7, 9], [*range(20, 30), 9, 4, 7]
    alone = find_candidates(store, photos, network, 3)
    crowd = find_candidates(store, photos, network, len(gallery), gallery=gallery)
    assert [gallery[place] for place in crowd.truth] == [photos[place] for place in alone.truth]
    np.testing.assert_array_equal(alone.captions, crowd.captions)
    assert (crowd.ranks >= alone.ranks).all()
    assert (crowd.ranks > alone.ranks).any()
    for row in range(len(alone.captions)):
        small = {photos[p]: i for i, p in enumerate(alone.photos[row])}
        large = {gallery[p]: i for i, p in enumerate(crowd.photos[row])}
        assert len(large) == len(gallery)
        for photo in photos:
            ours, theirs = (row, small[photo]), (row, large[photo])
            assert alone.coarse[ours] == pytest.approx(crowd.coarse[theirs], abs=1e-5)
            assert alone.logits[ours] == pytest.approx(crowd.logits[theirs], abs=1e-4)


def test_ranks_are_those_of_the_candidates(store, network):
    found = find_candidates(store, range(5), network, PHOTOS, gallery=range(PHOTOS))
    places = (found.photos == found.truth[:, None]).argmax(axis=1)
    np.testing.assert_array_equal(found.ranks, places)
    assert (np.diff(found.coarse, axis=1) <= 0).all()


def test_a_gallery_without_the_photos_is_refused(store, network):
    with pytest.raises(ValueError, match="lacks photos"):
        find_candidates(store, [1, 2], network, 3, gallery=[2, 3, 4])


def test_recall_follows_the_scores_where_the_photo_is_a_candidate():
    candidates = Candidates(
        gallery=range(5),
        photos=np.array([[3, 1, 2], [0, 1, 2]]),
        coarse=np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1]], np.float32),
        logits=np.zeros((2, 3), np.float32),
        truth=np.array([2, 4]),
        ranks=np.array([2, 40]),
        captions=np.array([0, 1]),
    )
    assert recall_of(candidates).r5 == 50
    assert recall_of(candidates).r1 == 0
    best = recall_of(candidates, np.array([[0, 0, 1], [0, 0, 1]], np.float32))
    assert best.r1 == 50
    assert best.mean_rank == pytest.approx((1 + 41) / 2)


def test_a_network_that_gives_no_numbers_finds_nothing(store, network):
    broken = copy.deepcopy(network)
    for module in broken.modules.values():
        for weight in module.parameters():
            torch.nn.init.constant_(weight, torch.nan)
    found = find_candidates(store, range(PHOTOS), broken, 20)
    assert (found.ranks == PHOTOS).all()
    assert recall_of(found).r10 == 0
    assert recall_of(found, found.logits).r10 == 0


def test_equal_scores_stay_in_the_order_of_the_candidates():
    candidates = Candidates(
        gallery=range(3),
        photos=np.array([[1, 2, 0]] * 3),
        coarse=np.array([[0.9, 0.5, 0.1]] * 3, np.float32),
        logits=np.zeros((3, 3), np.float32),
        truth=np.array([1, 2, 0]),
        ranks=np.array([0, 1, 2]),
        captions=np.arange(3),
    )
    assert recall_of(candidates, candidates.logits) == recall_of(candidates)
