"""The place of the right answer after each stage."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.evaluation.answers import SHOWN, answer_queries, candidate_steps
from engine.recall import image_to_text_ranks

CLOSE = st.sampled_from([np.float32(value) for value in (0, 0.1, 0.2, 0.5, 0.9)])


def test_steps_ascend_to_the_number_asked_for():
    assert candidate_steps(1) == (1,)
    assert candidate_steps(2) == (1, 2)
    assert candidate_steps(200) == (1, 10, 25, 50, 100, 200)
    assert candidate_steps(201)[-2:] == (200, 201)


@settings(deadline=None)
@given(arrays(np.float32, (3, 7), elements=CLOSE), arrays(np.float32, (3, 7), elements=CLOSE))
def test_candidates_come_first_and_the_rest_keep_their_order(cosines, similarities):
    """Against the long way: candidates lifted above all others, equal values by position."""
    owners = np.array([0, 1, 2, 0, 1, 2, 0])
    right = [np.flatnonzero(owners == query) for query in range(3)]
    told = []
    answers = answer_queries(
        cosines,
        right,
        (1, 2, 5),
        lambda query, chosen: similarities[query, chosen],
        lambda coarse, rerank: coarse + 2 * rerank,
        told.append,
    )
    order = np.argsort(-cosines, axis=1, kind="stable")
    assert answers.coarse.tolist() == image_to_text_ranks(cosines, owners).tolist()
    for column, step in enumerate(answers.steps):
        # Whole numbers keep the order of the rest exact.
        lifted = -np.argsort(order, axis=1).astype(np.float32)
        fused = lifted.copy()
        for query in range(3):
            first = order[query, :step]
            lifted[query, first] = 10 + similarities[query, first]
            fused[query, first] = 10 + (cosines + 2 * similarities)[query, first]
        assert answers.fused[:, column].tolist() == image_to_text_ranks(fused, owners).tolist()
    assert answers.rerank.tolist() == image_to_text_ranks(lifted, owners).tolist()
    assert answers.best.tolist() == np.argsort(-fused, axis=1, kind="stable")[:, :SHOWN].tolist()
    assert told == [1, 2, 3]


def test_small_galleries_have_fewer_best_answers():
    cosines = np.array([[0.1, 0.9]], dtype=np.float32)
    answers = answer_queries(
        cosines,
        [np.array([0])],
        (1, 8),
        lambda query, chosen: cosines[query, chosen],
        lambda coarse, rerank: rerank,
        lambda done: None,
    )
    assert answers.best.tolist() == [[1, 0, -1, -1, -1]]
    assert answers.fused.tolist() == [[1, 1]]


def test_scores_that_are_no_numbers_do_not_look_perfect():
    cosines = np.array([[0.9, 0.1, 0.5]], dtype=np.float32)
    answers = answer_queries(
        cosines,
        [np.array([0])],
        (3,),
        lambda query, chosen: np.full(len(chosen), np.nan, dtype=np.float32),
        lambda coarse, rerank: coarse,
        lambda done: None,
    )
    assert answers.rerank.tolist() == [3]
