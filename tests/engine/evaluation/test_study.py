"""Captions by length and by word, and those that went best and worst."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation import examine
from engine.evaluation.study import Group, study_captions, words_of
from tests.engine.evaluation.conftest import CAPTIONS


@pytest.fixture(scope="module")
def study(evaluation):
    return study_captions(evaluation)


@pytest.fixture(scope="module")
def ranks(evaluation):
    return evaluation.folds[0].text_to_image.fused[:, -1]


def test_words_are_lower_case_without_marks():
    assert words_of("A man's dog, two-legged (№ 3) — café!") == [
        "a",
        "man's",
        "dog",
        "two",
        "legged",
        "3",
        "café",
    ]


def test_every_caption_is_in_one_group_of_length(study, ranks):
    flat = [caption for captions in CAPTIONS for caption in captions]
    short = np.array([len(caption.split()) <= 4 for caption in flat])
    assert [group.name for group in study.lengths] == ["1 to 4", "5 to 7"]
    for group, chosen in zip(study.lengths, (short, ~short), strict=True):
        assert group.captions == chosen.sum()
        assert group.r1 == pytest.approx(100 * np.mean(ranks[chosen] < 1))
        assert group.r10 == 100.0


def test_words_in_enough_captions_are_counted_once_a_caption(study, ranks):
    flat = [caption for captions in CAPTIONS for caption in captions]
    having = np.array(["a" in caption.split() for caption in flat])
    assert study.fewest == 5
    assert study.words == (Group("a", having.sum(), 100 * np.mean(ranks[having] < 1), 100.0),)


def test_hard_words_come_first(evaluation, monkeypatch):
    monkeypatch.setattr("engine.evaluation.study._FEWEST", 1)
    words = study_captions(evaluation).words
    assert {word.name for word in words} == {
        w for captions in CAPTIONS for c in captions for w in words_of(c)
    }
    assert [(word.r10, word.r1) for word in words] == sorted((word.r10, word.r1) for word in words)


def test_best_and_worst_are_the_ends_of_one_order(study, ranks):
    places = sorted((ranks + 1).tolist())
    assert [answer.fused_place for answer in study.best] == places[:10]
    assert [answer.fused_place for answer in study.worst] == places[:-11:-1]
    first = [answer.coarse_place for answer in study.best if answer.fused_place == 1]
    assert first == sorted(first, reverse=True)


def test_an_answer_shows_its_own_photo_at_its_place(study):
    for answer in (*study.best, *study.worst):
        assert len(answer.best) == 5
        if answer.fused_place <= 5:
            assert answer.best[answer.fused_place - 1] == answer.photo
        else:
            assert answer.photo not in answer.best


def test_answers_of_folds_stay_in_their_fold(captioned, tiny_models):
    folded = examine(tiny_models, captioned / "images", captioned / "captions.csv", folds=3)
    captions = {c: number for number, captions in enumerate(CAPTIONS) for c in captions}
    for answer in study_captions(folded).worst:
        own = captions[answer.caption]
        assert answer.photo.name == f"{own}.jpg"
        assert {path.stem for path in answer.best} == {str(own // 2 * 2), str(own // 2 * 2 + 1)}
