"""The paper's baseline on photos drawn on the spot, their pixels as region features."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.sgraf.checkpoints import OfficialModel
from engine.training.batches import FeatureStore
from engine.training.captions import mentions_side, read_sources
from engine.training.features import Features
from engine.training.loop import Journal
from engine.training.losses import hardest_triplet
from engine.training.measure import Candidates
from engine.training.paper import (
    Module,
    PaperRecipe,
    Tokens,
    caption_tokens,
    draw_pairs,
    paper_model,
    train_paper,
)
from engine.training.paper_figures import paper_report, paper_similarity, rescored
from engine.training.paper_step import hard_pairs, parts, telling_similarities
from engine.training.vocabulary import build_vocabulary
from tests.engine.training.photos import write_source

PHOTOS, GRID, PATCH = 40, 2, 4
RECIPE = PaperRecipe(
    embed_size=32,
    sim_dim=32,
    word_dim=32,
    epochs=60,
    batch=20,  # with smaller ones, it is chance (the processor's rounding) whether SGR learns anything
    rate=3e-3,
    decay_after=55,
    warm_up=57,
    seed=1,
)


class Drawn:
    """Drawn photos, their features and their captions."""

    def __init__(self, folder: Path) -> None:
        write_source(folder / "drawn", count=PHOTOS)
        photos = read_sources(folder, ["drawn"])
        captions = [caption for photo in photos for caption in photo.captions]
        cells = np.stack([_cells(photo.path) for photo in photos])[:, None]
        cells = np.concatenate([cells, cells, cells[:, :, [1, 0, 3, 2]]], axis=1)[:, :, None]
        features = Features(
            cells=cells,
            concepts=cells[..., :9],
            mirrored=np.array([[False, False, True]] * PHOTOS),
            words=np.eye(len(captions), dtype=np.float16),
            starts=np.arange(len(captions) + 1),
            sentences=np.eye(len(captions), dtype=np.float16),
            photo_of=np.repeat(np.arange(PHOTOS), 2),
            sided=np.array([mentions_side(caption) for caption in captions]),
        )
        self.store = FeatureStore(features, torch.device("cpu"))
        self.vocabulary = build_vocabulary(captions, folder / "vocab.json")
        self.tokens: Tokens = caption_tokens(self.vocabulary, captions, RECIPE)

    def model(self, module: Module, recipe: PaperRecipe = RECIPE) -> OfficialModel:
        return paper_model(self.store, len(self.vocabulary), module, recipe)

    def trained(self, module: Module, recipe: PaperRecipe = RECIPE) -> OfficialModel:
        model = self.model(module, recipe)
        train_paper(self.store, range(PHOTOS), self.tokens, model, recipe, Journal(module))
        return model

    def similarity(self, *models: OfficialModel) -> np.ndarray:
        """(photos, captions), of the captions that name the photo's colour."""
        for model in models:
            for network in parts([model]).values():
                network.eval()
        captions = [2 * photo for photo in range(PHOTOS)]
        return paper_similarity(self.store, range(PHOTOS), captions, self.tokens, models)


