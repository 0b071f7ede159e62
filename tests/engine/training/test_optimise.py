from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from engine.training.optimise import (
    Averaged,
    adamw,
    cosine,
    many_captions_softmax,
    soft_targets,
    symmetric_softmax,
)


def _sentences() -> torch.Tensor:
    """Three captions; the first two say the same."""
    return torch.tensor([[1.0, 0, 0], [1, 0, 0], [0, 1, 0]])


def test_targets_are_distributions_that_favour_the_own_caption() -> None:
    targets = soft_targets(_sentences(), softness=0.3)
    torch.testing.assert_close(targets.sum(1), torch.ones(3), atol=0.1, rtol=0)
    assert (targets.argmax(1) == torch.arange(3)).all()


def test_what_says_the_same_shares_and_the_rest_does_not() -> None:
    targets = soft_targets(_sentences(), softness=0.3)
    assert targets[0, 1] > 0.05
    assert targets[0, 2] < 0.01
    assert torch.equal(soft_targets(_sentences(), softness=0.0), torch.eye(3))


def test_the_loss_is_least_for_the_true_pairs() -> None:
    targets = soft_targets(_sentences(), softness=0.0)
    right = torch.full((3, 3), -5.0) + 10 * torch.eye(3)
    assert symmetric_softmax(right, targets) < symmetric_softmax(torch.zeros(3, 3), targets)
    assert symmetric_softmax(torch.zeros(3, 3), targets) < symmetric_softmax(-right, targets)


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


def test_with_one_caption_each_it_is_the_symmetric_softmax() -> None:
    torch.manual_seed(0)
    logits, targets = torch.randn(6, 6), soft_targets(normalize(torch.randn(6, 8), dim=-1), 0.4)
    expected = symmetric_softmax(logits, targets)
    torch.testing.assert_close(many_captions_softmax(logits, targets, torch.arange(6)), expected)


def test_captions_of_a_photo_count_together_as_one() -> None:
    """Two captions that are alike weigh like one that is twice as near to being chosen."""
    torch.manual_seed(0)
    logits, targets = torch.randn(3, 3), torch.eye(3)
    twice = torch.cat([logits, logits[:, 2:]], dim=1)
    loss = many_captions_softmax(twice, targets, torch.tensor([0, 1, 2, 2]))
    shifted = torch.cat([logits[:, :2], logits[:, 2:] + np.log(2)], dim=1)
    to_captions = cross_entropy(shifted, torch.arange(3)) + np.log(2) / 3
    to_photos = cross_entropy(logits.T, torch.arange(3))
    torch.testing.assert_close(loss, 0.5 * (to_captions + to_photos))


def test_a_teacher_that_is_trusted_alone_is_all_that_counts() -> None:
    torch.manual_seed(0)
    logits, teacher, owner = torch.randn(2, 3), torch.randn(2, 3), torch.tensor([0, 0, 1])
    loss = many_captions_softmax(logits, torch.eye(2), owner, teacher, 1.0)
    to_captions = cross_entropy(logits, teacher.softmax(1))
    each = cross_entropy(logits.T, teacher.T.softmax(1), reduction="none")
    to_photos = (each * torch.tensor([0.5, 0.5, 1.0])).sum() / 2
    torch.testing.assert_close(loss, 0.5 * (to_captions + to_photos))
    untaught = many_captions_softmax(logits, torch.eye(2), owner)
    torch.testing.assert_close(many_captions_softmax(logits, torch.eye(2), owner, teacher, 0.0), untaught)
