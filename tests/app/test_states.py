from pathlib import Path

import pytest

from app import states
from app.questions import Browse, Caption, LookAlikes
from engine import ImageError, LibraryCounts, LibraryError, QueryError, Root

EMPTY = LibraryCounts(0, 0, 0, 0)
WINTER = Root(1, Path("/photos/Winter"), 0, 0, online=True)
TRIPS = Root(2, Path("/mnt/Trips"), 0, 30, online=False)
BARE = Root(3, Path("/photos/Bare"), 0, 0, online=False)


@pytest.mark.parametrize(
    ("counts", "roots", "reading", "words", "act"),
    [
        (None, (), False, "Opening", ""),
        (EMPTY, (), False, "Add a folder", "add"),
        (EMPTY, (WINTER,), True, "Reading your photos", "add"),
        (EMPTY, (), True, "Reading your photos", "add"),
        (EMPTY, (WINTER,), False, "No photos were found in Winter", "add"),
        (EMPTY, (WINTER, TRIPS), False, "No photos were found in Winter, Trips", "add"),
        (EMPTY, (TRIPS,), False, "Trips is not connected", "retry"),
        (EMPTY, (TRIPS, TRIPS), False, "Trips, Trips are not connected", "retry"),
        (EMPTY, (BARE,), False, "No photos were found in Bare", "add"),
    ],
)
def test_of_library(counts, roots, reading, words, act):
    state = states.of_library(counts, roots, reading)
    assert state.sentence.startswith(words)
    assert state.act == act
    assert bool(state.action) == bool(act)


def test_of_answer_names_the_caption_but_not_all_of_a_long_one():
    assert "“a dog”" in states.of_answer(Caption("a dog")).sentence
    assert len(states.of_answer(Caption("dog " * 1000)).sentence) < 150
    assert states.of_answer(LookAlikes(1, "a.jpg")).act == "clear"


@pytest.mark.parametrize(
    "question", [Caption("folder:Trips"), Caption("a dog -beach"), LookAlikes(1, "a.jpg", "is:square")]
)
def test_of_answer_offers_to_remove_the_filters(question):
    state = states.of_answer(question)
    assert state.sentence == "No photo fits these filters."
    assert (state.action, state.act) == ("Remove the filters", "unfilter")


def test_of_question_error_says_what_and_what_to_do():
    error = QueryError("Descriptions work in English.", hint="Try English words.")
    state = states.of_question_error(Caption("你好"), error)
    assert (state.sentence, state.detail) == ("Descriptions work in English.", "Try English words.")
    assert state.act == "clear"
    assert states.of_question_error(Browse(), error).action == ""


def test_of_library_error_calms():
    state = states.of_library_error(LibraryError("is damaged.", path="/home/a/library.db"))
    assert state.sentence == "/home/a/library.db: is damaged."
    assert state.act == "retry"
    assert "not affected" in state.detail


def test_a_photo_that_cannot_be_asked_about_is_named_without_its_folders():
    error = ImageError("There is no such file.", path="/photos/Winter/a.jpg", hint="It may have been moved.")
    state = states.of_question_error(LookAlikes(1, "a.jpg"), error)
    assert (state.sentence, state.detail) == ("a.jpg: There is no such file.", "It may have been moved.")
