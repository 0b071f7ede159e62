from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cosine_similarity

from engine.models.encoder import coarse_tower
from engine.models.heads import CoarseTower
from engine.training.augment import mirror_words
from engine.training.caption_vectors import CaptionVectors, read_meanings
from engine.training.captions import CaptionedPhoto, read_sources
from engine.training.image_tower import ImageData, ImageRecipe, ImageTowerTraining
from engine.training.loop import METRICS, Journal
from engine.training.pixels import open_pixels
from tests.engine.training.photos import TinyBackbones, tiny_text_tower, write_source
from tests.packs import TINY

RECIPE = ImageRecipe(epochs=1, batch=16, chunk=16, first_block=1, rate=3e-3, image_rate=1e-3)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[CaptionedPhoto]:
    folder = tmp_path_factory.mktemp("photos")
    write_source(folder / "coco", count=60)
    return read_sources(folder, ["coco"])


@pytest.fixture(scope="module")
def data(photos: list[CaptionedPhoto], tmp_path_factory: pytest.TempPathFactory) -> ImageData:
    folder = tmp_path_factory.mktemp("tower")
    tower, reader = tiny_text_tower(folder)
    tower.heads.eval()
    pixels = open_pixels(photos, TINY.image_size, folder)
    captions = CaptionVectors.of(photos, tower, reader, read_meanings(photos, reader))
    return ImageData(pixels, captions, range(48), range(48, 60))


def training(folder: Path, data: ImageData, recipe: ImageRecipe) -> tuple[ImageTowerTraining, CoarseTower]:
    torch.manual_seed(0)
    tower = coarse_tower(TinyBackbones(folder).image(), TINY)
    tower.backbone.concept_names.normal_()
    return ImageTowerTraining(tower, data, recipe), tower


def trained(folder: Path, data: ImageData, recipe: ImageRecipe) -> dict[str, torch.Tensor]:
    run, tower = training(folder, data, recipe)
    run.train(Journal("image"))
    return tower.state_dict()


def test_all_captions_of_a_photo_are_read_once(photos: list[CaptionedPhoto], tmp_path: Path) -> None:
    """In the photo's order, and once more with left and right exchanged."""
    tower, reader = tiny_text_tower(tmp_path)
    tower.heads.eval()
    CaptionVectors.of(photos, tower, reader, read_meanings(photos, reader)).write(
        tmp_path / "captions.safetensors"
    )
    captions = CaptionVectors.read(tmp_path / "captions.safetensors")
    for number in (0, 7, 59):
        for mirrored, change in ((False, str), (True, mirror_words)):
            expected = tower.embed(reader, [change(caption) for caption in photos[number].captions])
            found = captions.of_photo(number, mirrored=mirrored)
            torch.testing.assert_close(found, expected, atol=2e-2, rtol=0)
    assert not torch.equal(captions.of_photo(0), captions.of_photo(0, mirrored=True))
    torch.testing.assert_close(captions.meanings.norm(dim=1), torch.ones(len(photos)))
    alike = cosine_similarity(captions.meanings[:1], captions.meanings)
    assert float(alike[40]) > float(alike[1])  # every fortieth has the same colour and shape


def test_gradient_caching_changes_nothing_but_the_memory(tmp_path: Path, data: ImageData) -> None:
    """Chunks of a batch give the gradients of the whole batch (dropout off, concepts not compared)."""
    gradients = []
    for chunk in (16, 4):
        run, tower = training(tmp_path, data, replace(RECIPE, chunk=chunk, keep_concepts=0.0))
        tower.eval()
        tower.backbone.network.blocks.requires_grad_(True)
        run._step(list(range(16)), np.random.default_rng(0))
        gradients.append([p.grad for p in tower.backbone.network.blocks[2].parameters()])
    for whole, cached in zip(*gradients, strict=True):
        assert whole is not None
        assert cached is not None
        scale = float(whole.abs().max())
        torch.testing.assert_close(cached, whole, atol=0.05 * scale + 1e-8, rtol=0.05)


def test_it_brings_photos_and_their_captions_together(tmp_path: Path, data: ImageData) -> None:
    run, _ = training(tmp_path, data, replace(RECIPE, epochs=15, rate=1e-2))
    run.train(Journal("image", tmp_path))
    rows = [json.loads(line) for line in (tmp_path / METRICS).read_text().splitlines()]
    assert rows[-1]["match"] < 0.8 * rows[0]["match"]
    assert {"tune_r1", "concepts"} <= set(rows[0])


def test_a_seed_gives_one_result(tmp_path: Path, data: ImageData) -> None:
    one, two = (trained(tmp_path, data, RECIPE) for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_what_is_fixed_stays_as_it_was(tmp_path: Path, data: ImageData) -> None:
    _, untouched = training(tmp_path, data, RECIPE)
    after = trained(tmp_path, data, RECIPE)
    fixed = ("conv_stem", "blocks.0.", "conv_dw", "classifier", "concept_names")
    for name, weight in untouched.state_dict().items():
        same = torch.equal(weight, after[name])
        if name.startswith("backbone.") and any(part in name for part in fixed):
            assert same, name
        elif "conv_pw" in name:
            assert not same, name


def test_the_classifier_is_held_where_it_was(tmp_path: Path, data: ImageData) -> None:
    """With a strong hold the concepts move less than without."""
    moved = []
    for keep in (0.0, 50.0):
        run, tower = training(tmp_path, data, replace(RECIPE, epochs=6, image_rate=1e-2, keep_concepts=keep))
        pixels = torch.from_numpy(data.pixels[:16].copy())
        before = _classes(tower, pixels)
        run.train(Journal("image"))
        after = _classes(tower, pixels)
        moved.append(float((before.softmax(-1) - after.softmax(-1)).abs().mean()))
    assert moved[1] < 0.6 * moved[0]


@torch.inference_mode()
def _classes(tower: CoarseTower, pixels: torch.Tensor) -> torch.Tensor:
    return tower.backbone.classes(tower.backbone(pixels)[0])
