from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.training.batches import FeatureStore
from engine.training.calibrate import CUTOFFS, best_cutoff, fit_fusion, own_photo, relevance, reliability_of
from engine.training.features import Features
from engine.training.measure import Candidates

PHOTOS = 40
# How photos without a match score: coarse and logit, mean and deviation.
OTHERS, MATCHES = ((0.0, 0.1), (-3.0, 1.5)), ((0.3, 0.1), (0.5, 1.5))


def store_of(words: np.ndarray, photo_of: np.ndarray | None = None) -> FeatureStore:
    """Return a store of photos with captions of one word: one each, or as `photo_of` says."""
    captions = len(words)
    photo_of = np.arange(captions) if photo_of is None else photo_of
    count = int(photo_of.max()) + 1
    features = Features(
        cells=np.zeros((count, 1, 1, 1, 1), np.float16),
        concepts=np.zeros((count, 1, 1, 1, 1), np.float16),
        mirrored=np.zeros((count, 1), bool),
        words=words.astype(np.float16),
        starts=np.arange(captions + 1),
        sentences=words.astype(np.float16),
        photo_of=photo_of,
        sided=np.zeros(captions, bool),
    )
    return FeatureStore(features, torch.device("cpu"))


def strangers(count: int) -> FeatureStore:
    """Return a store of photos whose captions have nothing in common."""
    return store_of(np.random.default_rng(9).normal(size=(count, 64)))


def searched(queries, gallery, count, *, matches=MATCHES, difficulty=0.0, seed=0) -> Candidates:
    """Return what a search among `gallery` photos finds for the captions of the first `queries`."""
    random = np.random.default_rng(seed)
    own = np.eye(queries, gallery, dtype=bool)
    hardness = difficulty * random.normal(size=(queries, 1))
    draw = [
        np.where(own, random.normal(*match, own.shape), random.normal(*other, own.shape))
        for match, other in zip(matches, OTHERS, strict=True)
    ]
    coarse, logits = draw[0], draw[1] + hardness
    order = np.argsort(-coarse, axis=1)[:, :count]
    return Candidates(
        gallery=range(gallery),
        photos=order,
        coarse=np.take_along_axis(coarse, order, 1).astype(np.float32),
        logits=np.take_along_axis(logits, order, 1).astype(np.float32),
        truth=np.arange(queries),
        ranks=(coarse > coarse[own][:, None]).sum(axis=1),
        captions=np.arange(queries),
    )


@pytest.fixture
def store() -> FeatureStore:
    """One caption a photo; photos 0 and 1 are described by the same words, all others by their own."""
    words = np.eye(PHOTOS)
    words[1] = words[0]
    return store_of(words)


@pytest.fixture
def candidates() -> Candidates:
    """Every photo is a candidate of every caption; SGRAF is informative, coarse less so."""
    random = np.random.default_rng(0)
    own = np.eye(PHOTOS)
    own[0, 1] = own[1, 0] = 1
    coarse = 0.2 * own + random.normal(0, 0.1, own.shape)
    logits = 3.0 * own + random.normal(0, 1.0, own.shape)
    return Candidates(
        gallery=range(PHOTOS),
        photos=np.tile(np.arange(PHOTOS), (PHOTOS, 1)),
        coarse=coarse.astype(np.float32),
        logits=logits.astype(np.float32),
        truth=np.arange(PHOTOS),
        ranks=np.zeros(PHOTOS, np.int64),
        captions=np.arange(PHOTOS),
    )


def test_a_photo_described_by_the_same_words_is_relevant_too(store, candidates):
    found = relevance(store, candidates)
    expected = np.eye(PHOTOS, dtype=bool)
    expected[0, 1] = expected[1, 0] = True
    np.testing.assert_array_equal(found, expected)


