from app.questions import Browse, Caption, DescribedAlike, History, LookAlikes, Place


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
