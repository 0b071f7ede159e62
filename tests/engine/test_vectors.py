"""The coarse matrix and its exact, deterministic top-k."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.vectors import CoarseIndex, top_k


def unit_rows(n, dim, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def full_sort(scores, ids, k, mask):
    allowed = [i for i in range(len(scores)) if mask is None or mask[i]]
    return sorted(allowed, key=lambda i: (-scores[i], ids[i]))[: max(k, 0)]


@st.composite
def scored_galleries(draw):
    n = draw(st.integers(0, 40))
    # Few distinct values, so that ties at the cut are common.
    scores = draw(hnp.arrays(np.float32, n, elements=st.sampled_from([-1.0, -0.5, 0.0, 0.25, 0.5, 1.0])))
    ids = np.array(draw(st.permutations(range(100, 100 + n))), dtype=np.int64)
    mask = draw(st.none() | hnp.arrays(np.bool_, n))
    return scores, ids, draw(st.integers(-2, 50)), mask


@given(scored_galleries())
def test_top_k_equals_a_full_sort(case):
    scores, ids, k, mask = case
    assert top_k(scores, ids, k, mask).tolist() == full_sort(scores, ids, k, mask)


def test_a_mask_that_allows_nothing_finds_nothing():
    assert top_k(np.ones(3, np.float32), np.arange(3), 2, np.zeros(3, dtype=bool)).tolist() == []


@given(st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_similarities_are_the_products_of_the_rows_that_are_there(n, seed):
    rows = unit_rows(n, 8, seed)
    index = CoarseIndex(8)
    index.append(np.arange(n), rows)
    query = unit_rows(1, 8)[0]
    np.testing.assert_allclose(index.similarities(query), [row @ query for row in rows], atol=1e-6)


@given(st.lists(st.integers(0, 9), max_size=12))
def test_appending_in_pieces_is_the_same_as_at_once(sizes):
    rows = unit_rows(sum(sizes), 5)
    ids = np.arange(sum(sizes), dtype=np.int64) + 7
    index, start = CoarseIndex(5), 0
    for size in sizes:
        index.append(ids[start : start + size], rows[start : start + size])
        start += size
    np.testing.assert_array_equal(index.matrix, rows)
    np.testing.assert_array_equal(index.ids, ids)


def test_small_appends_seldom_copy_the_matrix():
    index = CoarseIndex(3)
    index.append(np.arange(1000), unit_rows(1000, 3))
    buffers = set()
    for i in range(500):
        index.append(np.array([1000 + i]), unit_rows(1, 3))
        buffers.add(index.matrix.__array_interface__["data"][0])
    assert len(buffers) <= 2


def test_half_precision_rows_become_single_precision():
    index = CoarseIndex(6)
    rows = unit_rows(4, 6)
    index.append(np.arange(4), rows.astype(np.float16))
    assert index.matrix.dtype == np.float32
    np.testing.assert_allclose(index.matrix, rows, atol=1e-3)


def test_the_views_can_not_be_written():
    index = CoarseIndex(2)
    index.append(np.arange(2), unit_rows(2, 2))
    for view in (index.matrix, index.ids):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 0
    index.append(np.array([2]), unit_rows(1, 2))
    assert len(index) == 3


@pytest.mark.parametrize(("ids", "rows"), [(2, (3, 4)), (3, (3, 5)), (1, (4,))])
def test_shapes_that_do_not_fit_are_refused(ids, rows):
    with pytest.raises(ValueError, match="embeddings of shape"):
        CoarseIndex(4).append(np.arange(ids), np.zeros(rows, dtype=np.float32))
