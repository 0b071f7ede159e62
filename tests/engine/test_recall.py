from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.recall import (
    RankedQueries,
    Recall,
    image_to_text_ranks,
    measure_recall,
    recall_intervals,
    recall_metrics,
    text_to_image_ranks,
)

RANKED = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), min_size=1, max_size=40)


@pytest.mark.shared
def test_golden_recalls_exactly(golden: Path) -> None:
    with np.load(golden / "recall_metrics.npz") as kept:
        similarity, i2t, t2i = kept["similarity"], kept["i2t"], kept["t2i"]
        assert np.array_equal(image_to_text_ranks(similarity), kept["i2t_ranks"])
        assert np.array_equal(text_to_image_ranks(similarity), kept["t2i_ranks"])
    for ranks, expected in ((image_to_text_ranks(similarity), i2t), (text_to_image_ranks(similarity), t2i)):
        recall = recall_metrics(ranks)
        figures = [recall.r1, recall.r5, recall.r10, recall.median_rank, recall.mean_rank]
        assert figures == pytest.approx(expected.tolist(), abs=1e-9)


def test_figures_are_percent_and_places() -> None:
    recall = recall_metrics(np.array([0, 0, 4, 9, 10, 99]))
    assert recall.r1 == pytest.approx(100 / 3)
    assert recall.r5 == 50.0
    assert recall.r10 == pytest.approx(200 / 3)
    assert recall.median_rank == 7.0  # floor(6.5) + 1
    assert recall.mean_rank == pytest.approx(122 / 6 + 1)
    assert recall.total == pytest.approx(150.0)
    assert list(recall.to_json()) == ["r1", "r5", "r10", "median_rank", "mean_rank"]


def test_a_perfect_matrix_has_perfect_recall() -> None:
    similarity = np.kron(np.eye(4), np.ones((1, 5))).astype(np.float32)
    assert recall_metrics(text_to_image_ranks(similarity)) == Recall(100.0, 100.0, 100.0, 1.0, 1.0)
    assert recall_metrics(image_to_text_ranks(similarity)) == Recall(100.0, 100.0, 100.0, 1.0, 1.0)


def test_owners_may_be_given() -> None:
    similarity = np.array([[0.9, 0.1, 0.8], [0.2, 0.7, 0.95]], dtype=np.float32)
    owners = np.array([0, 1, 0])
    assert text_to_image_ranks(similarity, owners).tolist() == [0, 0, 1]
    assert image_to_text_ranks(similarity, owners).tolist() == [0, 1]


def test_equal_scores_are_placed_by_position() -> None:
    similarity = np.full((3, 3), 0.5, dtype=np.float32)
    assert text_to_image_ranks(similarity).tolist() == [0, 1, 2]
    assert image_to_text_ranks(similarity).tolist() == [0, 1, 2]


def test_unknown_numbers_do_not_look_perfect() -> None:
    similarity = np.full((4, 4), np.nan, dtype=np.float32)
    assert recall_metrics(text_to_image_ranks(similarity)).r1 == 0.0
    assert recall_metrics(image_to_text_ranks(similarity)).r1 == 0.0


@pytest.mark.parametrize("shape", [(0, 5), (3, 10)])
def test_captions_that_cannot_be_shared_are_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="shared evenly"):
        text_to_image_ranks(np.zeros(shape, dtype=np.float32))


def test_images_without_captions_and_no_queries_are_refused() -> None:
    with pytest.raises(ValueError, match="caption of its own"):
        image_to_text_ranks(np.zeros((2, 2), dtype=np.float32), np.array([0, 0]))
    with pytest.raises(ValueError, match="at least one"):
        recall_metrics(np.array([], dtype=np.int64))


