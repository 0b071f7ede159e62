from __future__ import annotations

import pytest
import torch
from torch import nn

from engine.training.optimise import Averaged, adamw, cosine, soft_targets, symmetric_softmax


def _words() -> tuple[torch.Tensor, torch.Tensor]:
    """Two captions for each of two photos: the first photo's say the same as the second's first."""
    words = torch.tensor([[1.0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0]])[:, None]
    return words, torch.ones(4)


def test_targets_are_distributions_over_captions_and_photos() -> None:
    to_captions, to_photos = soft_targets(*_words(), photos=2, softness=0.3)
    assert to_captions.shape == (2, 4)
    assert to_photos.shape == (4, 2)
    torch.testing.assert_close(to_captions.sum(1), torch.ones(2))
    torch.testing.assert_close(to_photos.sum(1), torch.ones(4))


def test_what_says_the_same_shares_and_the_rest_does_not() -> None:
    to_captions, _ = soft_targets(*_words(), photos=2, softness=0.3)
    assert to_captions[0, 2] > 0.05
    assert to_captions[0, 3] < 0.01
    hard, _ = soft_targets(*_words(), photos=2, softness=0.0)
    assert hard.tolist() == [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]


def test_the_loss_is_least_for_the_true_pairs() -> None:
    targets = soft_targets(*_words(), photos=2, softness=0.0)
    right = torch.tensor([[5.0, 5, -5, -5], [-5, -5, 5, 5]])
    assert symmetric_softmax(right, targets) < symmetric_softmax(torch.zeros(2, 4), targets)
    assert symmetric_softmax(torch.zeros(2, 4), targets) < symmetric_softmax(-right, targets)


def test_the_rate_warms_up_and_ends_at_nothing() -> None:
    optimiser = adamw([nn.Linear(2, 2)], rate=1.0, decay=0.1)
    schedule = cosine(optimiser, 100)
    rates = []
    for _ in range(100):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    assert rates[0] == pytest.approx(0.2)
    assert max(rates) == rates[5] == 1.0
    assert rates[-1] < 0.01


def test_only_matrices_decay() -> None:
    decays = {
        len(g["params"][0].shape): g["weight_decay"]
        for g in adamw([nn.Linear(3, 2)], rate=1, decay=0.5).param_groups
    }
    assert decays == {2: 0.5, 1: 0.0}


def test_the_average_lags_behind_and_is_applied() -> None:
    module = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(module.weight)
    average = Averaged(module, decay=0.9)
    for _ in range(200):
        average.update()
    with torch.no_grad():
        module.weight.fill_(1.0)
    average.update()
    average.apply()
    assert module.weight.item() == pytest.approx(0.1)
