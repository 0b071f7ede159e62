from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.training.caption_groups import LARGEST, group_captions
from engine.types import FloatArray

DIM = 48


def captions(sizes: list[int], noise: float, seed: int = 0) -> tuple[FloatArray, list[int]]:
    """Embeddings of the captions of photos, one after the other, and the photo of each."""
    random = np.random.default_rng(seed)
    owner = [photo for photo, size in enumerate(sizes) for _ in range(size)]
    centres = random.normal(size=(len(sizes), DIM))
    rows = centres[owner] + noise * random.normal(size=(len(owner), DIM))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), owner


def as_groups(owner: list[int]) -> list[list[int]]:
    return [[i for i, o in enumerate(owner) if o == photo] for photo in dict.fromkeys(owner)]


def test_captions_in_a_row_are_cut_where_the_next_photo_begins() -> None:
    """One that says something quite different in the middle stays with the others."""
    sizes = [5, 5, 4, 5, 3, 5, 5] * 30
    vectors, owner = captions(sizes, 0.7)
    vectors[7] = captions([1], 0, seed=9)[0][0]
    assert group_captions(vectors) == as_groups(owner)


def test_captions_that_are_mixed_find_together() -> None:
    """After those in a row; one that stands far from its likes stays alone."""
    rows, owner = captions([5] * 200, 0.6)
    mixed, other = captions([5] * 200, 0.4, seed=1)
    random = np.random.default_rng(2)
    order = [start + int(i) for start in range(0, len(other), 100) for i in random.permutation(100)]
    found = group_captions(np.concatenate([rows, mixed[order], rows[:1]]))
    assert found[:150] == as_groups(owner)[:150]
    expected = [[len(rows) + i for i in group] for group in as_groups([other[i] for i in order])]
    together = [group for group in found if group in expected]
    assert len(together) >= 0.8 * len(expected)
    assert [len(rows) + len(order)] in found


@given(
    sizes=st.lists(st.integers(1, 7), max_size=12),
    noise=st.floats(0, 3),
    seed=st.integers(0, 99),
)
def test_every_caption_is_in_one_group(sizes: list[int], noise: float, seed: int) -> None:
    vectors, _ = captions(sizes, noise, seed) if sizes else (np.empty((0, DIM), np.float32), [])
    groups = group_captions(vectors)
    assert sorted(i for group in groups for i in group) == list(range(len(vectors)))
    assert all(1 <= len(group) <= LARGEST and group == sorted(group) for group in groups)
