from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PackError
from engine.sgraf import Fusion

FUSION = Fusion(
    coarse=10.0,
    rerank=0.7,
    bias=-3.0,
    coarse_only=14.0,
    coarse_only_bias=-5.0,
    cutoff=0.4,
    gallery=1000.0,
    crowding=0.8,
    cutoff_crowding=0.5,
)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_strength_is_a_logistic_model_of_both_similarities() -> None:
    found = FUSION.strength(np.array([0.3], dtype=np.float32), np.array([0.8], dtype=np.float32))
    assert found[0] == pytest.approx(sigmoid(10 * 0.3 + 0.7 * math.log(0.8 / 0.2) - 3), abs=1e-5)
    assert found.dtype == np.float32


def test_without_rerank_the_coarse_filter_has_its_own_weights() -> None:
    found = FUSION.strength(np.array([0.3, 0.5], dtype=np.float32))
    assert found.tolist() == pytest.approx([sigmoid(14 * 0.3 - 5), sigmoid(14 * 0.5 - 5)], abs=1e-5)


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(-1e6, 1e6))
def test_strength_is_a_share_whatever_comes(cosine: float, similarity: float, weight: float) -> None:
    fusion = Fusion(weight, weight, weight, weight, weight, 0.5)
    coarse, rerank = np.array([cosine], dtype=np.float32), np.array([similarity], dtype=np.float32)
    for strength in (fusion.strength(coarse, rerank), fusion.strength(coarse)):
        assert 0.0 <= strength[0] <= 1.0


@given(st.floats(0.01, 0.98), st.floats(-0.5, 0.5))
def test_a_better_rerank_is_stronger(similarity: float, cosine: float) -> None:
    coarse = np.full(2, cosine, dtype=np.float32)
    weak, strong = FUSION.strength(coarse, np.array([similarity, similarity + 0.01], dtype=np.float32))
    assert weak < strong


def test_in_a_larger_library_matches_lose_log_odds_and_the_cutoff_falls() -> None:
    coarse, rerank = np.array([0.3], dtype=np.float32), np.array([0.6], dtype=np.float32)
    larger = FUSION.in_gallery(10_000)
    for before, after in (
        (FUSION.strength(coarse, rerank), larger.strength(coarse, rerank)),
        (FUSION.strength(coarse), larger.strength(coarse)),
    ):
        lost = math.log(before[0] / (1 - before[0])) - math.log(after[0] / (1 - after[0]))
        assert lost == pytest.approx(0.8 * math.log(10), abs=1e-4)
    assert math.log(larger.cutoff / (1 - larger.cutoff)) == pytest.approx(
        math.log(0.4 / 0.6) - 0.5 * math.log(10)
    )


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_fusion_can_go_from_library_to_library(first: int, second: int) -> None:
    straight, round_about = FUSION.in_gallery(second), FUSION.in_gallery(first).in_gallery(second)
    assert list(straight.to_json().values()) == pytest.approx(list(round_about.to_json().values()), rel=1e-6)
    assert 0 < straight.cutoff < 1


def test_json_round_trip() -> None:
    assert Fusion.from_json(json.loads(json.dumps(FUSION.to_json()))) == FUSION


@pytest.mark.parametrize("wrong", [None, "1", float("nan"), [1.0]])
def test_weights_that_are_not_numbers_are_refused(wrong: object) -> None:
    with pytest.raises(PackError, match="rerank"):
        Fusion.from_json({**FUSION.to_json(), "rerank": wrong})
    with pytest.raises(PackError, match="cutoff"):
        Fusion.from_json({name: value for name, value in FUSION.to_json().items() if name != "cutoff"})
