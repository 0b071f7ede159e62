"""`describe` and `similar`: from a photo to sentences and to other photos."""

from __future__ import annotations

import pytest

from engine.library import Library
from tests.album import DESCRIBED

pytestmark = pytest.mark.usefixtures("searchable", "few_sentences")


@pytest.fixture
def few_sentences(monkeypatch):
    """A bank of a few sentences: encoding the whole takes too long here."""
    from engine import description_bank

    sentences = (
        "a dog is running in a park",
        "a red car is parked on a street",
        "a cat is sleeping on a bed",
    )
    monkeypatch.setattr(description_bank, "bank", lambda: sentences)
    return sentences


def test_the_json_has_text_score_and_source(run, album, few_sentences):
    outcome = run("describe", album / "plain1.jpg", "--json")
    assert outcome.code == 0
    assert [list(found) for found in outcome.json] == [["rank", "text", "score", "source"]] * 4
    assert {found["text"] for found in outcome.json} == {DESCRIBED, *few_sentences}
    assert {found["source"] for found in outcome.json} == {"caption", "composed"}


def test_the_plain_answer_says_the_same(run, album):
    found = run("describe", album / "plain1.jpg", "--limit", "2", "--json").json
    lines = run("describe", album / "plain1.jpg", "--limit", "2").lines
    assert [line.split(maxsplit=2) for line in lines] == [
        [f"{one['score']:.3f}", one["source"], one["text"]] for one in found
    ]


@pytest.mark.parametrize("verb", ["describe", "similar"])
def test_what_is_no_photo_is_named(run, tmp_path, verb):
    (tmp_path / "text.jpg").write_text("hello")
    for name in ("text.jpg", "gone.jpg"):
        outcome = run(verb, tmp_path / name)
        assert (outcome.code, outcome.out) == (1, b"")
        assert name in outcome.err


@pytest.mark.parametrize("by", ["description", "looks"])
def test_similar_photos_leave_the_photo_itself_out(run, album, by):
    outcome = run("similar", album / "plain3.jpg", "--by", by, "--limit", "20", "--json")
    assert outcome.code == 0
    paths = [hit["path"] for hit in outcome.json]
    assert len(paths) == 13
    assert str(album / "plain3.jpg") not in paths
    assert [hit["rank"] for hit in outcome.json] == list(range(1, 14))


def test_look_alikes_find_the_copy(run, album):
    assert (
        run("similar", album / "plain3.jpg", "--by", "looks", "--limit", "1")
        .lines[0]
        .endswith("copy of plain3.jpg")
    )


def test_similar_by_description_names_the_descriptions(run, album):
    outcome = run("similar", album / "plain1.jpg", "--limit", "2")
    assert len(outcome.lines) == 2
    assert DESCRIBED in outcome.err


def test_similar_needs_a_library(run, tmp_path, album):
    Library.open(tmp_path / "empty.db").close()
    outcome = run("similar", album / "plain1.jpg", "--library", tmp_path / "empty.db", library=False)
    assert outcome.code == 1
    assert "holds no photos yet" in outcome.err
