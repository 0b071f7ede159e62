from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.reliability import calibration_error, mean_share, reliability, reliability_table, wilson


def drawn(queries: int, candidates: int, *, exaggerated: float = 0.0, seed: int = 0):
    """Return strengths and relevance that agree but for a shift of the log-odds."""
    random = np.random.default_rng(seed)
    odds = random.normal(-1.5, 2.0, (queries, candidates))
    relevant = random.random(odds.shape) < 1 / (1 + np.exp(-odds))
    return 1 / (1 + np.exp(-odds - exaggerated)), relevant


def test_right_strengths_are_found_right():
    strength, relevant = drawn(400, 50)
    found = reliability(strength, relevant, np.zeros_like(relevant), 0.3)
    assert found.queries == 400
    assert found.error < 0.01
    assert found.offset == pytest.approx(0, abs=0.05)
    assert [b.count for b in found.bins] == np.histogram(strength, np.arange(11) / 10)[0].tolist()
    assert sum(b.interval[0] <= b.strength <= b.interval[1] for b in found.bins) >= 8
    assert found.strong.relevant == pytest.approx(strength[strength >= 0.8].mean(), abs=0.03)
    assert found.good.error is not None
    assert found.good.error < 0.02


@pytest.mark.parametrize("shift", [-1.5, 1.5])
def test_strengths_that_promise_too_much_or_too_little_are_found_out(shift):
    strength, relevant = drawn(400, 50, exaggerated=shift)
    found = reliability(strength, relevant, np.zeros_like(relevant), 0.3)
    assert found.error > 0.08
    assert found.offset == pytest.approx(-shift, abs=0.1)
    assert all((b.strength > b.relevant) == (shift > 0) for b in found.bins[1:-1])


def test_every_strength_falls_into_the_bin_that_its_edges_say():
    strength = np.array([0.0, 0.05, 0.1, 0.3, 0.7, 0.7999, 0.8, 1.0])
    bins = reliability_table(strength, np.array([0, 0, 0, 1, 1, 0, 1, 1], bool))
    assert [(b.low, b.high, b.count) for b in bins] == [
        (0.0, 0.1, 2),
        (0.1, 0.2, 1),
        (0.3, 0.4, 1),
        (0.7, 0.8, 2),
        (0.8, 0.9, 1),
        (0.9, 1.0, 1),
    ]
    assert [b.relevant for b in bins] == [0, 0, 1, 0.5, 1, 1]
    assert bins[0].strength == pytest.approx(0.025)


def test_the_calibration_error_counts_each_match_once():
    strength = np.array([0.25] * 3 + [0.65])
    bins = reliability_table(strength, np.array([1, 0, 0, 1], bool))
    assert calibration_error(bins) == pytest.approx((3 * (1 / 3 - 0.25) + 0.35) / 4)


def test_the_good_matches_are_counted_by_query():
    strength = np.array([[0.9, 0.6, 0.1], [0.85, 0.5, 0.4], [0.2, 0.1, 0.1], [0.1, 0.1, 0.1]])
    relevant = np.array([[1, 0, 0], [0, 1, 1], [1, 0, 0], [0, 0, 0]], bool)
    own = np.array([[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0]], bool)
    found = reliability(strength, relevant, own, 0.5)
    assert found.good.precision == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert found.good.recall == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found.good.kept == 1 / 4
    assert found.good.size == 4 / 4
    assert found.good.none == 2 / 4
    assert (found.strong.count, found.strong.relevant, found.strong.queries) == (2, 0.5, 0.5)


def test_nothing_shown_has_no_precision():
    found = reliability(np.full((2, 3), 0.1), np.zeros((2, 3), bool), np.zeros((2, 3), bool), 0.5)
    assert found.good.precision is found.good.recall is found.good.error is found.strong.relevant is None
    assert found.strong.interval == (0.0, 1.0)
    assert (found.good.none, found.good.size, found.strong.queries) == (1, 0, 0)
    assert found.offset == pytest.approx(-30, abs=1e-3)


def test_the_figures_are_json():
    strength, relevant = drawn(20, 10)
    found = reliability(strength, relevant, relevant, 0.5)
    read = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert read["good"]["cutoff"] == 0.5
    assert read["bins"][0]["interval"] == list(found.bins[0].interval)


@pytest.mark.parametrize(
    "wrong", [np.array([[1.2]]), np.array([[-0.1]]), np.array([[np.nan]]), np.empty((0, 4))]
)
def test_what_is_no_strength_is_refused(wrong):
    with pytest.raises(ValueError, match="strengths"):
        reliability(wrong, np.zeros(wrong.shape, bool), np.zeros(wrong.shape, bool), 0.5)


def test_wilson_is_the_textbooks():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


@given(st.integers(1, 2000), st.data())
def test_the_interval_holds_the_share_and_narrows(count, data):
    hits = data.draw(st.integers(0, count))
    low, high = wilson(hits, count)
    assert 0 <= low <= hits / count <= high <= 1
    wide_low, wide_high = low, high
    low, high = wilson(4 * hits, 4 * count)
    assert high - low < wide_high - wide_low


@given(
    st.lists(
        st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_a_mean_share_is_the_mean_over_the_rows_that_have_any(rows):
    part, whole = np.array(rows, bool).transpose(2, 0, 1)
    shares = [np.mean(p[w]) for p, w in zip(part, whole, strict=True) if w.any()]
    assert mean_share(part, whole) == (pytest.approx(np.mean(shares)) if shares else None)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_no_match_is_lost_between_bins(values, random):
    strength = np.array([values])
    relevant = np.array([[random.random() < 0.5 for _ in values]])
    found = reliability(strength, relevant, np.zeros_like(relevant), 0.5)
    assert sum(b.count for b in found.bins) == len(values)
    assert sum(b.count * b.relevant for b in found.bins) == pytest.approx(relevant.sum())
    assert all(b.low - 1e-12 <= b.strength <= b.high + 1e-12 for b in found.bins)
    assert 0 <= found.error <= 1
