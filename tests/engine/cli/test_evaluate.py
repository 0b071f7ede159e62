"""`evaluate` and `evaluate-official`: figures as JSON or as a table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.evaluation import evaluate
from engine.sgraf.official import evaluate_official
from tests.album import draw


@pytest.fixture
def captioned(tmp_path):
    """Four photos with two captions each: the options that name them."""
    lines = ["image,caption"]
    for number in range(4):
        draw(tmp_path / "images" / f"{number}.jpg", number)
        lines += [f"{number}.jpg,photo {number}", f'{number}.jpg,"again, number {number}"']
    (tmp_path / "captions.csv").write_text("\n".join(lines))
    return ["--images", tmp_path / "images", "--captions", tmp_path / "captions.csv"]


def test_the_json_is_the_report(run, captioned, tiny_models):
    outcome = run("evaluate", *captioned, "--candidates", "3", "--json", library=False)
    assert outcome.code == 0
    assert outcome.json == evaluate(tiny_models, captioned[1], captioned[3], candidates=3).to_json()


def test_the_table_shows_every_stage(run, captioned):
    outcome = run("evaluate", *captioned, "--candidates", "all", library=False)
    assert outcome.code == 0
    assert outcome.lines[0] == "4 photos, 8 captions, 8 candidates"
    assert [line[:13].strip() for line in outcome.lines[3:]] == ["coarse filter", "SGRAF", "fused"]
    assert all(len(line.split()) >= 11 for line in outcome.lines[3:])


def test_a_split_is_used(run, captioned, tmp_path):
    (tmp_path / "names.txt").write_text("2.jpg\n")
    outcome = run("evaluate", *captioned, "--split", tmp_path / "names.txt", "--json", library=False)
    assert (outcome.json["images"], outcome.json["captions"]) == (1, 2)


def test_what_is_missing_is_named(run, captioned, tmp_path):
    (tmp_path / "images" / "1.jpg").unlink()
    outcome = run("evaluate", *captioned, library=False)
    assert (outcome.code, outcome.out) == (1, b"")
    assert "1.jpg" in outcome.err


@pytest.fixture
def official(golden, tmp_path):
    """The golden checkpoints with features and captions of their sizes: the options that name them."""
    rng = np.random.default_rng(0)
    words = ["<pad>", "<start>", "<end>", "<unk>", *(f"word{n}" for n in range(4, 60))]
    vocabulary = {
        "word2idx": {word: number for number, word in enumerate(words)},
        "idx2word": {str(number): word for number, word in enumerate(words)},
        "idx": len(words),
    }
    (tmp_path / "vocab.json").write_text(json.dumps(vocabulary))
    captions = [" ".join(rng.choice(words[4:], rng.integers(3, 9))) for _ in range(50)]
    (tmp_path / "dev_caps.txt").write_text("\n".join(captions) + "\n")
    np.save(tmp_path / "dev_ims.npy", rng.normal(size=(10, 36, 32)).astype(np.float32))
    checkpoints = [golden / "official_sgr.pth.tar", golden / "official_saf.pth.tar"]
    options = ["--features", tmp_path, "--vocab", tmp_path / "vocab.json", "--split", "dev"]
    return checkpoints, options


@pytest.mark.parametrize("fold5", [False, True])
def test_the_official_json_is_the_report(run, official, tmp_path, fold5):
    checkpoints, options = official
    given = [part for path in checkpoints for part in ("--checkpoint", path)] + ["--fold5"] * fold5
    outcome = run("evaluate-official", *given, *options, "--json", library=False, pack=False)
    assert outcome.code == 0
    expected = evaluate_official(checkpoints, tmp_path, tmp_path / "vocab.json", "dev", fold5=fold5)
    assert outcome.json == expected.to_json()
    assert list(outcome.json) == ["images", "captions", "text_to_image", "image_to_text", "rsum"]


def test_the_official_table_shows_both_directions(run, official):
    checkpoints, options = official
    outcome = run("evaluate-official", "--checkpoint", checkpoints[0], *options, library=False, pack=False)
    assert outcome.lines[0].startswith("10 photos, 50 captions, rsum ")
    assert [line[:14] for line in outcome.lines[2:]] == ["text → image  ", "image → text  "]


def test_missing_official_files_are_named(run, official, tmp_path):
    checkpoints, options = official
    (tmp_path / "dev_ims.npy").unlink()
    outcome = run("evaluate-official", "--checkpoint", checkpoints[0], *options, library=False, pack=False)
    assert (outcome.code, outcome.out) == (1, b"")
    assert "dev_ims.npy" in outcome.err