def _cells(path: Path) -> np.ndarray:
    """(regions, channels) float16: the pixels of each cell of a coarse grid."""
    with Image.open(path) as image:
        pixels = np.asarray(image.resize((GRID * PATCH, GRID * PATCH)), dtype=np.float16) / 255
    cells = pixels.reshape(GRID, PATCH, GRID, PATCH, 3).swapaxes(1, 2)
    return cells.reshape(GRID * GRID, PATCH * PATCH * 3)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    return Drawn(tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def pair(drawn: Drawn) -> tuple[OfficialModel, OfficialModel]:
    return drawn.trained("SGR"), drawn.trained("SAF")


def _lead(similarity: np.ndarray) -> float:
    """How far own pairs are above all others, on average."""
    return float(similarity.diagonal().mean() - similarity[~np.eye(len(similarity), dtype=bool)].mean())


@pytest.mark.parametrize("place", [0, 1])
def test_each_module_learns_which_captions_belong(
    drawn: Drawn, pair: tuple[OfficialModel, OfficialModel], place: int
) -> None:
    model = pair[place]
    assert abs(_lead(drawn.similarity(drawn.model(model.similarity.config.module)))) < 0.02
    assert _lead(drawn.similarity(model)) > 0.08


def test_the_papers_similarity_is_the_mean_of_the_modules(
    drawn: Drawn, pair: tuple[OfficialModel, OfficialModel]
) -> None:
    sgr, saf = (drawn.similarity(model) for model in pair)
    np.testing.assert_allclose(drawn.similarity(*pair), (sgr + saf) / 2, atol=1e-6)


def test_the_seed_decides_the_weights(drawn: Drawn) -> None:
    short = replace(RECIPE, epochs=2, warm_up=1)

    def weights(recipe: PaperRecipe) -> torch.Tensor:
        model = drawn.trained("SAF", recipe)
        return torch.cat([p.flatten() for network in parts([model]).values() for p in network.parameters()])

    first = weights(short)
    torch.rand(3)
    np.random.rand(3)
    assert torch.equal(first, weights(short))
    assert not torch.equal(first, weights(replace(short, seed=2)))


def test_the_rate_falls_once() -> None:
    recipe = PaperRecipe(epochs=4, rate=2e-4, decay_after=3)
    assert [recipe.rate_in(epoch) for epoch in range(4)] == pytest.approx([2e-4, 2e-4, 2e-4, 2e-5])


def test_pairs_belong_together_and_a_mirrored_view_never_meets_a_side(drawn: Drawn) -> None:
    features = drawn.store.features
    random = np.random.default_rng(0)
    batch = draw_pairs(drawn.store, [3, 11, 29], drawn.tokens, random)
    assert batch.lengths.tolist() == sorted(batch.lengths.tolist())
    assert (batch.tokens[torch.arange(3), batch.lengths - 1] == 2).all()
    mirrored = 0
    for _ in range(20):
        batch = draw_pairs(drawn.store, [3], drawn.tokens, random)
        tokens = batch.tokens[0].tolist()
        assert tokens in [drawn.tokens[6], drawn.tokens[7]]
        whole, flipped = (torch.from_numpy(features.cells[3, view, 0]).float() for view in (1, 2))
        cells = batch.regions[0, :, : whole.shape[1]]
        shown_flipped = torch.allclose(cells, torch.nn.functional.layer_norm(flipped, flipped.shape[-1:]))
        assert shown_flipped or torch.allclose(cells, torch.nn.functional.layer_norm(whole, whole.shape[-1:]))
        assert not (shown_flipped and tokens == drawn.tokens[7])
        mirrored += shown_flipped
    assert mirrored


def test_long_captions_are_cut(drawn: Drawn) -> None:
    recipe = replace(RECIPE, max_tokens=4)
    (tokens,) = caption_tokens(drawn.vocabulary, ["a red picture with a box"], recipe)
    assert tokens == drawn.vocabulary.encode("a red picture with a box")[:4]


def test_hard_pairs_are_the_pairs_and_the_greatest_other_of_each_line() -> None:
    similarity = torch.tensor([[0.9, 0.2, 0.3], [0.8, 0.1, 0.0], [0.4, 0.5, 0.6]])
    rows, columns = hard_pairs(similarity)
    found = set(zip(rows.tolist(), columns.tolist(), strict=True))
    assert found == {(0, 0), (1, 1), (2, 2), (0, 2), (1, 0), (2, 1)}


def test_scoring_the_hardest_alone_changes_neither_loss_nor_step(
    drawn: Drawn, pair: tuple[OfficialModel, OfficialModel]
) -> None:
    """Against the loss over all similarities, with dropout off: only rounding differs."""
    model = deepcopy(pair[0])
    networks = parts([model])
    for network in networks.values():
        network.train()
        for layer in network.modules():
            if isinstance(layer, torch.nn.Dropout):
                layer.p = 0.0
    parameters = [p for network in networks.values() for p in network.parameters()]
    batch = draw_pairs(drawn.store, range(PHOTOS), drawn.tokens, np.random.default_rng(0))

    def gradient(similarity: torch.Tensor) -> tuple[float, torch.Tensor]:
        loss = hardest_triplet(similarity, 0.2)
        gradients = torch.autograd.grad(loss, parameters, allow_unused=True, materialize_grads=True)
        return loss.item(), torch.cat([g.flatten() for g in gradients])

    few, quick = gradient(telling_similarities(model, batch, hardest=True))
    words = model.words(batch.tokens, batch.lengths)
    every, exact = gradient(model.similarity(model.regions(batch.regions), words, batch.lengths))

    assert few == pytest.approx(every, rel=0.02)
    alike = torch.nn.functional.cosine_similarity(quick, exact, dim=0).item()
    assert alike > 0.9


def test_figures_of_the_whole_gallery_and_of_the_candidates(
    drawn: Drawn, pair: tuple[OfficialModel, OfficialModel]
) -> None:
    searched = _searched(drawn)
    report = paper_report(drawn.store, drawn.tokens, pair, searched, {"dev": searched})
    figures = report["dev"]
    assert isinstance(figures, dict)
    assert (figures["photos"], figures["captions"]) == (PHOTOS, 2 * PHOTOS)
    chance = 100 * 10 / PHOTOS
    assert figures["gallery"]["text_to_image"]["r10"] > chance + 10
    assert figures["gallery"]["image_to_text"]["r10"] > chance + 15
    coarse, fused = (figures["candidates"][name] for name in ("coarse", "fused"))
    assert figures["candidates"]["count"] == 10
    assert fused["r1"] + fused["r5"] > coarse["r1"] + coarse["r5"]
    assert fused["r10"] == coarse["r10"]


def test_candidates_are_rescored_as_the_whole_gallery_is(
    drawn: Drawn, pair: tuple[OfficialModel, OfficialModel]
) -> None:
    candidates = _searched(drawn)
    found = rescored(drawn.store, candidates, drawn.tokens, pair)
    np.testing.assert_array_equal(found.photos, candidates.photos)
    whole = paper_similarity(drawn.store, range(PHOTOS), range(2 * PHOTOS), drawn.tokens, pair)
    expected = whole[candidates.photos, np.arange(2 * PHOTOS)[:, None]]
    np.testing.assert_allclose(1 / (1 + np.exp(-found.logits)), expected, atol=1e-3)


def _searched(drawn: Drawn) -> Candidates:
    """Candidates of a weak coarse filter: noise, with a little more for the own photo."""
    truth = np.repeat(np.arange(PHOTOS), 2)
    cosines = np.random.default_rng(0).normal(0, 0.1, (2 * PHOTOS, PHOTOS))
    cosines[np.arange(2 * PHOTOS), truth] += 0.15
    order = np.argsort(-cosines, axis=1)
    best = np.take_along_axis(cosines, order, axis=1).astype(np.float32)
    return Candidates(
        gallery=range(PHOTOS),
        photos=order[:, :10],
        coarse=best[:, :10],
        logits=np.zeros((2 * PHOTOS, 10), np.float32),
        truth=truth,
        ranks=np.argmax(order == truth[:, None], axis=1),
        captions=np.arange(2 * PHOTOS),
    )
