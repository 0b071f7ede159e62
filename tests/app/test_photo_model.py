from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.grid_layout import Section
from app.photo_model import CLOSEST, PhotoModel, Role
from engine import Hit, Month, Photo, PhotoMetadata, Results


def photo(photo_id: int, name: str = "") -> Photo:
    path = Path("/photos/Winter") / (name or f"{photo_id}.jpg")
    return Photo(photo_id, path, 1000, 0, PhotoMetadata(40, 30, taken=datetime(2019, 7, 1, 12, 30)))


def results(ids, good: int = 0, **more) -> Results:
    hits = tuple(Hit(rank, photo(i), 1 - rank / 100, 0.3) for rank, i in enumerate(ids, 1))
    return Results("a dog", hits, False, len(hits), good, **more)


def shown(model: PhotoModel) -> list[int]:
    return [model.index(row).data(Role.PHOTO_ID) for row in range(model.rowCount())]


@pytest.fixture
def model(qapp) -> PhotoModel:
    model = PhotoModel()
    # Qt's own check of every signal that a model sends; it fails through a Qt warning.
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


def test_browsing_shows_the_ids_in_order(model):
    model.show_library([3, 1, 2])
    assert shown(model) == [3, 1, 2]
    assert [section.title for section in model.sections()] == [""]


def test_photos_without_words_have_one_heading(model):
    model.show_library([3, 1, 2], "3 photos", fresh=True)
    assert shown(model) == [3, 1, 2]
    assert [(section.title, section.rows) for section in model.sections()] == [("3 photos", 3)]


def test_details_of_photos_are_kept_until_there_are_too_many(model, monkeypatch):
    monkeypatch.setattr("app.photo_model.KNOWN", 2)
    model.show_library([1, 2, 3])
    for photo_id in (1, 2, 1, 3):
        model.remember(photo(photo_id))
    assert [model.photo(photo_id) is not None for photo_id in (1, 2, 3)] == [True, False, True]
    model.forget()
    assert model.photo(1) is None


def test_favourites_are_told_from_others(model):
    model.show_library([3, 1, 2])
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last, roles: changed.extend((first.row(), last.row())))
    model.set_favourites(frozenset({2, 3, 99}))
    assert changed == [0, 2]
    assert [model.index(row).data(Role.FAVOURITE) for row in range(3)] == [True, False, True]
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Photo, favourite"
    assert model.index(0).data() == "Photo"


def test_good_matches_come_first_and_the_rest_is_folded(model):
    model.show_results(results(range(20), good=13), fresh=True)
    assert shown(model) == list(range(13))
    good, weaker = model.sections()
    assert (good.title, good.rows, good.action) == ("13 good matches", 13, "")
    assert (weaker.title, weaker.rows, weaker.action) == ("Weaker matches", 0, "Show 7 more")


def test_weaker_matches_unfold_and_fold(model):
    model.show_results(results(range(20), good=13), fresh=True)
    model.show_weaker(True)
    assert shown(model) == list(range(20))
    assert [(section.rows, section.action) for section in model.sections()] == [(13, ""), (7, "Hide")]
    model.show_weaker(False)
    assert shown(model) == list(range(13))


def test_one_good_match_is_said_in_the_singular(model):
    model.show_results(results([5], good=1), fresh=True)
    assert [section.title for section in model.sections()] == ["1 good match"]


def test_without_a_good_match_the_closest_few_are_shown_as_such(model):
    model.show_results(results(range(50)), fresh=True)
    closest, weaker = model.sections()
    assert len(shown(model)) == CLOSEST == closest.rows
    assert closest.title.startswith("No good match")
    assert weaker.action == f"Show {50 - CLOSEST} more"


def test_a_titled_answer_is_not_divided(model):
    model.show_results(results(range(30), good=2), fresh=True, title="Look-alikes of 7.jpg")
    assert len(shown(model)) == 30
    assert [section.title for section in model.sections()] == ["Look-alikes of 7.jpg"]


def test_no_hits_no_sections(model):
    model.show_results(results([]), fresh=True)
    assert model.sections() == ()


