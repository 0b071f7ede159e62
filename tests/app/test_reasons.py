import numpy as np
import pytest

from app.reasons import reasons_of, sentence
from engine import Explanation


def explanation(**weights: float) -> Explanation:
    words = tuple(word.rstrip("_") for word in weights)
    shares = np.array(list(weights.values()), np.float32)
    maps = np.full((len(words), 4, 4), 1 / 16, np.float32)
    return Explanation(words, shares, maps, np.zeros((len(words),) * 2, np.float32), 0.5)


def test_each_word_is_told_with_how_much_it_decided(qapp):
    reasons = reasons_of(explanation(two=0.1, kids=0.3, building=0.15, snowman=0.45))
    assert [reason.word for reason in reasons] == ["two", "kids", "building", "snowman"]
    assert [reason.decided for reason in reasons] == ["little", "much", "some", "much"]
    assert reasons[3].spoken == "snowman, decided much"
    assert reasons[3].share == 1


def test_an_article_counts_for_the_word_that_it_stands_for(qapp):
    reasons = reasons_of(explanation(a=0.3, brown=0.1, dog=0.2, on=0.1, the=0.2, the_=0.1))
    assert [round(reason.share, 2) for reason in reasons] == [0.0, 1.0, 0.5, 0.25, 0.5, 0.25]


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ({"kids": 0.4, "snowman": 0.5, "cold": 0.1}, "Found mostly by “snowman” and “kids”."),
        ({"dog": 1.0}, "Found mostly by “dog”."),
        ({"the": 0.6, "dog": 0.4}, "Found mostly by “dog”."),
        ({"the": 0.6, "a": 0.4}, "Found mostly by “the” and “a”."),
        ({"on": 0.4, "b": 0.3, "c": 0.3, "d": 0.3}, "Found mostly by “b”, “c” and “d”."),
        ({"dog": 0.5, "dog_": 0.5}, "Found mostly by “dog”."),
    ],
)
def test_the_sentence_names_the_words_that_decided(qapp, weights, text):
    assert sentence(reasons_of(explanation(**weights))) == text


def test_without_words_there_is_no_sentence(qapp):
    assert sentence(()) == ""


def test_weights_of_zero_are_no_failure(qapp):
    assert [reason.decided for reason in reasons_of(explanation(a=0.0, dog=0.0))] == ["little", "little"]
