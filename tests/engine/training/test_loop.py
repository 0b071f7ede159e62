from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from engine.errors import KnownError
from engine.training.loop import METRICS, Journal, Loop, Losses, backward
from engine.training.optimise import adamw


@dataclass(frozen=True)
class Recipe:
    epochs: int = 4
    seed: int = 3
    rate: float = 0.1


class Killed(BaseException):
    pass


def train(
    recipe: Recipe,
    folder: Path | None,
    *,
    killed_in: int | None = None,
    said: list[str] | None = None,
    inputs: str = "these",
    scale: float = 1.0,
) -> nn.Module:
    """Fit a line with dropout, so that every source of randomness counts."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.3), nn.Linear(8, 1))
    epochs = 0

    def batches(random: np.random.Generator) -> Iterator[torch.Tensor]:
        nonlocal epochs
        epochs += 1
        for _ in range(5):
            yield torch.from_numpy(random.normal(size=(16, 2))).float()

    def step(batch: torch.Tensor, random: np.random.Generator) -> Losses:
        if killed_in == epochs and random.random() < 0.5:
            raise Killed
        return backward({"square": scale * (network(batch)[:, 0] - batch.sum(1)).square().mean()})

    optimiser = adamw([network], rate=recipe.rate, decay=0.01)
    journal = Journal("line", folder) if said is None else Journal("line", folder, said.append, every=0)
    loop = Loop(network, optimiser, recipe, steps=5, journal=replace(journal, inputs=inputs))
    loop.run(batches, step, lambda: {"seen": 1.0})
    return network


def test_it_learns_and_ends_with_the_averaged_weights(tmp_path: Path) -> None:
    train(Recipe(epochs=40), tmp_path)
    rows = [json.loads(line) for line in (tmp_path / METRICS).read_text().splitlines()]
    assert [row["epoch"] for row in rows] == list(range(1, 41))
    assert rows[-1]["square"] < rows[0]["square"] / 2
    assert rows[0]["seen"] == 1.0


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    one, two, other = (train(Recipe(seed=seed), None).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_a_killed_run_goes_on_to_the_same_result(tmp_path: Path) -> None:
    whole = train(Recipe(), None).state_dict()
    with pytest.raises(Killed):
        train(Recipe(), tmp_path, killed_in=3)
    resumed = train(Recipe(), tmp_path).state_dict()
    # the resumed run counts its epochs anew, so `killed_in` plays no part in it
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    epochs = [json.loads(line)["epoch"] for line in (tmp_path / METRICS).read_text().splitlines()]
    assert epochs == [1, 2, 3, 4]


def test_a_long_epoch_tells_how_far_it_is() -> None:
    said: list[str] = []
    train(Recipe(epochs=1), None, said=said)
    *steps, whole = said
    assert steps == [f"line, epoch 1: step {n}/5, 0 min left of it" for n in range(1, 6)]
    assert whole.startswith("line 1/1: ")


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    first = train(Recipe(), tmp_path).state_dict()
    again = train(Recipe(), tmp_path).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert len((tmp_path / METRICS).read_text().splitlines()) == 4


def test_a_checkpoint_of_other_settings_is_refused_by_name(tmp_path: Path) -> None:
    train(Recipe(), tmp_path)
    with pytest.raises(KnownError, match=r"line\.checkpoint\.pt.*other settings"):
        train(replace(Recipe(), rate=0.2), tmp_path)


def test_a_checkpoint_of_other_inputs_is_refused_by_name(tmp_path: Path) -> None:
    train(Recipe(), tmp_path)
    with pytest.raises(KnownError, match=r"line\.checkpoint\.pt.*photos or weights"):
        train(Recipe(), tmp_path, inputs="others")


def test_a_loss_that_is_no_number_ends_the_run_before_it_spoils_the_weights(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="“line” is not finite"):
        train(Recipe(), tmp_path, scale=float("nan"))
    assert not list(tmp_path.iterdir())


def test_fewer_photos_than_a_batch_are_refused() -> None:
    network = nn.Linear(2, 1)
    with pytest.raises(KnownError, match="fewer photos than a batch of “line”"):
        Loop(network, adamw([network], rate=0.1, decay=0.0), Recipe(), steps=0, journal=Journal("line"))
