from __future__ import annotations

import pytest
import torch

from engine.training.losses import hardest_triplet

MARGIN = 0.2


def by_loops(similarity: list[list[float]], margin: float) -> float:
    """The paper's equation, written out."""
    total = 0.0
    for own, row in enumerate(similarity):
        column = [line[own] for line in similarity]
        for line in (row, column):
            violations = [margin - row[own] + s for other, s in enumerate(line) if other != own]
            total += max(0.0, *violations)
    return total


@pytest.mark.parametrize("seed", range(5))
def test_the_loss_is_the_papers_equation(seed: int) -> None:
    similarity = torch.rand(6, 6, generator=torch.Generator().manual_seed(seed))
    found = hardest_triplet(similarity, MARGIN)
    assert found.item() == pytest.approx(by_loops(similarity.tolist(), MARGIN), abs=1e-5)


def test_pairs_ahead_by_the_margin_cost_nothing_and_move_nothing() -> None:
    similarity = (0.6 * torch.eye(4) + 0.3).requires_grad_()
    loss = hardest_triplet(similarity, MARGIN)
    torch.autograd.backward(loss)
    assert loss.item() == 0
    assert similarity.grad is not None
    assert not similarity.grad.any()


def test_equal_similarities_cost_the_margin_in_both_directions() -> None:
    assert hardest_triplet(torch.full((5, 5), 0.5), MARGIN).item() == pytest.approx(5 * 2 * MARGIN)


def test_the_gradient_raises_pairs_and_lowers_only_their_hardest_negatives() -> None:
    similarity = torch.tensor(
        [[0.5, 0.6, 0.1], [0.4, 0.9, 0.2], [0.45, 0.3, 0.9]], dtype=torch.float64, requires_grad=True
    )
    torch.autograd.backward(hardest_triplet(similarity, MARGIN))
    # photo 0 and caption 0 violate the margin, with caption 1 and photo 2; all others are far enough ahead
    expected = torch.zeros(3, 3, dtype=torch.float64)
    expected[0, 0], expected[0, 1], expected[2, 0] = -2, 1, 1
    torch.testing.assert_close(similarity.grad, expected)


def test_the_gradient_is_that_of_finite_differences() -> None:
    similarity = torch.rand(4, 4, generator=torch.Generator().manual_seed(7)).requires_grad_()
    loss = hardest_triplet(similarity, MARGIN)
    torch.autograd.backward(loss)
    assert similarity.grad is not None
    for row in range(4):
        for column in range(4):
            moved = similarity.detach().clone()
            moved[row, column] += 1e-3
            slope = (hardest_triplet(moved, MARGIN) - loss.detach()) / 1e-3
            assert slope.item() == pytest.approx(similarity.grad[row, column].item(), abs=2e-3)


def test_half_precision_is_added_up_in_single() -> None:
    similarity = torch.rand(64, 64, generator=torch.Generator().manual_seed(1)).bfloat16()
    loss = hardest_triplet(similarity, MARGIN)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, hardest_triplet(similarity.float(), MARGIN))


def test_a_lone_pair_has_nothing_to_beat() -> None:
    similarity = torch.tensor([[0.1]], requires_grad=True)
    loss = hardest_triplet(similarity, MARGIN)
    torch.autograd.backward(loss)
    assert loss.item() == 0
    assert similarity.grad is not None
    assert similarity.grad.item() == 0
