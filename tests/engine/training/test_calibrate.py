from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.training.batches import FeatureStore
from engine.training.calibrate import best_cutoff, fit_fusion, relevance
from engine.training.features import Features
from engine.training.measure import Candidates

PHOTOS = 40


@pytest.fixture
def store() -> FeatureStore:
    """One caption a photo; photos 0 and 1 are described by the same words, all others by their own."""
    words = np.eye(PHOTOS, dtype=np.float16)
    words[1] = words[0]
    features = Features(
        cells=np.zeros((PHOTOS, 1, 1, 1), np.float16),
        concepts=np.zeros((PHOTOS, 1, 1, 1), np.float16),
        mirrored=np.zeros((PHOTOS, 1), bool),
        words=words,
        starts=np.arange(PHOTOS + 1),
        photo_of=np.arange(PHOTOS),
        sided=np.zeros(PHOTOS, bool),
    )
    return FeatureStore(features, torch.device("cpu"))


@pytest.fixture
def candidates() -> Candidates:
    """Every photo is a candidate of every caption; SGRAF is informative, coarse less so."""
    random = np.random.default_rng(0)
    own = np.eye(PHOTOS)
    own[0, 1] = own[1, 0] = 1
    coarse = 0.2 * own + random.normal(0, 0.1, own.shape)
    logits = 3.0 * own + random.normal(0, 1.0, own.shape)
    return Candidates(
        photos=np.tile(np.arange(PHOTOS), (PHOTOS, 1)),
        coarse=coarse.astype(np.float32),
        logits=logits.astype(np.float32),
        truth=np.arange(PHOTOS),
        ranks=np.zeros(PHOTOS, np.int64),
        captions=np.arange(PHOTOS),
    )


def test_a_photo_described_by_the_same_words_is_relevant_too(
    store: FeatureStore, candidates: Candidates
) -> None:
    found = relevance(store, range(PHOTOS), candidates)
    expected = np.eye(PHOTOS)
    expected[0, 1] = expected[1, 0] = 1
    np.testing.assert_array_equal(found, expected)


def test_both_similarities_count_and_strengths_are_probabilities(
    store: FeatureStore, candidates: Candidates
) -> None:
    fusion = fit_fusion(store, range(PHOTOS), candidates)
    assert fusion.coarse > 0
    assert fusion.rerank > 0
    similarity = 1 / (1 + np.exp(-candidates.logits.ravel()))
    strength = fusion.strength(candidates.coarse.ravel(), similarity)
    relevant = relevance(store, range(PHOTOS), candidates).ravel()
    assert strength.mean() == pytest.approx(relevant.mean(), abs=0.005)
    assert strength[relevant == 1].mean() > 0.5 > 0.1 > strength[relevant == 0].mean()
    alone = fusion.strength(candidates.coarse.ravel())
    assert alone.mean() == pytest.approx(relevant.mean(), abs=0.005)


def test_the_cutoff_balances_precision_and_recall() -> None:
    strength = np.array([0.9, 0.8, 0.7, 0.4, 0.3, 0.2, 0.1])
    relevant = np.array([1.0, 1, 1, 0, 0, 0, 0])
    assert 0.4 < best_cutoff(strength, relevant) <= 0.7
