import pytest

from app.questions import (
    Browse,
    Caption,
    DescribedAlike,
    History,
    LookAlikes,
    Place,
    needs_models,
    query_of,
    text_of,
)


def test_back_returns_the_places_newest_first():
    history = History()
    history.leave(Place(Browse(), scroll=700), Caption("a dog"))
    history.leave(Place(Caption("a dog"), selected=4), LookAlikes(4, "dog.jpg"))
    assert history.back() == Place(Caption("a dog"), selected=4)
    assert history.back() == Place(Browse(), scroll=700)
    assert history.back() is None


def test_typing_on_leaves_no_places_behind():
    history = History()
    history.leave(Place(Browse()), Caption("a"))
    history.leave(Place(Caption("a")), Caption("a dog"))
    assert len(history) == 1


def test_refining_look_alikes_leaves_no_places_behind():
    history = History()
    history.leave(Place(LookAlikes(4, "a.jpg")), LookAlikes(4, "a.jpg", "folder:Trips"))
    assert len(history) == 0
    history.leave(Place(LookAlikes(4, "a.jpg")), LookAlikes(5, "b.jpg", "folder:Trips"))
    assert len(history) == 1


@pytest.mark.parametrize(
    ("question", "text", "needed"),
    [
        (Browse(), "", False),
        (Caption("a dog"), "a dog", True),
        (Caption("a dog folder:Trips"), "a dog folder:Trips", True),
        (Caption("folder:Trips"), "folder:Trips", False),
        (Caption("-beach"), "-beach", True),
        (LookAlikes(1, "a.jpg", "folder:Trips"), "folder:Trips", True),
        (DescribedAlike(1, "a.jpg", ("a dog",)), "", True),
    ],
)
def test_what_stands_in_the_field_and_whether_models_are_needed(question, text, needed):
    assert text_of(question) == text
    assert needs_models(question) == needed


def test_a_text_that_says_nothing_is_no_query():
    assert query_of(Caption("犬")) is None
    assert query_of(Browse()) is None
    assert query_of(Caption("a dog -beach")).excluded == ("beach",)


def test_asking_the_same_again_is_no_place():
    history = History()
    question = DescribedAlike(1, "a.jpg", ("a dog",))
    history.leave(Place(question), question)
    assert len(history) == 0


def test_it_remembers_only_so_many():
    history = History(limit=2)
    for number in range(5):
        history.leave(Place(LookAlikes(number, "")), Browse())
    assert [place.question for place in (history.back(), history.back())] == [
        LookAlikes(4, ""),
        LookAlikes(3, ""),
    ]
    assert history.back() is None
