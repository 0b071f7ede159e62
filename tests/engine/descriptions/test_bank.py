"""The bank of composed descriptions reads as plain, correct English."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys

import pytest

from engine.descriptions import bank

SOUNDS_LIKE_A_CONSONANT = ("university", "European", "uniform", "one")


def test_there_are_at_least_twenty_thousand_different_sentences():
    sentences = bank()
    assert len(sentences) >= 20_000
    assert len({sentence.lower() for sentence in sentences}) == len(sentences)


def test_sentences_are_plain_captions():
    for sentence in bank():
        assert sentence == sentence.strip()
        assert re.fullmatch(r"[A-Za-z' -]+", sentence), sentence
        assert "  " not in sentence
        assert 4 <= len(sentence.split()) <= 20, sentence


def test_articles_agree_with_the_word_that_follows():
    for sentence in bank():
        for article, word in re.findall(r"\b(a|an) (\w+)", sentence):
            vowel = word[0].lower() in "aeiou" and not word.startswith(SOUNDS_LIKE_A_CONSONANT)
            assert (article == "an") == vowel, sentence


def test_verbs_agree_with_their_subjects():
    for sentence in bank():
        subject, verb = re.match(r"(.*?) (is|are) ", sentence).groups()
        singular = re.match(
            r"(a|an|the sun|the sea|snow|fresh snow|thick snow|thick fog|lightning|the milky way)\b", subject
        )
        joined = re.search(r"^\S+ \S+ and (a|her|his|groom)\b", subject)
        assert (verb == "is") == (singular is not None and joined is None), sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "a child is riding a bicycle in a park",
        "two dogs are running on a beach",
        "several children are building a snowman in a garden",
        "graduates are throwing their caps on a lawn",
        "a lake is surrounded by mountains at sunset",
        "a red car is parked on a street",
        "a pizza is served on a wooden table",
        "a baby is sleeping in a crib",
        "a kitchen is lit by the sun in a modern house",
        "a family is blowing out candles on a birthday cake at home",
    ],
)
def test_every_kind_of_photo_is_covered(sentence):
    assert sentence in bank()


def test_the_order_is_the_same_in_every_process():
    script = "import hashlib; from engine.descriptions import bank; "
    script += "print(hashlib.sha256(chr(10).join(bank()).encode()).hexdigest())"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256("\n".join(bank()).encode()).hexdigest()