def test_a_better_order_moves_rows_under_the_persistent_indexes(model):
    model.show_results(results(range(6), good=6), fresh=True)
    kept = {i: QPersistentModelIndex(model.index(model.row_of(i))) for i in range(6)}
    resets = []
    model.modelReset.connect(lambda: resets.append(True))
    order = [4, 0, 5, 2, 1, 3]
    model.show_results(results(order, good=6), fresh=False)
    assert shown(model) == order
    assert {i: index.data(Role.PHOTO_ID) for i, index in kept.items()} == {i: i for i in range(6)}
    assert resets == []


def test_a_new_question_resets(model, qtbot):
    model.show_results(results(range(6), good=6), fresh=True)
    with qtbot.waitSignal(model.modelReset):
        model.show_results(results([4, 9], good=2), fresh=True)
    assert shown(model) == [4, 9]


def test_a_new_question_folds_the_weaker_matches_again(model):
    model.show_results(results(range(60), good=20), fresh=True)
    model.show_weaker(True)
    model.show_results(results(range(60), good=30), fresh=False)
    assert len(shown(model)) == 60
    model.show_results(results(range(60), good=30), fresh=True)
    assert len(shown(model)) == 30


def test_a_selected_photo_that_became_a_weaker_match_is_not_taken_away(model):
    model.show_results(results(range(30), good=30), fresh=True)
    kept = QPersistentModelIndex(model.index(25))
    model.show_results(results(range(30), good=2), fresh=False, selected=25)
    assert model.weaker_shown
    assert kept.data(Role.PHOTO_ID) == 25


def test_few_good_matches_are_followed_by_the_closest_of_the_weaker_ones(model):
    model.show_results(results(range(40), good=2), fresh=True)
    good, weaker = model.sections()
    assert (good.title, good.rows) == ("2 good matches", 2)
    assert (weaker.title, weaker.rows) == ("Weaker matches", CLOSEST - 2)
    assert weaker.action == f"Show {40 - CLOSEST} more"
    model.show_results(results(range(CLOSEST), good=2), fresh=True)
    assert model.sections()[1] == Section("Weaker matches", CLOSEST - 2, "")


def test_photos_that_come_in_while_browsing_are_inserted(model):
    model.show_library([5, 3, 1])
    kept = QPersistentModelIndex(model.index(1))
    model.show_library([6, 5, 4, 3, 1, 0])
    assert shown(model) == [6, 5, 4, 3, 1, 0]
    assert kept.row() == 3


def test_photos_that_leave_the_library_leave_the_grid(model):
    model.show_library([5, 4, 3, 2, 1])
    gone, kept = (QPersistentModelIndex(model.index(row)) for row in (1, 4))
    model.show_library([5, 3, 1])
    assert shown(model) == [5, 3, 1]
    assert not gone.isValid()
    assert kept.row() == 2


