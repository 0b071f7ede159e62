from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.training.batches import FeatureStore, Neighbourhoods, shuffled
from engine.training.features import Features

PHOTOS, VIEWS, TOWERS, REGIONS = 12, 3, 2, 4


@pytest.fixture
def store() -> FeatureStore:
    """Photos whose cells hold their own number; caption words hold the caption's number."""
    number = np.arange(PHOTOS, dtype=np.float16)[:, None, None, None, None]
    cells = np.broadcast_to(number, (PHOTOS, VIEWS, TOWERS, REGIONS, 3)).copy()
    cells[:, 0] += 200  # what the product sees, never drawn
    cells[:, 2] += 100
    lengths = np.array([1 + i % 3 for i in range(2 * PHOTOS)])
    words = np.repeat(np.arange(2 * PHOTOS), lengths).astype(np.float16)[:, None]
    features = Features(
        cells=cells,
        concepts=cells[..., :2],
        mirrored=np.array([[False, False, True]] * PHOTOS),
        words=words,
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        sentences=np.stack([np.arange(2 * PHOTOS), np.ones(2 * PHOTOS)], axis=1).astype(np.float16),
        photo_of=np.repeat(np.arange(PHOTOS), 2),
        sided=np.arange(2 * PHOTOS) % 2 == 1,
    )
    return FeatureStore(features, torch.device("cpu"))


def test_each_photo_meets_a_caption_of_its_own(store: FeatureStore) -> None:
    batch = store.draw(list(range(PHOTOS)), np.random.default_rng(0))
    assert (batch.cells < 200).all()
    own = batch.cells[:, 0, 0, 0] % 100
    captions = batch.words[:, 0, 0]
    assert torch.equal(captions // 2, own)


def test_a_mirrored_view_never_meets_left_or_right(store: FeatureStore) -> None:
    random = np.random.default_rng(0)
    mirrored = 0
    for _ in range(20):
        batch = store.draw(list(range(PHOTOS)), random)
        flipped = batch.cells[:, 0, 0, 0] >= 100
        mirrored += int(flipped.sum())
        assert (batch.words[flipped, 0, 0] % 2 == 0).all()
    assert mirrored > 0


def test_padding_is_zero_and_lengths_are_true(store: FeatureStore) -> None:
    words, lengths = store.caption_features([2, 4, 3])
    assert lengths.tolist() == [3, 2, 1]
    assert words.shape == (3, 3, 1)
    assert words[1, 2] == 0
    assert words[0, :, 0].tolist() == [2, 2, 2]


def test_shuffled_batches_hold_each_photo_at_most_once() -> None:
    batches = list(shuffled(range(10), 4, np.random.default_rng(0)))
    assert [len(b) for b in batches] == [4, 4]
    assert len({p for b in batches for p in b}) == 8


def test_neighbourhoods_are_seeds_with_their_neighbours_and_no_repeats() -> None:
    photos = [10 * i for i in range(30)]
    nearest = np.array([[(i + d) % 30 for d in range(1, 6)] for i in range(30)])
    neighbourhoods = Neighbourhoods(photos, nearest)
    batches = list(neighbourhoods.batches(2, 4, np.random.default_rng(0)))
    assert len(batches) == neighbourhoods.steps(2, 4) == 3
    for chosen in batches:
        assert len(chosen) == len(set(chosen))
        assert set(chosen) <= set(photos)
        assert 4 <= len(chosen) <= 8
