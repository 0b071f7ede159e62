"""Match strength: calibrated for the bundled filter, relative for any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.sgraf import Fusion
from engine.strength import match_strength, matches
from engine.types import Hit, Photo, PhotoMetadata, Results

FUSION = Fusion(coarse=4, rerank=1, bias=-1, coarse_only=5, coarse_only_bias=-2, cutoff=0.5)


def floats(*values):
    return np.array(values, dtype=np.float32)


def test_the_calibrated_strength_is_the_fusions():
    coarse, rerank = floats(0.1, 0.4, 0.3), floats(0.2, 0.9, 0.5)
    np.testing.assert_array_equal(
        match_strength(FUSION, coarse, rerank, calibrated=True), FUSION.strength(coarse, rerank)
    )
    np.testing.assert_array_equal(
        match_strength(FUSION, coarse, None, calibrated=True), FUSION.strength(coarse)
    )


def test_photos_without_a_code_keep_their_coarse_strength():
    coarse, rerank = floats(0.1, 0.4), floats(np.nan, 0.9)
    strength = match_strength(FUSION, coarse, rerank, calibrated=True)
    assert strength[0] == FUSION.strength(coarse)[0]
    assert strength[1] == FUSION.strength(coarse[1:], rerank[1:])[0]


@pytest.mark.parametrize("rerank", [None, floats(*np.linspace(0.05, 0.6, 50))])
def test_the_relative_strength_keeps_the_order_and_the_range(rerank):
    coarse = floats(*np.linspace(0.15, 0.31, 50))
    strength = match_strength(FUSION, coarse, rerank, calibrated=False)
    assert np.all(np.diff(strength) > 0)
    assert strength.min() > 0
    assert strength.max() < 1


def test_only_what_stands_out_is_relatively_strong():
    coarse, rerank = np.full(100, 0.2, dtype=np.float32), np.full(100, 0.1, dtype=np.float32)
    coarse[7], rerank[7] = 0.3, 0.8
    strength = match_strength(FUSION, coarse, rerank, calibrated=False)
    assert np.flatnonzero(strength >= 0.5).tolist() == [7]


@pytest.mark.parametrize("coarse", [floats(), floats(0.3), floats(0.3, 0.3)])
def test_nothing_stands_out_among_equals(coarse):
    strength = match_strength(FUSION, coarse, coarse.copy(), calibrated=False)
    assert strength.shape == coarse.shape
    assert np.all(strength < 0.5)


def test_extreme_similarities_stay_finite():
    strength = match_strength(FUSION, floats(-1, 1, 0), floats(0, 1, 0.5), calibrated=False)
    assert np.all(np.isfinite(strength))


def answer(*scores, cutoff=0.1):
    photo = Photo(1, Path("a.jpg"), 1, 1, PhotoMetadata(1, 1))
    hits = tuple(Hit(rank, photo, score, 0.0) for rank, score in enumerate(scores, 1))
    return Results("a dog", hits, True, 100, good=sum(score >= 0.1 for score in scores), cutoff=cutoff)


def test_the_user_decides_how_strict_the_cutoff_is():
    results = answer(0.5, 0.19, 0.17, 0.11, 0.05, 0.036, 0.035, 0.01)
    assert [matches(results, strictness) for strictness in ("best", "good", "more")] == [2, 4, 6]


def test_nothing_moves_where_all_count_as_good():
    results = answer(0.5, 0.2, cutoff=None)
    assert [matches(results, strictness) for strictness in ("best", "good", "more")] == [2, 2, 2]
