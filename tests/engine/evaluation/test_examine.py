"""Recall of the two stages, against figures worked out the long way."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ImageError, KnownError
from engine.evaluation import evaluate, examine
from engine.image import read_photo
from engine.recall import image_to_text_ranks, recall_metrics, text_to_image_ranks
from tests.engine.evaluation.conftest import CAPTIONS

OWNERS = np.repeat(np.arange(len(CAPTIONS)), [len(captions) for captions in CAPTIONS])


@pytest.fixture(scope="module")
def similarities(captioned, tiny_models):
    """The (I, C) cosines and SGRAF similarities of everything, one pair at a time."""
    encoder = tiny_models.pack
    texts = encoder.encode_text([caption for captions in CAPTIONS for caption in captions])
    cosines, sgraf = [], []
    for number in range(len(CAPTIONS)):
        image = read_photo(captioned / "images" / f"{number}.jpg").image
        photo = encoder.encode_images([encoder.prepare(image)])
        cosines.append(texts.embeddings @ photo.embeddings[0])
        sgraf.append([tiny_models.reranker.score(words, photo.regions)[0] for words in texts.words])
    return np.array(cosines), np.array(sgraf)


def run(captioned, tiny_models, **options):
    return evaluate(tiny_models, captioned / "images", captioned / "captions.csv", **options)


def both(matrix):
    return (
        recall_metrics(text_to_image_ranks(matrix, OWNERS)),
        recall_metrics(image_to_text_ranks(matrix, OWNERS)),
    )


def test_all_candidates_give_the_full_matrices(captioned, tiny_models, similarities):
    cosines, sgraf = similarities
    report = run(captioned, tiny_models, candidates=None)
    assert (report.images, report.captions, report.candidates) == (6, 13, 13)
    assert (report.coarse.text_to_image, report.coarse.image_to_text) == both(cosines)
    assert (report.rerank.text_to_image, report.rerank.image_to_text) == both(sgraf)
    fused = tiny_models.fusion.strength(cosines.ravel(), sgraf.ravel()).reshape(cosines.shape)
    assert (report.fused.text_to_image, report.fused.image_to_text) == both(fused)


def test_what_the_coarse_filter_leaves_out_stays_behind(captioned, tiny_models, similarities):
    cosines, sgraf = similarities
    there, back = cosines - 10, cosines - 10
    for caption in range(cosines.shape[1]):
        best = np.argsort(-cosines[:, caption])[:2]
        there[best, caption] = sgraf[best, caption]
    for photo in range(len(cosines)):
        best = np.argsort(-cosines[photo])[:2]
        back[photo, best] = sgraf[photo, best]
    report = run(captioned, tiny_models, candidates=2)
    assert report.candidates == 2
    assert report.rerank.text_to_image == both(there)[0]
    assert report.rerank.image_to_text == both(back)[1]


def test_one_candidate_changes_nothing(captioned, tiny_models):
    report = run(captioned, tiny_models, candidates=1)
    assert report.rerank == report.fused == report.coarse


def test_the_json_is_as_promised(captioned, tiny_models):
    document = run(captioned, tiny_models).to_json()
    assert list(document) == ["images", "captions", "candidates", "folds", "coarse", "rerank", "fused"]
    for stage in ("coarse", "rerank", "fused"):
        assert list(document[stage]) == ["text_to_image", "image_to_text"]
        for direction in document[stage].values():
            assert list(direction) == ["r1", "r5", "r10", "median_rank", "mean_rank", "intervals"]
            assert 0 <= direction["r1"] <= direction["r5"] <= direction["r10"] <= 100
            for recall, (low, high) in direction["intervals"].items():
                assert low <= direction[recall] <= high


def test_each_fold_is_searched_apart(captioned, tiny_models, tmp_path):
    """Three folds give the means of three evaluations of two photos each."""
    alone = []
    for first in (0, 2, 4):
        (tmp_path / "names.txt").write_text(f"{first}.jpg\n{first + 1}.jpg\n")
        alone.append(run(captioned, tiny_models, split=tmp_path / "names.txt"))
    report = run(captioned, tiny_models, folds=3)
    assert (report.images, report.captions, report.candidates, report.folds) == (6, 13, 5, 3)
    for stage in ("coarse", "rerank", "fused"):
        for direction in ("text_to_image", "image_to_text"):
            recalls = [getattr(getattr(part, stage), direction) for part in alone]
            mean = getattr(getattr(report, stage), direction)
            for figure in ("r1", "r5", "r10", "median_rank", "mean_rank"):
                expected = np.mean([getattr(recall, figure) for recall in recalls])
                assert getattr(mean, figure) == pytest.approx(expected), (stage, direction, figure)


def test_folds_are_searched_on_few_candidates_too(captioned, tiny_models):
    report = run(captioned, tiny_models, folds=2, candidates=1)
    assert report.candidates == 1
    assert report.rerank == report.fused == report.coarse


@pytest.mark.parametrize("folds", [4, 7])
def test_folds_must_be_equal(captioned, tiny_models, folds):
    with pytest.raises(KnownError, match=rf"captions\.csv: 6 photos can't be split into {folds} equal folds"):
        run(captioned, tiny_models, folds=folds)


@pytest.mark.parametrize("direction", ["text_to_image", "image_to_text"])
@pytest.mark.parametrize("folds", [1, 2])
def test_a_curve_is_what_fewer_candidates_would_have_given(
    captioned, tiny_models, monkeypatch, direction, folds
):
    monkeypatch.setattr("engine.evaluation.answers._LADDER", (1, 2, 3))
    paths = captioned / "images", captioned / "captions.csv"
    curve = examine(tiny_models, *paths, candidates=4, folds=folds).recall_curve(direction)
    assert [step for step, _ in curve] == ([1, 2, 3] if direction[0] == "t" and folds == 2 else [1, 2, 3, 4])
    for step, recall in curve:
        report = run(captioned, tiny_models, candidates=step, folds=folds)
        assert recall == getattr(report.fused, direction), step


def test_a_split_limits_the_photos(captioned, tiny_models, tmp_path):
    (tmp_path / "names.txt").write_text("1.jpg\n4.jpg\n")
    report = run(captioned, tiny_models, split=tmp_path / "names.txt")
    assert (report.images, report.captions) == (2, 5)


def test_progress_is_told_to_the_end(captioned, tiny_models):
    told = {}
    run(captioned, tiny_models, progress=lambda stage, done, total: told.__setitem__(stage, (done, total)))
    assert told == {
        "photos read": (6, 6),
        "captions read": (13, 13),
        "captions answered": (13, 13),
        "photos answered": (6, 6),
    }


def test_a_broken_photo_is_named(captioned, tiny_models, tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "broken.jpg").write_bytes(b"\xff\xd8 broken")
    (tmp_path / "captions.csv").write_text("image,caption\nbroken.jpg,a dog\n")
    with pytest.raises(ImageError, match=r"broken\.jpg"):
        run(tmp_path, tiny_models)
