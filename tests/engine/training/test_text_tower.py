from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from engine.training.loop import METRICS, Journal
from engine.training.reading import mean_words, pooled, read_padded
from engine.training.text_tower import TextRecipe, TextTower, train_text_tower
from tests.engine.training.photos import COLOURS, SHAPES, tiny_text_tower
from tests.packs import tiny_tokenizer

GROUPS = [
    (f"a {colour} {shape}", f"{shape} in {colour}", f"one {shape}, all {colour}")
    for colour in COLOURS
    for shape in SHAPES
]
RECIPE = TextRecipe(epochs=1, batch=20, rate=5e-3, text_rate=1e-3)


def trained(folder: Path, recipe: TextRecipe, journal: Journal) -> TextTower:
    tower, reader = tiny_text_tower(folder)
    train_text_tower(tower, reader, GROUPS[:32], GROUPS[32:], recipe, journal)
    return tower


def test_captions_of_a_photo_come_together(tmp_path: Path) -> None:
    trained(tmp_path, TextRecipe(epochs=40, batch=16, rate=5e-3, text_rate=1e-3), Journal("text", tmp_path))
    rows = [json.loads(line) for line in (tmp_path / METRICS).read_text().splitlines()]
    assert rows[-1]["match"] < 0.7 * rows[0]["match"]
    assert rows[-1]["tune_r1"] > rows[0]["tune_r1"]


def test_captions_that_the_tower_has_no_numbers_for_are_not_found(tmp_path: Path) -> None:
    """No caption that it learns from has the broken word."""
    tower, reader = tiny_text_tower(tmp_path)
    torch.nn.init.constant_(tower.backbone.word.weight[tiny_tokenizer().token_to_id("7")], torch.nan)
    train_text_tower(tower, reader, GROUPS, [("7 boxes", "7 bars")] * 20, RECIPE, Journal("text", tmp_path))
    (row,) = (json.loads(line) for line in (tmp_path / METRICS).read_text().splitlines())
    assert row["tune_r1"] == row["tune_r10"] == 0


def test_a_seed_gives_one_result(tmp_path: Path) -> None:
    one, two = (trained(tmp_path, RECIPE, Journal("text")).backbone.state_dict() for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_words_that_no_caption_has_keep_their_meaning(tmp_path: Path) -> None:
    before, after = tiny_text_tower(tmp_path)[0], trained(tmp_path, RECIPE, Journal("text"))
    moved = {
        name
        for name, weight in before.backbone.state_dict().items()
        if not torch.equal(weight, after.backbone.state_dict()[name])
    }
    assert moved
    assert all(name.startswith("encoder.") for name in moved)
    assert not any(p.requires_grad for p in after.backbone.parameters())


@pytest.mark.parametrize("chunk", [1, 3, 64])
def test_captions_come_back_in_their_order_whatever_the_chunks(tmp_path: Path, chunk: int) -> None:
    _, reader = tiny_text_tower(tmp_path)
    captions = [caption for group in GROUPS[:5] for caption in group] + ["a dog", "two people in a long boat"]
    expected = torch.cat([mean_words(*read_padded(reader, [caption], 1)) for caption in captions])
    words, mask = read_padded(reader, captions, chunk)
    assert words.shape[:2] == mask.shape
    torch.testing.assert_close(mean_words(words, mask), expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(pooled(reader, captions, mean_words, chunk), expected, atol=1e-5, rtol=1e-4)


def test_no_caption_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no caption"):
        pooled(tiny_text_tower(tmp_path)[1], [], mean_words)
