"""`evaluate` and `evaluate-official`: figures as JSON or as a table."""

from __future__ import annotations

import json
import re

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


def test_the_table_shows_every_stage_in_both_directions(run, captioned):
    outcome = run("evaluate", *captioned, "--candidates", "all", library=False)
    assert outcome.code == 0
    first, _, *there, _ = outcome.lines[:7]
    back = outcome.lines[7:11]
    assert first == "4 photos, 8 captions, 8 candidates"
    for block, direction in ((there, "text → image"), (back, "image → text")):
        assert block[0].split() == [*direction.split(), "R@1", "R@5", "R@10", "median", "mean"]
        assert [line[:13].strip() for line in block[1:]] == ["coarse filter", "SGRAF", "fused"]
        for line in block[1:]:
            numbers = [float(number) for number in re.findall(r"[\d.]+", line[13:])]
            assert len(numbers) == 11
            for recall, low, high in (numbers[:3], numbers[3:6], numbers[6:9]):
                assert low <= recall <= high
            assert numbers[6] == 100
    assert outcome.lines[-1] == "In brackets: 95 % confidence intervals."


def test_folds_are_told(run, captioned, tiny_models):
    outcome = run("evaluate", *captioned, "--folds", "2", library=False)
    assert outcome.lines[0] == "4 photos, 8 captions, 4 candidates, mean of 2 folds of 2 photos"
    document = run("evaluate", *captioned, "--folds", "2", "--json", library=False).json
    assert document == evaluate(tiny_models, captioned[1], captioned[3], folds=2).to_json()


def test_uneven_folds_are_refused(run, captioned):
    outcome = run("evaluate", *captioned, "--folds", "3", library=False)
    assert (outcome.code, outcome.out) == (1, b"")
    assert "captions.csv: 4 photos can't be split into 3 equal folds." in outcome.err


def test_the_report_is_written_and_named(run, captioned, tmp_path):
    folder = tmp_path / "reports" / "today"
    outcome = run("evaluate", *captioned, "--report", folder, "--json", library=False)
    assert outcome.code == 0
    assert f"The report is in {folder / 'index.html'}" in outcome.err
    assert outcome.json.items() <= json.loads((folder / "report.json").read_text()).items()
    assert "<h1>" in (folder / "index.html").read_text(encoding="utf-8")


def test_a_bad_report_folder_is_known_before_the_work(run, captioned, tmp_path):
    (tmp_path / "images" / "1.jpg").unlink()
    (tmp_path / "notes").write_text("not a folder")
    outcome = run("evaluate", *captioned, "--report", tmp_path / "notes", library=False)
    assert (outcome.code, outcome.out) == (1, b"")
    assert f"{tmp_path / 'notes'}: is a file" in outcome.err
    assert "1.jpg" not in outcome.err


def test_one_of_each_is_told_in_the_singular(run, tmp_path):
    draw(tmp_path / "images" / "a.jpg", 1)
    (tmp_path / "captions.csv").write_text("image,caption\na.jpg,a photo\n")
    options = ["--images", tmp_path / "images", "--captions", tmp_path / "captions.csv"]
    outcome = run("evaluate", *options, "--report", tmp_path / "report", library=False)
    assert outcome.lines[0] == "1 photo, 1 caption, 1 candidate"
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "<p>1 photo, 1 caption, 1 candidate." in page
    uneven = run("evaluate", *options, "--folds", "2", library=False)
    assert "1 photo can't be split into 2 equal folds." in uneven.err


def test_folds_of_one_photo_are_told_in_the_singular(run, captioned):
    outcome = run("evaluate", *captioned, "--folds", "4", library=False)
    assert outcome.lines[0].endswith("mean of 4 folds of 1 photo")


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
    assert [line[:13] for line in outcome.lines[2:4]] == ["text → image ", "image → text "]
    assert all(len(re.findall(r"\([\d.]+–[\d.]+\)", line)) == 3 for line in outcome.lines[2:4])


def test_missing_official_files_are_named(run, official, tmp_path):
    checkpoints, options = official
    (tmp_path / "dev_ims.npy").unlink()
    outcome = run("evaluate-official", "--checkpoint", checkpoints[0], *options, library=False, pack=False)
    assert (outcome.code, outcome.out) == (1, b"")
    assert "dev_ims.npy" in outcome.err
