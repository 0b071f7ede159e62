"""Words and refinements, told apart, and refinements written and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import QueryError
from engine.filters import FILE_TYPES, NO_FILTERS, DateSpan, Filters
from engine.image import SUFFIXES
from engine.query import (
    Query,
    Refinement,
    parse_query,
    refinement_text,
    refinements,
    refining_text,
    without,
    words_text,
)
from engine.query.words import normalised
from tests.engine.query.test_words import patient

YEAR = DateSpan(date(2019, 1, 1), date(2019, 12, 31))
ANYTHING = st.text(st.characters(categories=None), max_size=40)
TYPED = st.lists(
    st.one_of(
        ANYTHING,
        st.sampled_from(
            ['-"', "-", "folder:", 'date:"', "date:2019..", "is:portrait", '"', "type:jpg", "-folder:x"]
        ),
    ),
    max_size=8,
).map(" ".join)
NAMES = ANYTHING.map(lambda text: normalised(text).strip()).filter(bool)
DAYS = st.dates().map(date.isoformat)
DATES = st.one_of(
    DAYS,
    st.tuples(DAYS, DAYS).map("..".join),
    st.sampled_from(["2019", "2019-07", "july 2019", "summer 2019", "2019..", "..2021"]),
)
TERMS = st.lists(
    st.one_of(
        st.tuples(st.just("date"), DATES),
        st.tuples(st.sampled_from(["folder", "camera"]), NAMES),
        st.tuples(st.just("type"), st.sampled_from(sorted(FILE_TYPES))),
        st.tuples(st.just("is"), st.sampled_from(["favourite", "portrait", "landscape", "square"])),
        st.tuples(st.just("has"), st.just("location")),
        st.tuples(st.just("not"), st.text("abc xyz", min_size=1).map(str.split).filter(bool).map(" ".join)),
    ),
    max_size=6,
)


def test_everything_at_once():
    query = parse_query(
        'dog -beach folder:Trips date:2019..2021 date:"summer 2019" camera:pixel type:heic is:favourite '
        'is:portrait has:location -"red car" in the snow'
    )
    assert query == Query(
        caption="dog in the snow",
        excluded=("beach", "red car"),
        filters=Filters(
            dates=(
                DateSpan(date(2019, 1, 1), date(2021, 12, 31)),
                DateSpan(date(2019, 6, 1), date(2019, 8, 31)),
            ),
            folders=("Trips",),
            cameras=("pixel",),
            types=("heic",),
            orientations=("portrait",),
            favourite=True,
            located=True,
        ),
    )


@pytest.mark.parametrize(
    "typed",
    [
        "a t-shirt on a line",
        "dog - cat",
        "dog -- cat",
        "-",
        "http://x.org is blue",
        "note: a dog",
        "undated:2019",
        "İS:FAVOURITE",
        "ıs:portrait",
        '"red car" parked',
        '"snow folder',
    ],
)
def test_words_that_only_look_like_it_stay_words(typed):
    assert refinements(typed) == ()
    if typed != "-":
        assert parse_query(typed) == Query(typed)


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ('folder:"New York"', Filters(folders=("New York",))),
        ("folder:“New York”", Filters(folders=("New York",))),
        ('folder:"New York', Filters(folders=("New York",))),
        ('folder:"the ""best"" of"', Filters(folders=('the "best" of',))),
        ("FOLDER:Trips", Filters(folders=("Trips",))),
        ("folder:日本", Filters(folders=("日本",))),
        ("folder:a folder:b folder:a", Filters(folders=("a", "b"))),
        ("type:JPEG", Filters(types=("jpg",))),
        ("type:.tif", Filters(types=("tiff",))),
        ("is:favorite", Filters(favourite=True)),
        ("is:square is:Landscape", Filters(orientations=("square", "landscape"))),
        ("has:place", Filters(located=True)),
        ("date:2019", Filters(dates=(YEAR,))),
        ("date:2019 date:2019-01..2019-12", Filters(dates=(YEAR,))),
    ],
)
def test_filters_alone_are_a_query(typed, filters):
    assert parse_query(typed) == Query("", filters=filters)


@pytest.mark.parametrize(
    ("typed", "excluded"),
    [
        ("-beach", ("beach",)),
        ("–beach", ("beach",)),
        ('-"red  car"', ("red car",)),
        ('-"red car', ("red car",)),
        ("-beach -beach", ("beach",)),
        ("-t-shirt", ("t-shirt",)),
    ],
)
def test_words_can_be_excluded(typed, excluded):
    assert parse_query(typed) == Query("", excluded=excluded)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("dog date:foo", "“date:foo” is not understood. Try date:2019"),
        ("dog date:", "“date:” is not understood."),
        ("dog type:doc", "Try type:jpg"),
        ("dog is:happy", "Try is:favourite"),
        ("dog has:ears", "Try has:location"),
        ("dog folder:", "Name a folder"),
        ('dog camera:""', "Name a camera"),
        ("dog -folder:Trips", "“-folder:Trips” was left out: only words can be excluded"),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_searched(typed, said):
    query = parse_query(typed)
    assert (query.caption, query.excluded, query.filters) == ("dog", (), NO_FILTERS)
    assert said in query.notice


def test_a_refinement_that_is_not_understood_alone_does_not_lose_the_query():
    query = parse_query("date:foo")
    assert (query.caption, bool(query.filters)) == ("", False)
    assert "date:foo" in query.notice


def test_words_of_other_scripts_beside_a_filter_are_left_out_with_a_notice():
    query = parse_query("犬 folder:Trips")
    assert query.filters == Filters(folders=("Trips",))
    assert query.notice == "Left out what isn't English: 犬."


@pytest.mark.parametrize("typed", ["-犬", "-", "- -"])
def test_excluding_nothing_is_typing_nothing(typed):
    with pytest.raises(QueryError):
        parse_query(typed)


@pytest.mark.parametrize(("typed", "caption"), [("dog --cat", "dog cat"), ("犬-dog", "dog")])
def test_a_caption_that_is_read_again_excludes_nothing(typed, caption):
    assert parse_query(typed).caption == caption
    assert parse_query(caption) == Query(caption)


def test_refinements_know_their_place():
    typed = "dog  date:2019 -“red car” runs"
    found = refinements(typed)
    assert [(one.kind, one.value) for one in found] == [("date", "2019"), ("not", "red car")]
    assert without(typed, found[0]) == 'dog -"red car" runs'
    assert without(typed, found[1]) == "dog  date:2019 runs"
    assert without("date:2019", refinements("date:2019")[0]) == ""


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("folder", "Trips", "folder:Trips"),
        ("folder", "New York", 'folder:"New York"'),
        ("folder", '"A" b', 'folder:"""A"" b"'),
        ("not", "beach", "-beach"),
        ("not", "red car", '-"red car"'),
        ("not", "date:2019", '-"date:2019"'),
    ],
)
def test_refinements_are_written_as_they_are_typed(kind, value, text):
    assert refinement_text(kind, value) == text
    assert refinements(text) == (Refinement(kind, value, 0, len(text)),)


