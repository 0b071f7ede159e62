from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from engine.models.encoder import coarse_tower
from engine.models.heads import CoarseTower
from engine.models.text_backbone import WordReader
from engine.training.captions import CaptionedPhoto, read_sources
from engine.training.image_tower import ImageData, ImageTowerTraining
from engine.training.loop import Journal
from engine.training.pixels import open_pixels
from engine.training.text_tower import TextTower
from engine.training.together import LearningCaptions, TogetherRecipe
from tests.engine.training.photos import TinyBackbones, tiny_text_tower, write_source
from tests.packs import TINY

RECIPE = TogetherRecipe(
    epochs=1,
    batch=16,
    chunk=16,
    first_block=1,
    rate=3e-3,
    image_rate=1e-3,
    text_rate=1e-3,
    head_rate=3e-3,
)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[CaptionedPhoto]:
    folder = tmp_path_factory.mktemp("photos")
    write_source(folder / "coco", count=60)
    return read_sources(folder, ["coco"])


def captions_of(
    photos: list[CaptionedPhoto], folder: Path, recipe: TogetherRecipe = RECIPE
) -> tuple[LearningCaptions, TextTower, WordReader]:
    text, reader = tiny_text_tower(folder)
    text.heads.eval()
    meanings = normalize(torch.ones(len(photos), TINY.text_dim), dim=-1)
    return LearningCaptions(photos, meanings, text, reader, recipe), text, reader


def training(
    photos: list[CaptionedPhoto], folder: Path, recipe: TogetherRecipe = RECIPE
) -> tuple[ImageTowerTraining, CoarseTower, TextTower]:
    captions, text, _ = captions_of(photos, folder, recipe)
    torch.manual_seed(0)
    tower = coarse_tower(TinyBackbones(folder).image(), TINY)
    tower.backbone.concept_names.normal_()
    data = ImageData(open_pixels(photos, TINY.image_size, folder), captions, range(48), range(48, 60))
    return ImageTowerTraining(tower, data, recipe), tower, text


def trained(photos: list[CaptionedPhoto], folder: Path) -> tuple[CoarseTower, TextTower]:
    run, tower, text = training(photos, folder)
    run.train(Journal("together"))
    return tower, text


def test_both_towers_learn_and_word_embeddings_stay(photos: list[CaptionedPhoto], tmp_path: Path) -> None:
    before, (tower, text) = tiny_text_tower(tmp_path)[0], trained(photos, tmp_path)
    moved = {
        name
        for name, weight in before.backbone.state_dict().items()
        if not torch.equal(weight, text.backbone.state_dict()[name])
    }
    assert moved
    assert all(name.startswith("encoder.") for name in moved)
    assert not torch.equal(before.heads.coarse.project.weight, text.heads.coarse.project.weight)
    assert torch.equal(before.heads.word.weight, text.heads.word.weight)
    finished = (text.backbone, text.heads.coarse, tower.backbone.network.blocks[1:])
    assert not any(p.requires_grad for module in finished for p in module.parameters())


def test_a_seed_gives_one_result(photos: list[CaptionedPhoto], tmp_path: Path) -> None:
    one, two = (trained(photos, tmp_path) for _ in range(2))
    for left, right in ((one[0], two[0]), (one[1].backbone, two[1].backbone), (one[1].heads, two[1].heads)):
        for name, weight in left.state_dict().items():
            assert torch.equal(weight, right.state_dict()[name]), name


def test_chunks_of_photos_give_the_words_the_gradients_of_the_whole_batch(
    photos: list[CaptionedPhoto], tmp_path: Path
) -> None:
    gradients = []
    for chunk in (16, 4):
        run, tower, text = training(photos, tmp_path, replace(RECIPE, chunk=chunk, keep_concepts=0.0))
        tower.eval()
        run._step(list(range(16)), np.random.default_rng(0))
        gradients.append([p.grad for p in text.backbone.encoder.parameters()])
    for whole, cached in zip(*gradients, strict=True):
        assert whole is not None
        assert cached is not None
        scale = float(whole.abs().max())
        torch.testing.assert_close(cached, whole, atol=0.05 * scale + 1e-8, rtol=0.05)


def test_two_captions_of_each_photo_are_drawn(photos: list[CaptionedPhoto], tmp_path: Path) -> None:
    """Or the only one; and what two of a photo have to do with each other is learnt, too."""
    lonely = [replace(photos[0], captions=photos[0].captions[:1]), *photos[1:]]
    captions, _, _ = captions_of(lonely, tmp_path)
    drawn = captions.draw([5, 0, 9], np.zeros(3, np.bool_), np.random.default_rng(0))
    assert drawn.owner.tolist() == [0, 0, 1, 2, 2]
    assert drawn.embedded.shape == (5, TINY.embed_dim - 1)
    torch.testing.assert_close(drawn.embedded.norm(dim=1), torch.ones(5), atol=1e-2, rtol=0)
    starts = np.cumsum([0, *(len(photo.captions) for photo in lonely)])
    for owner, number in zip(drawn.owner.tolist(), drawn.numbers, strict=True):
        photo = [5, 0, 9][owner]
        assert starts[photo] <= number < starts[photo + 1]
    assert len(set(drawn.numbers)) == 5
    drawn.losses["words"].backward()  # type: ignore[no-untyped-call]
    assert all(p.grad is not None for p in captions.trained[0].parameters())


def test_a_mirrored_photo_meets_mirrored_captions(
    photos: list[CaptionedPhoto], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = replace(photos[0], captions=("a dog on the left", "left of a boat"))
    read: list[str] = []
    captions, _, reader = captions_of([said], tmp_path)
    states = reader.states
    monkeypatch.setattr(
        WordReader, "states", lambda self, texts, **how: (read.extend(texts), states(texts, **how))[1]
    )
    for mirrored in (False, True):
        captions.draw([0] * 8, np.full(8, mirrored), np.random.default_rng(0))
        words = " ".join(read).split()
        read.clear()
        assert ("right" in words, "left" in words) == (mirrored, not mirrored)
