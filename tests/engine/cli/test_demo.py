"""`demo`: one command that shows the whole job."""

from __future__ import annotations

import pytest

from engine.demo import FOLDER_CAPTIONS, PUBLIC_CAPTIONS


def test_a_folder_of_ones_own_answers_three_captions(run, album):
    outcome = run("demo", album)
    assert outcome.code == 0
    assert "14 added" in outcome.lines[0]
    assert [line.strip("“”") for line in outcome.lines if line.startswith("“")] == list(FOLDER_CAPTIONS)
    assert sum(str(album) in line for line in outcome.lines) == 9
    assert "With your own photos:" in outcome.lines


def test_the_public_photos_come_from_scikit_image(run, tmp_path):
    pytest.importorskip("skimage")
    outcome = run("demo", "--json", library=False)
    assert outcome.code == 0
    assert list(outcome.json) == list(PUBLIC_CAPTIONS)
    for hits in outcome.json.values():
        assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert not (tmp_path / "data_folder").exists()


def test_without_scikit_image_the_way_out_is_named(run, monkeypatch):
    from engine import demo

    monkeypatch.setattr(demo, "find_spec", lambda name: None)
    outcome = run("demo", library=False)
    assert (outcome.code, outcome.out) == (1, b"")
    assert "pip install scikit-image" in outcome.err


def test_an_empty_folder_is_said(run, tmp_path):
    (tmp_path / "nothing").mkdir()
    outcome = run("demo", tmp_path / "nothing")
    assert outcome.code == 1
    assert "There are no photos here" in outcome.err
