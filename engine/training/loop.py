"""The loop that all stages train in: epochs, averaged weights, checkpoints, figures.

A run that was killed goes on after its last whole epoch and ends with the same
weights: every epoch draws its randomness from its own number and the seed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import KnownError
from engine.training.optimise import Averaged, cosine

Log = Callable[[str], None]
Losses = dict[str, float]
B = TypeVar("B")
METRICS = "metrics.jsonl"


@dataclass(frozen=True, slots=True)
class Journal:
    """Where a stage keeps its figures and its checkpoint.

    Attributes:
        stage: Name of the stage.
        folder: The run folder, or None to keep nothing.
        log: Takes a line of progress.
        every: Seconds after which a line tells how far an epoch is.
        inputs: Digest of what the stage is given (`engine.training.inputs`).
    """

    stage: str
    folder: Path | None = None
    log: Log = lambda line: None
    every: float = 60.0
    inputs: str = ""

    @property
    def checkpoint(self) -> Path | None:
        """The stage's checkpoint file."""
        return None if self.folder is None else self.folder / f"{self.stage}.checkpoint.pt"

    def write(self, epoch: int, epochs: int, figures: Losses) -> None:
        """Log the figures of an epoch and add them to `metrics.jsonl`."""
        self.log(f"{self.stage} {epoch}/{epochs}: " + ", ".join(f"{k} {v:.4g}" for k, v in figures.items()))
        if self.folder is not None:
            with (self.folder / METRICS).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"stage": self.stage, "epoch": epoch, **figures}) + "\n")


class _Progress:
    """Tells from time to time how far an epoch is, and how long the rest of it takes."""

    def __init__(self, journal: Journal, epoch: int, steps: int) -> None:
        self._journal, self._epoch, self._steps = journal, epoch, steps
        self._start = self._told = time.monotonic()
        self._done = 0

    @property
    def seconds(self) -> float:
        """Seconds since the epoch began."""
        return time.monotonic() - self._start

    def step(self) -> None:
        """Count a step."""
        self._done += 1
        if time.monotonic() - self._told >= self._journal.every:
            self._told = time.monotonic()
            left = (self._steps - self._done) * self.seconds / self._done
            where = f"{self._journal.stage}, epoch {self._epoch}: step {self._done}/{self._steps}"
            self._journal.log(f"{where}, {left / 60:.0f} min left of it")


class Loop:
    """Trains modules for a number of epochs.

    Args:
        trained: What is trained.
        optimiser: Over its parameters.
        recipe: The stage's settings, a dataclass with `epochs` and `seed`; a checkpoint
            of other settings or inputs is refused.
        steps: Steps of an epoch.
        journal: Where figures and the checkpoint go.
        clip: Greatest norm of a step's gradient.

    Raises:
        KnownError: There are too few photos for a step.
    """

    def __init__(
        self,
        trained: nn.Module,
        optimiser: torch.optim.Optimizer,
        recipe: Any,
        *,
        steps: int,
        journal: Journal,
        clip: float = 5.0,
    ) -> None:
        if not steps:
            raise KnownError(
                f"there are fewer photos than a batch of “{journal.stage}” takes.",
                hint="Learn from more of them (--share).",
            )
        self._trained = trained
        self._optimiser = optimiser
        self._recipe = asdict(recipe)
        self._epochs, self._seed = int(recipe.epochs), int(recipe.seed)
        self._journal = journal
        self._clip = clip
        self._steps = steps
        self._schedule = cosine(optimiser, self._epochs * steps)
        self.average = Averaged(trained)

    def run(
        self,
        batches: Callable[[np.random.Generator], Iterable[B]],
        step: Callable[[B, np.random.Generator], Losses],
        measure: Callable[[], Losses] = dict,
    ) -> None:
        """Train, and leave the averaged weights in the modules.

        Args:
            batches: Yields the batches of one epoch.
            step: Accumulates the gradients of one batch and returns its losses.
            measure: Figures beside the losses, taken with the averaged weights after
                every epoch.

        Raises:
            KnownError: The checkpoint is of other settings or inputs, or a loss is not finite.
        """
        for epoch in range(self._resume(), self._epochs):
            random = np.random.default_rng([self._seed, epoch])
            torch.manual_seed(self._seed * 1000 + epoch)
            self._trained.train()
            progress, losses = _Progress(self._journal, epoch + 1, self._steps), []
            for batch in batches(random):
                self._optimiser.zero_grad()
                losses.append(self._finite(step(batch, random)))
                nn.utils.clip_grad_norm_(self._trained.parameters(), self._clip)
                self._optimiser.step()
                self._schedule.step()
                self.average.update()
                progress.step()
            figures = {name: float(np.mean([loss[name] for loss in losses])) for name in losses[0]}
            with self.average.applied():
                self._trained.eval()
                figures |= measure()
            figures["seconds"] = round(progress.seconds, 1)
            self._journal.write(epoch + 1, self._epochs, figures)
            self._save(epoch + 1)
        self.average.apply()
        self._trained.eval()

    def _finite(self, losses: Losses) -> Losses:
        if not np.isfinite(list(losses.values())).all():
            raise KnownError(
                f"a loss of “{self._journal.stage}” is not finite any more: {losses}.",
                hint="What the last whole epoch left is kept. Lower the stage's rate, or look at its photos.",
            )
        return losses

    @property
    def _made_of(self) -> dict[str, Any]:
        return {"recipe": self._recipe, "inputs": self._journal.inputs}

    def _state(self) -> dict[str, Any]:
        return {
            "trained": self._trained.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "average": self.average.state_dict(),
        }

    def _save(self, epoch: int) -> None:
        path = self._journal.checkpoint
        if path is None:
            return
        draft = path.with_suffix(".part")
        torch.save({**self._made_of, "epoch": epoch, **self._state()}, draft)
        draft.replace(path)

    def _resume(self) -> int:
        path = self._journal.checkpoint
        if path is None or not path.is_file():
            return 0
        saved = torch.load(path, weights_only=True)
        if any(saved.get(key) != value for key, value in self._made_of.items()):
            raise KnownError(
                "this checkpoint belongs to a run with other settings, photos or weights.",
                path=path,
                hint="Choose another --run folder, or remove the checkpoint.",
            )
        self._trained.load_state_dict(saved["trained"])
        self._optimiser.load_state_dict(saved["optimiser"])
        self._schedule.load_state_dict(saved["schedule"])
        self.average.load_state_dict(saved["average"])
        self._journal.log(f"{self._journal.stage}: going on after epoch {saved['epoch']}")
        return int(saved["epoch"])


def backward(losses: dict[str, Tensor]) -> Losses:
    """Accumulate the gradients of the sum of some losses, and return each as a number."""
    torch.autograd.backward(torch.stack(list(losses.values())).sum())
    return {name: float(loss.detach()) for name, loss in losses.items()}


def steps_of(photos: Sequence[object], size: int) -> int:
    """Return how many whole batches of `size` an epoch has."""
    return len(photos) // size