def test_relevance_follows_positions_in_the_gallery():
    """Photo 2 is described like photo 0 by the second of its captions; the gallery is in another order."""
    words, photo_of = np.eye(6), np.array([0, 1, 1, 2, 2, 2])
    words[4] = words[0]
    gallery = [2, 1, 0]
    found = Candidates(
        gallery=gallery,
        photos=np.tile(np.arange(3), (2, 1)),
        coarse=np.zeros((2, 3), np.float32),
        logits=np.zeros((2, 3), np.float32),
        truth=np.array([2, 1]),
        ranks=np.zeros(2, np.int64),
        captions=np.array([0, 2]),
    )
    expected = [[True, False, True], [False, True, False]]
    assert relevance(store_of(words, photo_of), found).tolist() == expected


def test_relevance_is_the_same_for_many_captions_as_for_few():
    """More captions than are compared at once."""
    words = np.random.default_rng(1).normal(size=(600, 3))
    store, found = store_of(words), searched(600, 600, 20)
    units = words.astype(np.float16).astype(np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    cosines = (units[:, None] * units[found.photos]).sum(-1)
    unsure = np.abs(cosines - 0.75) < 1e-3
    assert ((relevance(store, found) == ((cosines >= 0.75) | own_photo(found))) | unsure).all()


def test_both_similarities_count_and_strengths_are_probabilities(store, candidates):
    fusion = fit_fusion(store, candidates)
    assert fusion.coarse > 0
    assert fusion.rerank > 0
    similarity = 1 / (1 + np.exp(-candidates.logits.ravel()))
    strength = fusion.strength(candidates.coarse.ravel(), similarity)
    relevant = relevance(store, candidates).ravel()
    assert strength.mean() == pytest.approx(relevant.mean(), abs=0.005)
    assert strength[relevant].mean() > 0.5 > 0.1 > strength[~relevant].mean()
    alone = fusion.strength(candidates.coarse.ravel())
    assert alone.mean() == pytest.approx(relevant.mean(), abs=0.005)


def test_the_true_odds_are_found():
    """Of equal spreads the log-odds are linear: the mean's distance over the variance."""
    count = 500
    fusion = fit_fusion(strangers(count), searched(count, count, count))
    assert fusion.coarse == pytest.approx(0.3 / 0.1**2, rel=0.1)
    assert fusion.rerank == pytest.approx(3.5 / 1.5**2, rel=0.1)
    middle = (0.3**2 / 2) / 0.1**2 + (0.5**2 - 3.0**2) / 2 / 1.5**2
    assert fusion.bias == pytest.approx(-np.log(count - 1) - middle, abs=0.7)
    assert fusion.coarse_only == pytest.approx(0.3 / 0.1**2, rel=0.15)


@pytest.mark.parametrize("misleading", ["coarse", "logits"])
def test_a_similarity_that_misleads_never_counts_against_a_photo(store, candidates, misleading):
    turned = replace(candidates, **{misleading: -getattr(candidates, misleading)})
    fusion = fit_fusion(store, turned)
    assert min(fusion.coarse, fusion.rerank, fusion.coarse_only) >= 0
    assert {"coarse": fusion.coarse, "logits": fusion.rerank}[misleading] == pytest.approx(0, abs=0.05)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 8), st.floats(0.0, 50.0))
def test_few_or_perfect_examples_still_give_finite_weights(seed, count, distance):
    random = np.random.default_rng(seed)
    own = np.eye(count)
    found = Candidates(
        gallery=range(count),
        photos=np.tile(np.arange(count), (count, 1)),
        coarse=(0.02 * distance * own + random.normal(0, 0.1, own.shape)).astype(np.float32),
        logits=(distance * own + random.normal(0, 1, own.shape)).astype(np.float32),
        truth=np.arange(count),
        ranks=np.zeros(count, np.int64),
        captions=np.arange(count),
    )
    fusion = fit_fusion(strangers(count), found)
    assert np.isfinite(list(fusion.to_json().values())).all()
    similarity = 1 / (1 + np.exp(-found.logits.astype(np.float64)))
    assert (fusion.strength(found.coarse, similarity) < 1 - 1e-9).any()


def test_perfect_examples_make_no_certainty(store):
    """Ten photos told apart without a doubt say that about one in twelve may yet be wrong."""
    perfect = searched(10, 30, 30, matches=((0.8, 0.01), (9.0, 0.1)))
    fusion = fit_fusion(strangers(30), perfect)
    strength = fusion.strength(perfect.coarse, 1 / (1 + np.exp(-perfect.logits.astype(np.float64))))
    assert strength[own_photo(perfect)].mean() == pytest.approx(11 / 12, abs=0.02)


