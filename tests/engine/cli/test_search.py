"""`search`: ranked photos, in a line each or as JSON."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.library import Library
from tests.album import draw

pytestmark = pytest.mark.usefixtures("searchable")


def test_the_json_has_rank_path_and_scores(run, album):
    outcome = run("search", "two dogs on a beach", "--json", "--limit", "5")
    assert outcome.code == 0
    assert [list(hit) for hit in outcome.json] == [["rank", "path", "score", "coarse", "rerank"]] * 5
    assert [hit["rank"] for hit in outcome.json] == [1, 2, 3, 4, 5]
    scores = [hit["score"] for hit in outcome.json]
    assert scores == sorted(scores, reverse=True)
    assert all(hit["path"].startswith(str(album)) for hit in outcome.json)


def test_the_plain_answer_says_the_same(run):
    hits = run("search", "a boat", "--json").json
    lines = run("search", "a boat").lines
    assert [line.split(maxsplit=2) for line in lines] == [
        [str(hit["rank"]), f"{hit['score']:.3f}", hit["path"]] for hit in hits
    ]


def test_the_coarse_filter_alone_has_no_rerank(run):
    assert {hit["rerank"] for hit in run("search", "a boat", "--coarse-only", "--json").json} == {None}


def test_notices_are_messages(run):
    outcome = run("search", "dog 犬", "--json")
    assert outcome.code == 0
    assert outcome.json
    assert "Left out what isn't English: 犬." in outcome.err


@pytest.mark.parametrize(
    ("caption", "message"),
    [("", "Type what is in the photo"), ("犬", "English"), ("🐶🐶", "English"), (" \t", "Type what")],
)
def test_captions_that_say_nothing_are_refused(run, caption, message):
    outcome = run("search", caption, "--json")
    assert (outcome.code, outcome.out) == (1, b"")
    assert message in outcome.err


def test_a_caption_of_five_thousand_characters_is_searched(run):
    outcome = run("search", "a dog " * 834, "--limit", "1")
    assert outcome.code == 0
    assert "first 64 words" in outcome.err


def test_a_new_folder_is_indexed_first(run, tmp_path):
    draw(tmp_path / "fresh" / "new.jpg", 55)
    hits = run("search", "a dog", "--folder", tmp_path / "fresh", "--json").json
    assert [hit["path"] for hit in hits] == [str(tmp_path / "fresh" / "new.jpg")]
    draw(tmp_path / "fresh" / "deeper" / "newer.jpg", 56)
    assert len(run("search", "a dog", "--folder", tmp_path / "fresh", "--json").json) == 2


def test_a_folder_of_the_library_limits_the_search(run, album):
    hits = run("search", "a dog", "--folder", album / "winter", "--json").json
    assert len(hits) == 3


def test_a_relative_folder_is_understood(run, tmp_path, monkeypatch):
    draw(tmp_path / "fresh" / "new.jpg", 55)
    monkeypatch.chdir(tmp_path)
    assert len(run("search", "a dog", "--folder", "fresh", "--json").json) == 1


def test_a_folder_without_photos_is_said(run, tmp_path):
    (tmp_path / "nothing").mkdir()
    outcome = run("search", "a dog", "--folder", tmp_path / "nothing")
    assert (outcome.code, outcome.out) == (1, b"")
    assert "There are no photos here" in outcome.err


def test_an_empty_library_says_what_to_do(run, tmp_path):
    Library.open(tmp_path / "empty.db").close()
    outcome = run("search", "a dog", "--library", tmp_path / "empty.db", library=False)
    assert outcome.code == 1
    assert "holds no photos yet" in outcome.err


@pytest.mark.parametrize("verb", ["search", "describe", "similar"])
def test_a_library_that_is_not_there_is_said_and_not_made(run, tmp_path, album, verb):
    wrong = tmp_path / "typo" / "libary.db"
    outcome = run(verb, album / "plain1.jpg", "--library", wrong, library=False)
    assert (outcome.code, outcome.out) == (1, b"")
    assert f"{wrong}: There is no library here." in outcome.err
    assert not wrong.parent.exists()


def test_photos_of_another_pack_have_to_be_read_again(run, tmp_path):
    from tests.packs import tiny_pack

    other = tiny_pack(tmp_path / "other", seed=1)
    outcome = run("search", "a dog", "--pack", other, pack=False)
    assert outcome.code == 1
    assert "not been read with these models" in outcome.err


def test_a_caption_may_narrow_the_search(run):
    hits = run("search", "a boat folder:winter type:jpg", "--json").json
    assert len(hits) == 3
    assert all("winter" in hit["path"] for hit in hits)


def test_filters_alone_are_answered(run):
    outcome = run("search", "folder:winter date:foo", "--json")
    assert len(outcome.json) == 3
    assert "“date:foo” is not understood" in outcome.err
    assert run("search", "is:portrait", "--json").json == []


def test_searches_are_remembered(run, searchable):
    run("search", "  grandma   laughing ")
    with Library.open(searchable) as library:
        assert library.recent_searches() == ["grandma laughing"]


def test_a_caption_that_is_not_utf8_is_searched_and_remembered(run, searchable):
    outcome = run("search", "grandma caf\udce9", "--json")
    assert outcome.code == 0
    assert outcome.json
    with Library.open(searchable) as library:
        assert library.recent_searches() == ["grandma caf\ufffd"]


def test_a_reader_that_leaves_is_no_error(searchable, tiny_pack_folder):
    command = [
        sys.executable,
        "main.py",
        "search",
        "a dog",
        "--library",
        searchable,
        "--pack",
        tiny_pack_folder,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""