@settings(deadline=None)
@given(
    arrays(np.float32, (4, 8), elements=st.floats(0, 1, width=32)),
    st.permutations(range(8)),
)
def test_ranks_equal_a_full_sort(similarity: np.ndarray, order: list[int]) -> None:
    owners = np.array([0, 1, 2, 3, 0, 1, 2, 3])[order]
    images = np.argsort(-similarity, axis=0, kind="stable")
    expected = [images[:, c].tolist().index(owners[c]) for c in range(8)]
    assert text_to_image_ranks(similarity, owners).tolist() == expected
    for image, rank in enumerate(image_to_text_ranks(similarity, owners)):
        captions = np.argsort(-similarity[image], kind="stable")
        assert owners[captions[rank]] == image
        assert image not in owners[captions[:rank]]


def ranked(ranks: list[int] | np.ndarray, photos: list[int] | np.ndarray) -> RankedQueries:
    return RankedQueries(np.array(ranks), np.array(photos))


def test_intervals_are_as_wide_as_chance_makes_them() -> None:
    """Of 400 photos half come first: the normal approximation gives 50 ± 1.96 * 2.5."""
    bounds = recall_intervals([ranked(np.arange(400) % 2, np.arange(400))])
    assert bounds.r1 == pytest.approx((45.1, 54.9), abs=0.6)
    assert bounds.r5 == bounds.r10 == (100.0, 100.0)


def test_captions_of_one_photo_add_no_certainty() -> None:
    ranks, photos = np.arange(60) % 3, np.arange(60)
    alone = recall_intervals([ranked(ranks, photos)])
    assert recall_intervals([ranked(ranks.repeat(5), photos.repeat(5))]) == alone
    apart = recall_intervals([ranked(ranks.repeat(5), np.arange(300))])
    assert apart.r1[1] - apart.r1[0] < 0.6 * (alone.r1[1] - alone.r1[0])


def test_photos_with_many_captions_weigh_more() -> None:
    """Draws of both photos give 25 %, of one alone 100 % or 0 %."""
    bounds = recall_intervals([ranked([0, 20, 20, 20], [0, 1, 1, 1])])
    assert bounds.r1 == bounds.r10 == (0.0, 100.0)
    assert measure_recall([ranked([0, 20, 20, 20], [0, 1, 1, 1])]).r1 == 25.0


def test_equal_seeds_give_equal_intervals() -> None:
    queries = [ranked(np.arange(90) % 11, np.arange(90))]
    assert recall_intervals(queries) == recall_intervals(queries)
    assert recall_intervals(queries, seed=1) != recall_intervals(queries, seed=2)


def test_more_folds_are_surer_than_one() -> None:
    fold = ranked(np.arange(50) % 2, np.arange(50))
    one, four = recall_intervals([fold]).r1, recall_intervals([fold] * 4).r1
    assert (four[1] - four[0]) / (one[1] - one[0]) == pytest.approx(0.5, abs=0.1)


def test_means_over_galleries_weigh_them_alike() -> None:
    recall = measure_recall([ranked([0, 0, 0, 0], [0, 1, 2, 3]), ranked([7], [0])])
    assert recall == Recall(50.0, 50.0, 100.0, 4.5, 4.5)
    assert list(recall.to_json()) == ["r1", "r5", "r10", "median_rank", "mean_rank", "intervals"]
    assert recall.to_json()["intervals"] == {"r1": [50.0, 50.0], "r5": [50.0, 50.0], "r10": [100.0, 100.0]}


@settings(deadline=None)
@given(RANKED, st.randoms(use_true_random=False))
def test_intervals_are_percent_in_order(pairs: list[tuple[int, int]], random: Random) -> None:
    bounds = recall_intervals([ranked(*map(list, zip(*pairs, strict=True)))], samples=50)
    for low, high in (bounds.r1, bounds.r5, bounds.r10):
        assert 0 <= low <= high <= 100
    for lesser, greater in ((bounds.r1, bounds.r5), (bounds.r5, bounds.r10)):
        assert lesser[0] <= greater[0]
        assert lesser[1] <= greater[1]
    random.shuffle(pairs)
    again = recall_intervals([ranked(*map(list, zip(*pairs, strict=True)))], samples=50)
    assert again == bounds
