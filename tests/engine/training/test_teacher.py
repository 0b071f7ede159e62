"""Towers that teach, and a tower that is taught."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import normalize

from engine.models.encoder import coarse_tower
from engine.models.heads import CoarseTower
from engine.models.looks import at_size
from engine.training.caption_vectors import CaptionVectors
from engine.training.captions import read_sources
from engine.training.image_tower import ImageData, ImageRecipe, ImageTowerTraining
from engine.training.loop import Journal
from engine.training.pixels import open_pixels
from engine.training.teacher import Teacher, embed_as_they_are
from tests.engine.training.photos import COLOURS, TinyBackbones, write_source
from tests.packs import TINY

RECIPE = ImageRecipe(epochs=12, batch=16, chunk=16, first_block=1, rate=3e-3, image_rate=1e-3, softness=0.0)


def tower(folder: Path, seed: int) -> CoarseTower:
    torch.manual_seed(seed)
    made = coarse_tower(TinyBackbones(folder).image(), TINY)
    made.backbone.concept_names.normal_()
    return made


def test_a_teacher_is_the_mean_of_its_towers(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (12, 64, 64, 3), dtype=np.uint8)
    towers, sides = [tower(tmp_path, seed) for seed in (1, 2)], (64, 48)
    pairs = list(zip(towers, sides, strict=True))
    found = embed_as_they_are(pixels, [9, 3, 4], pairs, torch.device("cpu"))
    with torch.inference_mode():
        shown = torch.from_numpy(pixels[[9, 3, 4]])
        looks = [each(at_size(shown, side))[0] for each, side in pairs]
    torch.testing.assert_close(found, normalize(looks[0] + looks[1], dim=-1), atol=1e-3, rtol=0)
    assert not torch.allclose(found, looks[0], atol=1e-2)


def test_what_is_taught_is_learnt(tmp_path: Path) -> None:
    """A tower that trusts a teacher who takes each colour for the next one does so, too."""
    write_source(tmp_path / "coco", count=48)
    photos = read_sources(tmp_path, ["coco"])
    colours = torch.eye(len(COLOURS), TINY.embed_dim - 1)[torch.arange(48) % len(COLOURS)]
    wrong = colours.roll(1, dims=0)
    captions = CaptionVectors(colours, colours, normalize(torch.randn(48, 16), dim=-1), torch.arange(49))
    pixels = open_pixels(photos, TINY.image_size, tmp_path)
    data = ImageData(pixels, captions, range(48), range(48), Teacher(wrong, colours))

    def misled(trust: float) -> float:
        taught = tower(tmp_path, 0)
        ImageTowerTraining(taught, data, replace(RECIPE, trust=trust)).train(Journal("image"))
        with torch.inference_mode():
            embedded = taught.eval()(torch.from_numpy(np.array(pixels)))[0]
        return float((embedded * (wrong - colours)).sum(1).mean())

    assert misled(0.0) < 0 < misled(0.9)
