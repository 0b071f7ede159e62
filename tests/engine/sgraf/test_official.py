from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import KnownError, PackError
from engine.recall import (
    RankedQueries,
    image_to_text_ranks,
    recall_intervals,
    recall_metrics,
    text_to_image_ranks,
)
from engine.sgraf.checkpoints import read_checkpoint
from engine.sgraf.official import evaluate_official, score_all
from engine.sgraf.text import Vocabulary
from tests.engine.sgraf.official_files import (
    WORDS,
    checkpoint,
    write_checkpoint,
    write_split,
    write_vocabulary,
)
from tests.engine.sgraf.reference import similarities


@pytest.fixture
def vocab(tmp_path: Path) -> Path:
    return write_vocabulary(tmp_path / "vocab.json")


@pytest.fixture
def checkpoints(tmp_path: Path) -> list[Path]:
    return [write_checkpoint(tmp_path / f"{module}.pth.tar", checkpoint(module)) for module in ("SGR", "SAF")]


@pytest.fixture
def features(tmp_path: Path) -> Path:
    return tmp_path / "f30k_precomp"


def plain_similarity(path: Path, regions: np.ndarray, captions: list[str], vocab: Path) -> np.ndarray:
    """One caption at a time, by the paper's formulas."""
    model, vocabulary = read_checkpoint(path), Vocabulary.read(vocab)
    vectors = model.regions(torch.from_numpy(regions))
    columns = []
    for caption in captions:
        tokens = torch.tensor([vocabulary.encode(caption)])
        lengths = torch.tensor([tokens.shape[1]])
        words = model.words(tokens, lengths)
        columns.append(similarities(model.similarity.state_dict(), vectors, words, lengths))
    return torch.cat(columns, dim=1).numpy()


def lines(features: Path, split: str) -> list[str]:
    return (features / f"{split}_caps.txt").read_text().splitlines()


@pytest.mark.parametrize("repeated", [False, True])
def test_two_checkpoints_are_averaged(
    checkpoints: list[Path], features: Path, vocab: Path, repeated: bool
) -> None:
    regions = write_split(features, "test", 7, repeated=repeated)
    captions = lines(features, "test")
    report = evaluate_official(checkpoints, features, vocab, "test")
    similarity = sum(plain_similarity(path, regions, captions, vocab) for path in checkpoints) / 2
    assert (report.images, report.captions) == (7, 35)
    t2i, i2t = text_to_image_ranks(similarity), image_to_text_ranks(similarity)
    assert report.text_to_image == recall_metrics(t2i)
    assert report.image_to_text == recall_metrics(i2t)
    six = [*astuple(report.text_to_image)[:3], *astuple(report.image_to_text)[:3]]
    assert report.rsum == pytest.approx(sum(six))


def test_captions_of_one_image_are_drawn_together(
    checkpoints: list[Path], features: Path, vocab: Path
) -> None:
    regions = write_split(features, "test", 7)
    similarity = plain_similarity(checkpoints[0], regions, lines(features, "test"), vocab)
    queries = RankedQueries(text_to_image_ranks(similarity), np.arange(7).repeat(5))
    report = evaluate_official(checkpoints[:1], features, vocab, "test")
    assert report.text_to_image.intervals == recall_intervals([queries])


def test_folds_are_searched_apart_and_averaged(checkpoints: list[Path], features: Path, vocab: Path) -> None:
    regions = write_split(features, "testall", 15)
    similarity = plain_similarity(checkpoints[0], regions, lines(features, "testall"), vocab)
    folds = [similarity[3 * i : 3 * i + 3, 15 * i : 15 * i + 15] for i in range(5)]
    recalls = [recall_metrics(text_to_image_ranks(fold)) for fold in folds]
    expected = np.mean([astuple(recall)[:5] for recall in recalls], axis=0)
    report = evaluate_official(checkpoints[:1], features, vocab, "testall", fold5=True)
    assert (report.images, report.captions) == (15, 75)
    assert astuple(report.text_to_image)[:5] == pytest.approx(expected.tolist())


def test_json_is_the_terminals_contract(checkpoints: list[Path], features: Path, vocab: Path) -> None:
    write_split(features, "dev", 2)
    answer = json.loads(json.dumps(evaluate_official(checkpoints[1:], features, vocab, "dev").to_json()))
    assert list(answer) == ["images", "captions", "text_to_image", "image_to_text", "rsum"]
    assert list(answer["image_to_text"]) == ["r1", "r5", "r10", "median_rank", "mean_rank", "intervals"]
    for low, high in answer["image_to_text"]["intervals"].values():
        assert 0 <= low <= high <= 100


def test_progress_counts_pairs_up_to_the_total(checkpoints: list[Path], features: Path, vocab: Path) -> None:
    write_split(features, "testall", 10)
    seen: list[tuple[int, int]] = []
    evaluate_official(
        checkpoints, features, vocab, "testall", fold5=True, progress=lambda *pair: seen.append(pair)
    )
    assert {total for _, total in seen} == {2 * 5 * 2 * 10}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]


def test_blocks_and_chunks_change_nothing(
    checkpoints: list[Path], features: Path, vocab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = write_split(features, "test", 5)
    tokens = [Vocabulary.read(vocab).encode(caption) for caption in lines(features, "test")]
    model = read_checkpoint(checkpoints[0])
    expected = score_all(model, regions, tokens)
    for name, size in (("_CAPTION_BLOCK", 7), ("_CAPTION_CHUNK", 3), ("_IMAGE_CHUNK", 2)):
        monkeypatch.setattr(f"engine.sgraf.official.{name}", size)
    assert np.allclose(score_all(model, regions, tokens), expected, atol=1e-6)


def test_a_vocabulary_of_another_size_is_refused(
    checkpoints: list[Path], features: Path, tmp_path: Path
) -> None:
    write_split(features, "test", 1)
    longer = write_vocabulary(tmp_path / "coco.json", [*WORDS, "zebra"])
    with pytest.raises(PackError, match=r"coco\.json.*13 words.*SGR\.pth\.tar was trained with 12"):
        evaluate_official(checkpoints, features, longer, "test")


def test_features_of_another_size_are_refused(checkpoints: list[Path], features: Path, vocab: Path) -> None:
    write_split(features, "test", 1)
    np.save(features / "test_ims.npy", np.zeros((1, 36, 2048), dtype=np.float32))
    with pytest.raises(KnownError, match=r"36 regions of 2048 dimensions.*takes 9 of 12"):
        evaluate_official(checkpoints, features, vocab, "test")


def test_folds_must_be_equal(checkpoints: list[Path], features: Path, vocab: Path) -> None:
    write_split(features, "testall", 7)
    with pytest.raises(KnownError, match="7 images can't be split into 5 equal folds"):
        evaluate_official(checkpoints, features, vocab, "testall", fold5=True)


def test_a_checkpoint_is_needed(features: Path, vocab: Path) -> None:
    with pytest.raises(KnownError, match="no checkpoint"):
        evaluate_official([], features, vocab, "test")