def test_without_any_own_photo_there_is_nothing_to_fit(store, candidates):
    lost = replace(candidates, photos=(candidates.photos + 1)[:, :5] % PHOTOS, truth=np.full(PHOTOS, 20))
    lost = replace(lost, coarse=lost.coarse[:, :5], logits=lost.logits[:, :5])
    with pytest.raises(ValueError, match="own photo"):
        fit_fusion(store, lost)


@pytest.mark.parametrize(
    ("matches", "difficulty"),
    [
        (MATCHES, 0.0),
        (((0.3, 0.15), (0.5, 2.2)), 0.0),
        (((0.3, 0.07), (0.5, 1.0)), 0.0),
        (MATCHES, 1.0),
        (((0.3, 0.15), (0.5, 2.2)), 1.0),
    ],
    ids=["as modelled", "wide", "narrow", "hard and easy", "hard, easy and wide"],
)
def test_strengths_hold_on_fresh_queries_even_where_the_model_is_wrong(matches, difficulty):
    queries, gallery, count = 500, 2000, 50
    store = strangers(gallery)
    world = {"matches": matches, "difficulty": difficulty}
    fusion = fit_fusion(store, searched(queries, gallery, count, seed=1, **world))
    found = reliability_of(store, searched(queries, gallery, count, seed=2, **world), fusion)
    assert found.error < 0.01
    assert found.good.error is not None
    assert found.good.error < 0.07
    assert found.strong.relevant is not None
    assert found.strong.relevant > 0.8
    assert found.good.precision is not None
    assert found.good.precision > 0.5
    assert found.good.kept > 0.4


def test_strengths_hold_in_galleries_of_other_sizes():
    """A fit among few photos promises too much among many, by the logarithm of their number, unless told."""
    queries, small, large, count = 300, 300, 3000, 60
    store = strangers(4 * large)
    few = fit_fusion(store, searched(queries, small, count, seed=3))
    fresh = searched(queries, large, count, seed=5)
    assert reliability_of(store, fresh, few).offset == pytest.approx(-np.log(10), abs=0.5)
    told = fit_fusion(store, searched(queries, large, count, seed=4), searched(queries, small, count, seed=3))
    assert told.crowding == pytest.approx(1, abs=0.2)
    for size in (small, large, 4 * large):
        again = reliability_of(store, searched(queries, size, count, seed=6), told)
        assert again.offset == pytest.approx(0, abs=0.4), size


def test_the_fusion_keeps_the_order_of_the_mixed_similarities():
    store, found = strangers(200), searched(200, 200, 30)
    fusion = fit_fusion(store, found)
    mixed = fusion.coarse * found.coarse.astype(np.float64) + fusion.rerank * found.logits
    strength = fusion.strength(found.coarse, 1 / (1 + np.exp(-found.logits.astype(np.float64))))
    rows = np.arange(200)[:, None]
    assert (np.diff(strength[rows, np.argsort(mixed, axis=1)], axis=1) >= 0).all()


def test_the_cutoff_balances_precision_and_recall() -> None:
    strength = np.array([[0.9, 0.8, 0.7, 0.3, 0.2, 0.1]])
    relevant = np.array([[True, True, True, False, False, False]])
    assert 0.3 < best_cutoff(strength, relevant) <= 0.7
    relevant[0, 3] = True
    assert 0.2 < best_cutoff(strength, relevant) <= 0.3


def test_rare_relevant_matches_among_many_weak_ones_still_get_a_cutoff() -> None:
    strength = np.full((1, 100), 0.02)
    strength[0, :4] = 0.2
    relevant = np.zeros((1, 100), bool)
    relevant[0, :2] = True
    assert 0.02 < best_cutoff(strength, relevant) <= 0.2


def test_without_any_right_match_there_is_still_a_cutoff() -> None:
    assert best_cutoff(np.full((3, 4), 0.3), np.zeros((3, 4), bool)) == CUTOFFS[0]