def test_every_file_type_that_is_read_can_be_asked_for():
    assert {f".{suffix}" for suffixes in FILE_TYPES.values() for suffix in suffixes} == SUFFIXES
    for name, suffixes in FILE_TYPES.items():
        assert all(parse_query(f"type:{suffix}").filters.types == (name,) for suffix in suffixes)


@patient
@given(TERMS, st.text("dog ", max_size=12))
def test_written_refinements_are_the_same_when_read_again(terms, words):
    written = " ".join([*(refinement_text(kind, value) for kind, value in terms), words])
    assert [(found.kind, found.value) for found in refinements(written)] == terms
    assert words_text(written).split() == words.split()
    refining = refining_text(f"{words} {written}")
    assert refining_text(refining) == refining
    if terms:
        query = parse_query(written)
        assert parse_query(refining) == replace(query, caption="")
        assert bool(query.filters) == any(kind != "not" for kind, _ in terms)


@patient
@given(TYPED)
def test_no_text_fails_and_every_refinement_can_be_taken_out(typed):
    try:
        query = parse_query(typed)
    except QueryError:
        assert refinements(typed) == ()
        return
    found = refinements(typed)
    assert {one.value for one in found if one.kind == "not"} == set(query.excluded)
    for one in found:
        rest = [(other.kind, other.value) for other in found if other != one]
        left = [(other.kind, other.value) for other in refinements(without(typed, one))]
        assert left == rest