orders = st.lists(st.integers(0, 15), unique=True, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(before=orders, after=orders)
def test_any_order_becomes_any_other(model, before, after):
    model.show_library(before)
    kept = {i: QPersistentModelIndex(model.index(model.row_of(i))) for i in before}
    model.show_library(after)
    assert shown(model) == after
    assert all(model.row_of(i) == row for row, i in enumerate(after))
    if before:  # an empty model is reset: it has nothing to keep
        for i, index in kept.items():
            assert index.row() == (after.index(i) if i in after else -1)


def test_names_for_the_eye_and_for_the_screen_reader(model):
    model.show_results(results([7], good=1), fresh=True)
    index = model.index(0)
    assert index.data() == "7.jpg"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "7.jpg"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "7.jpg\n/photos/Winter\n2019-07-01 12:30"
    assert index.data(Role.HIT).rank == 1


def test_a_browsed_photo_gets_its_name_later(model, qtbot):
    model.show_library([7])
    assert model.index(0).data() == "Photo"
    assert model.index(0).data(Qt.ItemDataRole.ToolTipRole) is None
    with qtbot.waitSignal(model.dataChanged):
        model.remember(photo(7, "dog\udcff.jpg"))
    assert model.index(0).data() == "dog�.jpg"
    assert model.photo(7) is not None


def test_a_photo_without_a_date_has_a_shorter_tool_tip(model):
    model.show_library([7])
    model.remember(replace(photo(7), metadata=PhotoMetadata(1, 1)))
    assert model.index(0).data(Qt.ItemDataRole.ToolTipRole) == "7.jpg\n/photos/Winter"


def test_how_sure_a_match_must_be_moves_the_line_and_never_mixes(model):
    hits = results(range(1, 61)).hits
    scores = [0.3 - 0.005 * at for at in range(60)]
    answer = Results(
        "a dog",
        tuple(replace(hit, score=score) for hit, score in zip(hits, scores, strict=True)),
        True,
        60,
        good=sum(score >= 0.1 for score in scores),
        cutoff=0.1,
    )
    model.show_results(answer, fresh=True)
    seen = {}
    for step in ("best", "good", "more"):
        model.set_strictness(step)
        first, weaker = model.sections()
        assert weaker.title == "Weaker matches"
        seen[step] = (first.title, first.rows, model.rowCount())
        assert shown(model) == list(range(1, model.rowCount() + 1))
        words = {"best": "one of the best", "good": "good match", "more": "match"}[step]
        assert [model.fit_of(first.rows), model.fit_of(first.rows + 1)] == [words, "weaker match"]
    assert seen == {
        "best": ("24 of the best", 24, 24),
        "good": ("40 good matches", 40, 40),
        "more": ("53 matches", 53, 53),
    }


def test_where_no_match_is_that_sure_the_closest_are_shown(model):
    answer = Results(
        "a dog", tuple(replace(h, score=0.15) for h in results(range(20)).hits), True, 20, 20, cutoff=0.1
    )
    model.set_strictness("best")
    model.show_results(answer, fresh=True)
    assert model.sections()[0] == Section("No match is that sure. These come closest:", CLOSEST)
    assert model.fit_of(0) == "weaker match"


def test_only_an_answer_that_is_divided_has_matches(model):
    model.show_results(results([1, 2], good=1), fresh=True)
    assert [model.fit_of(1), model.fit_of(2), model.fit_of(3)] == ["good match", "weaker match", ""]
    model.show_results(results([1, 2], good=2), fresh=True, title="Look-alikes of a.jpg")
    assert model.fit_of(1) == ""
    model.show_library([1, 2])
    assert model.fit_of(1) == ""


def named(names: list[str], good: int) -> Results:
    hits = tuple(Hit(rank, photo(rank, name), 1 - rank / 100, 0.3) for rank, name in enumerate(names, 1))
    return Results("a dog", hits, True, len(hits), good)


def test_an_order_holds_among_the_good_matches_and_among_the_weaker_ones(model):
    many = [f"z{number:02}.jpg" for number in range(30, 0, -1)]
    model.show_results(named([*many[:14], "a10.jpg", "a9.jpg"], good=14), fresh=True)
    kept = QPersistentModelIndex(model.index(0))
    model.set_order("name")
    assert shown(model) == list(range(14, 0, -1))
    assert kept.row() == 13
    model.show_weaker(True)
    assert shown(model) == [*range(14, 0, -1), 16, 15]
    assert [section.rows for section in model.sections()] == [14, 2]
    model.set_order(None)
    assert shown(model) == list(range(1, 17))


def test_the_weaker_matches_that_show_at_once_are_the_closest_whatever_the_order(model):
    model.set_order("name")
    model.show_results(named([f"{number:02}.jpg" for number in range(40, 0, -1)], good=2), fresh=True)
    assert shown(model) == [2, 1, *range(CLOSEST, 2, -1)]


def test_an_answer_under_a_title_is_ordered_as_a_whole(model):
    model.set_order("name")
    model.show_results(named(["c.jpg", "a.jpg", "b.jpg"], good=1), fresh=True, title="Look-alikes of x.jpg")
    assert shown(model) == [2, 3, 1]


def test_months_are_sections_of_what_is_browsed(model):
    months = [Month(date(2019, 7, 1), 2), Month(None, 1)]
    model.show_library([3, 1, 2], months=months)
    assert [(section.title, section.rows) for section in model.sections()] == [
        ("July 2019", 2),
        ("No date", 1),
    ]
    model.show_library([3, 1])
    assert [section.title for section in model.sections()] == [""]


def test_a_name_with_markup_is_shown_as_it_is_written(qapp):
    model = PhotoModel()
    model.show_library([7])
    model.remember(photo(7, "<b>a<b>.jpg"))
    assert "&lt;b&gt;a&lt;b&gt;.jpg" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
