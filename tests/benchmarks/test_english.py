"""The alterations of captions do what the benchmarks say they do."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.benchmarks import english
from tests.benchmarks.captioned import estimate
from tests.benchmarks.imagenet import class_names, classes_by_noun, noun_by_word


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_typo_exchanges_two_neighbouring_letters_of_a_content_word(rng: np.random.Generator) -> None:
    caption = "Two dogs are running through the grass."
    for _ in range(50):
        altered = english.misspelt(caption, rng)
        assert altered is not None
        places = [i for i in range(len(caption)) if caption[i] != altered[i]]
        assert len(places) == 2
        assert places[1] == places[0] + 1
        assert Counter(altered) == Counter(caption)
        assert altered[:4] == "Two "
        assert " through the " in altered


def test_captions_without_a_long_word_have_no_typo(rng: np.random.Generator) -> None:
    assert english.misspelt("a dog with them", rng) is None


@pytest.mark.parametrize(
    ("alter", "caption", "expected"),
    [
        (english.other_number, "a dog runs", {"a dogs runs"}),
        (english.other_number, "two children sit", {"two child sit"}),
        (english.other_number, "on the beaches", {"on the beach"}),
        (english.other_side, "the left hand", {"the right hand"}),
        (english.other_side, "he left the house", {None}),
        (english.unpunctuated, "a man's dog, asleep .", {"a man s dog asleep"}),
        (english.unpunctuated, "a dog", {None}),
        (english.other_colour, "a dog", {None}),
    ],
)
def test_alterations(
    alter: english.Alteration, caption: str, expected: set[str | None], rng: np.random.Generator
) -> None:
    assert {alter(caption, rng) for _ in range(20)} == expected


def test_another_count_is_not_there_already(rng: np.random.Generator) -> None:
    for _ in range(50):
        altered = english.other_count("two dogs and three cats", rng)
        assert altered is not None
        first, last = altered.split()[0], altered.split()[3]
        assert {first, last} <= set(english.NUMBERS)
        assert first != last
        assert (first == "two") != (last == "three")


def test_another_colour_is_neither_there_already_nor_the_same_by_another_name(
    rng: np.random.Generator,
) -> None:
    for _ in range(50):
        altered = english.other_colour("a gray dog on white snow", rng)
        assert altered is not None
        words = altered.split()
        assert (words[1], words[4]) != ("gray", "white")
        assert words[1] not in ("grey", "white")
        assert words[4] != "gray"


def test_nouns_stand_for_classes_that_exist() -> None:
    nouns = classes_by_noun()
    assert all(nouns.values())
    assert "Labrador retriever".lower() in {class_names()[number][0] for number in nouns["dog"]}
    assert noun_by_word()["buses"] == "bus"


def test_an_interval_takes_the_words_of_one_photo_together() -> None:
    values = [0.0] * 50 + [1.0] * 50
    alone = estimate(values, range(100))
    together = estimate(values, np.arange(100) // 25)
    assert alone.mean == together.mean == 0.5
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert (together.count, together.photos) == (100, 4)
