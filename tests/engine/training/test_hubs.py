"""The correction is fitted on drawn features in which one photo is near to all captions."""

from __future__ import annotations

import numpy as np
import torch

from engine.models.encoder import image_heads, text_heads
from engine.models.models import similarity_encoder
from engine.training.batches import FeatureStore
from engine.training.features import Features
from engine.training.hubs import WEIGHTS, fit_hubness
from engine.training.reranking import RerankNetwork
from tests.packs import TINY

PHOTOS = 40


def store() -> FeatureStore:
    random = np.random.default_rng(0)
    words = random.normal(size=(PHOTOS, TINY.text_dim))
    cells = random.normal(size=(PHOTOS, 1, TINY.towers, TINY.regions, TINY.cell_dim))
    return FeatureStore(
        Features(
            cells=cells.astype(np.float16),
            concepts=np.tile(words[:, None, None, None], (1, 1, TINY.towers, TINY.regions, 1)).astype(
                np.float16
            ),
            mirrored=np.zeros((PHOTOS, 1), np.bool_),
            words=words.astype(np.float16),
            starts=np.arange(PHOTOS + 1),
            sentences=words.astype(np.float16),
            photo_of=np.arange(PHOTOS),
            sided=np.zeros(PHOTOS, np.bool_),
        ),
        torch.device("cpu"),
    )


def network() -> RerankNetwork:
    torch.manual_seed(0)
    encoders = (similarity_encoder(TINY, "SGR"), similarity_encoder(TINY, "SAF"))
    return RerankNetwork(image_heads(TINY).eval(), text_heads(TINY).eval(), *encoders)


def test_the_best_weight_of_those_tried_is_kept() -> None:
    trained = network()
    tried = fit_hubness(store(), trained, train=range(30), tune=range(30, PHOTOS), seed=1)
    assert tuple(tried) == WEIGHTS
    best = max(recall.total for recall in tried.values())
    assert tried[float(trained.image.hubness.weight)].total == best
    assert trained.image.hubness.captions.abs().sum() > 0


def test_fitting_again_gives_the_same() -> None:
    one, two = network(), network()
    for trained in (one, two):
        fit_hubness(store(), trained, train=range(30), tune=range(30, PHOTOS), seed=1)
    for name, weight in one.image.state_dict().items():
        assert torch.equal(weight, two.image.state_dict()[name])
    fit_hubness(store(), two, train=range(30), tune=range(30, PHOTOS), seed=1)
    torch.testing.assert_close(one.image.hubness.captions, two.image.hubness.captions)


def test_a_filter_that_gives_no_numbers_finds_nothing() -> None:
    broken = network()
    torch.nn.init.constant_(next(broken.text.coarse.parameters()), torch.nan)
    tried = fit_hubness(store(), broken, train=range(30), tune=range(30, PHOTOS), seed=1)
    assert {recall.r10 for recall in tried.values()} == {0}
