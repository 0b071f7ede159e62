from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from engine.models.encoder import image_heads, text_heads
from engine.training.captions import read_sources
from engine.training.loop import METRICS, Journal
from engine.training.pixels import open_pixels
from engine.training.tower import TowerData, TowerRecipe, Towers, TowerTraining
from tests.engine.training.photos import TinyBackbones, write_source
from tests.packs import TINY

RECIPE = TowerRecipe(epochs=1, batch=16, chunk=16, first_block=1, sentences=4, rate=3e-3, image_rate=1e-3)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TowerData:
    folder = tmp_path_factory.mktemp("tower")
    write_source(folder / "coco", count=60)
    photos = read_sources(folder, ["coco"])
    pixels = open_pixels(photos, TINY.image_size, folder)
    return TowerData(
        photos, pixels, range(48), range(48, 60), ["two people in a boat", "a penguin with a guitar"]
    )


def training(folder: Path, data: TowerData, recipe: TowerRecipe) -> tuple[TowerTraining, Towers]:
    torch.manual_seed(0)
    backbones = TinyBackbones(folder)
    towers = Towers(backbones.image(), backbones.text(), image_heads(TINY), text_heads(TINY))
    towers.image_backbone.concept_names.normal_()
    tokenizer = Tokenizer.from_file(str(backbones.tokenizer))
    return TowerTraining(towers, backbones.text(), tokenizer, TINY.max_words, data, recipe), towers


def trained(folder: Path, data: TowerData, recipe: TowerRecipe) -> dict[str, torch.Tensor]:
    run, towers = training(folder, data, recipe)
    run.train(Journal("towers"))
    return {
        prefix + name: w
        for prefix, module in towers.modules.items()
        for name, w in module.state_dict().items()
    }


def test_gradient_caching_changes_nothing_but_the_memory(tmp_path: Path, data: TowerData) -> None:
    """Chunks of a batch give the gradients of the whole batch (dropout off, concepts not compared)."""
    gradients = []
    for chunk in (16, 4):
        run, towers = training(tmp_path, data, replace(RECIPE, chunk=chunk, keep_concepts=0.0))
        for module in towers.modules.values():
            module.eval()
        towers.image_backbone.network.blocks.requires_grad_(True)
        run._step(list(range(16)), np.random.default_rng(0))
        gradients.append([p.grad for p in towers.image_backbone.network.blocks[2].parameters()])
    for whole, cached in zip(*gradients, strict=True):
        assert whole is not None
        assert cached is not None
        scale = float(whole.abs().max())
        torch.testing.assert_close(cached, whole, atol=0.05 * scale + 1e-8, rtol=0.05)


def test_it_brings_photos_and_their_captions_together(tmp_path: Path, data: TowerData) -> None:
    run, _ = training(tmp_path, data, replace(RECIPE, epochs=15, rate=1e-2))
    run.train(Journal("towers", tmp_path))
    rows = [json.loads(line) for line in (tmp_path / METRICS).read_text().splitlines()]
    assert rows[-1]["match"] < 0.8 * rows[0]["match"]
    assert {"tune_r1", "concepts", "sentences"} <= set(rows[0])


def test_a_seed_gives_one_result(tmp_path: Path, data: TowerData) -> None:
    one, two = (trained(tmp_path, data, RECIPE) for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_what_is_fixed_stays_as_it_was(tmp_path: Path, data: TowerData) -> None:
    _, untouched = training(tmp_path, data, RECIPE)
    after = trained(tmp_path, data, RECIPE)
    fixed = ("conv_stem", "blocks.0.", "conv_dw", "classifier", "concept_names", "word.weight", "position")
    for prefix, module in untouched.modules.items():
        for name, weight in module.state_dict().items():
            same = torch.equal(weight, after[prefix + name])
            if prefix.endswith("backbone.") and any(part in name for part in fixed):
                assert same, name
            elif "conv_pw" in name:
                assert not same, name


def test_the_classifier_is_held_where_it_was(tmp_path: Path, data: TowerData) -> None:
    """With a strong hold the concepts move less than without."""
    moved = []
    for keep in (0.0, 50.0):
        run, towers = training(tmp_path, data, replace(RECIPE, epochs=6, image_rate=1e-2, keep_concepts=keep))
        pixels = torch.from_numpy(data.pixels[:16].copy())
        before = _classes(towers, pixels)
        run.train(Journal("towers"))
        after = _classes(towers, pixels)
        moved.append(float((before.softmax(-1) - after.softmax(-1)).abs().mean()))
    assert moved[1] < 0.6 * moved[0]


@torch.inference_mode()
def _classes(towers: Towers, pixels: torch.Tensor) -> torch.Tensor:
    return towers.image_backbone.classes(towers.image_backbone(pixels)[0])
