from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.recall import Recall, image_to_text_ranks, recall_metrics, text_to_image_ranks


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
