import pytest

from app.late import Late
from app.questions import Answer, Browse, Caption, DescribedAlike, LookAlikes
from app.search_session import SearchSession
from engine import Indexer, Library, PackError, QueryError, load_models


@pytest.fixture
def library(tmp_path, tasks, photo_folder, load):
    with Library.open(tmp_path / "library.db") as library:
        Indexer(library, load()).run([photo_folder])
        yield library
        assert tasks.close(10)


@pytest.fixture
def session(tasks, library, load) -> SearchSession:
    return SearchSession(tasks, Late(lambda: library), Late(load))


@pytest.fixture
def answers(session) -> list[Answer]:
    answers: list[Answer] = []
    session.answered.connect(answers.append)
    return answers


def test_browsing_needs_no_models(qtbot, tasks, library, answers, session):
    session.ask(Browse())
    qtbot.waitUntil(lambda: bool(answers))
    assert sorted(answers[0].photo_ids) == sorted(library.present_ids())
    assert not session.is_ready


def test_a_caption_is_answered_twice(qtbot, session, answers):
    session.ask(Caption("a dog"))
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)
    coarse, better = answers
    assert (coarse.first, coarse.last, coarse.results.reranked) == (True, False, False)
    assert (better.first, better.last, better.results.reranked) == (False, True, True)
    assert {hit.photo.id for hit in coarse.results.hits} == {hit.photo.id for hit in better.results.hits}


@pytest.mark.parametrize(("text", "ready"), [("is:landscape", False), ("is:landscape -beach", True)])
def test_filters_alone_are_answered_once_and_without_models(qtbot, session, answers, text, ready):
    session.ask(Caption(f"{text} date:foo"))
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=20_000)
    (answer,) = answers
    assert answer.last
    assert answer.results is None
    assert 0 < len(answer.photo_ids) <= 12
    assert "date:foo" in answer.notice
    assert (session._models.peek() is not None) == ready


def test_a_question_asked_before_the_models_are_ready_waits_for_them(qtbot, session, answers):
    session.warm_up()
    session.ask(Caption("a dog"))
    assert not session.is_ready
    with qtbot.waitSignal(session.ready, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)


def test_only_the_newest_question_is_answered(qtbot, session, answers):
    for text in ("a", "a dog", "a dog runs"):
        session.ask(Caption(text))
    qtbot.waitUntil(lambda: bool(answers) and answers[-1].last, timeout=20_000)
    qtbot.wait(50)
    assert {answer.question for answer in answers} == {Caption("a dog runs")}


def test_an_answer_that_is_overtaken_on_its_way_is_dropped(qtbot, session, answers):
    session.ask(Caption("a dog"))
    session.answered.connect(lambda answer: session.ask(Browse()) if answer.question != Browse() else None)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)
    qtbot.wait(100)
    assert [answer.question for answer in answers] == [Caption("a dog"), Browse()]


def test_asking_again_continues_the_answer_shown(qtbot, session, answers):
    session.ask(Caption("a dog"), again=True)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)
    assert not any(answer.first for answer in answers)


def test_look_alikes_and_described_alike_leave_the_photo_itself_out(qtbot, session, answers, library):
    photo_id = library.present_ids()[0]
    session.ask(LookAlikes(photo_id, "a.jpg"))
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=20_000)
    session.ask(DescribedAlike(photo_id, "a.jpg", ("a dog", "a cat")))
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)
    for answer in answers:
        assert answer.last
        assert answer.results.hits
        assert photo_id not in {hit.photo.id for hit in answer.results.hits}


def test_a_caption_that_cannot_be_understood_fails_by_its_question(qtbot, session):
    with qtbot.waitSignal(session.failed, timeout=20_000) as signal:
        session.ask(Caption("雪人"))
    question, error = signal.args
    assert question == Caption("雪人")
    assert isinstance(error, QueryError)


def test_the_failure_of_an_older_question_is_not_heard(qtbot, session, answers):
    failures = []
    session.failed.connect(lambda question, error: failures.append(error))
    session.ask(Caption("雪人"))
    session.ask(Caption("a dog"))
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)
    assert failures == []


def test_descriptions_of_a_photo(qtbot, session, library):
    photo_id = library.present_ids()[0]
    with qtbot.waitSignal(session.described, timeout=60_000) as signal:
        session.describe(photo_id)
    assert signal.args[0] == photo_id
    assert 1 <= len(signal.args[1]) <= 8
    assert all(0 <= description.score <= 1 for description in signal.args[1])


def test_descriptions_nobody_waits_for_are_not_delivered(qtbot, session, library, answers):
    heard = []
    session.described.connect(lambda *_: heard.append(True))
    session.describe(library.present_ids()[0])
    session.forget_description()
    session.ask(Caption("a dog"))
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=60_000)
    assert heard == []


def test_a_search_that_was_meant_is_remembered(qtbot, session, library):
    session.remember("a dog")
    qtbot.waitUntil(lambda: library.recent_searches() == ["a dog"])


def test_a_missing_pack_is_a_failure_and_can_be_tried_again(qtbot, tasks, library, tmp_path, load):
    packs = iter([lambda: load_models(tmp_path / "no-pack"), load])
    session = SearchSession(tasks, Late(lambda: library), Late(lambda: next(packs)()))
    with qtbot.waitSignal(session.failed) as signal:
        session.warm_up()
    assert isinstance(signal.args[1], PackError)
    with qtbot.waitSignal(session.ready, timeout=20_000):
        session.warm_up()
