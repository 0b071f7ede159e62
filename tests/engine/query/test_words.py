"""Typed captions: tidied, cut, or refused in words that help."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import QueryError
from engine.query import MAX_WORD_LENGTH, MAX_WORDS, Query, parse_query, plain_caption

# A machine that is busy with something else is not a slow parser.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("typed", "caption"),
    [
        ("two dogs on a beach", "two dogs on a beach"),
        ("  two\tdogs\n on  a beach ", "two dogs on a beach"),
        ("ｔｗｏ ｄｏｇｓ", "two dogs"),
        ("grandma’s café", "grandma's café"),
        ("“snow” – ﬁrst", '"snow" - first'),
        ("A man, a plan.", "A man, a plan."),
        ("dog\x00cat\x07", "dog cat"),
        ("snow\ud800man", "snow man"),
        ("3", "3"),
        ("zero\u200bwidth", "zerowidth"),
        ("cafe\u0301", "café"),
    ],
)
def test_captions_are_tidied_without_a_word(typed, caption):
    assert parse_query(typed) == Query(caption, "")


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "?!", "...", "\x00", "\ud800", "—"])
def test_nothing_typed_is_refused_with_an_example(typed):
    with pytest.raises(QueryError, match="Type what is in the photo"):
        parse_query(typed)


@pytest.mark.parametrize("typed", ["雪の中の犬", "собака на пляже", "🐶", "🐶🏖️ !", "كلب", "👨‍👩‍👧", "犬, 猫"])
def test_other_scripts_and_emoji_are_refused_kindly(typed):
    with pytest.raises(QueryError, match="Descriptions work in English for now"):
        parse_query(typed)


@pytest.mark.parametrize(
    ("typed", "caption", "pieces"),
    [
        ("a dog 🐶 on a beach", "a dog on a beach", "🐶"),
        ("犬 dog 猫", "dog", "犬, 猫"),
        ("dog 犬 犬", "dog", "犬"),
        ("1 2 3 а б в г д е", "1 2 3", "а, б, в, г, д, …"),
    ],
)
def test_what_is_not_english_is_left_out_with_a_notice(typed, caption, pieces):
    assert parse_query(typed) == Query(caption, f"Left out what isn't English: {pieces}.")


def test_a_very_long_caption_is_cut_with_a_notice():
    query = parse_query("dog beach " * 500)
    assert query.caption.split() == ["dog", "beach"] * 32
    assert query.notice == f"Only the first {MAX_WORDS} words were searched."


def test_a_word_without_end_is_cut():
    query = parse_query("z" * 5000 + " dog")
    assert query.caption == "z" * MAX_WORD_LENGTH + " dog"
    assert query.notice == f"Only the first {MAX_WORD_LENGTH} letters of a very long word were searched."


def test_sixty_four_words_are_searched_in_full():
    words = " ".join(["dog"] * MAX_WORDS)
    assert parse_query(words) == Query(words, "")


def test_letters_that_come_too_late_are_refused():
    with pytest.raises(QueryError, match="first words"):
        parse_query("? " * 100 + "dog")


@pytest.mark.parametrize(
    ("typed", "caption"),
    [
        ("date: 2019 folder:Trips -beach", "date: 2019 folder:Trips -beach"),
        ("SONY DSC -- Alps", "SONY DSC -- Alps"),
        ("two dogs –one black– run", "two dogs -one black- run"),
    ],
)
def test_a_plain_caption_has_no_refinements(typed, caption):
    assert plain_caption(typed) == caption


def test_a_plain_caption_that_says_nothing_is_refused():
    with pytest.raises(QueryError, match="English"):
        plain_caption("犬")


@patient
@given(st.text(alphabet=st.characters(categories=None), max_size=300))
def test_any_text_gives_a_caption_that_can_be_encoded_or_a_refusal(typed):
    try:
        query = parse_query(typed)
    except QueryError:
        return
    words = query.caption.split(" ") if query.caption else []
    assert query.caption == " ".join(words)
    assert all(0 < len(word) <= MAX_WORD_LENGTH for word in words)
    assert len(words) <= MAX_WORDS
    assert query.caption.isprintable()
    assert query.caption.encode("utf-8").decode("utf-8") == query.caption
    assert query.caption or query.excluded or query.filters  # nothing at all would be a refusal


@patient
@given(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=12), min_size=1, max_size=MAX_WORDS))
def test_plain_words_stay_as_they_are(words):
    assert parse_query(" ".join(words)) == Query(" ".join(words))


@patient
@given(st.text(max_size=100))
def test_tidying_twice_changes_nothing(typed):
    try:
        once = plain_caption(typed)
    except QueryError:
        return
    assert plain_caption(once) == once
    assert parse_query(parse_query(typed).caption or "a").excluded == ()
