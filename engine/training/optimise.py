"""What both training stages share: the optimiser's schedule and averaged weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

WARM_UP = 0.05
SHARING_TEMPERATURE = 0.1


def adamw(modules: Iterable[nn.Module], *, rate: float, decay: float) -> torch.optim.AdamW:
    """Return AdamW that decays matrices only."""
    groups = [group for module in modules for group in parameter_groups(module, rate, decay)]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def parameter_groups(module: nn.Module, rate: float, decay: float) -> list[dict[str, object]]:
    """Return the parameter groups of what is trained of a module; only matrices decay."""
    trained = [p for p in module.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim > 1], "lr": rate, "weight_decay": decay},
        {"params": [p for p in trained if p.ndim <= 1], "lr": rate, "weight_decay": 0.0},
    ]


def cosine(optimiser: torch.optim.Optimizer, steps: int) -> torch.optim.lr_scheduler.LambdaLR:
    """Return a schedule: a short warm-up, then half a cosine down to zero."""
    warm = max(1, int(steps * WARM_UP))

    def rate(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))

    return torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


class Averaged:
    """An exponential moving average of a module's parameters and buffers."""

    def __init__(self, module: nn.Module, decay: float = 0.995) -> None:
        self._module = module
        self._decay = decay
        self._state = {k: v.detach().clone() for k, v in module.state_dict().items()}
        self._steps = 0

    def update(self) -> None:
        """Take one step towards the module's present weights."""
        self._steps += 1
        decay = min(self._decay, self._steps / (self._steps + 10))
        for name, value in self._module.state_dict().items():
            mean = self._state[name]
            if mean.is_floating_point():
                mean.lerp_(value.detach(), 1 - decay)
            else:
                mean.copy_(value)

    def apply(self) -> None:
        """Put the averages into the module."""
        self._module.load_state_dict(self._state)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Have the averages in the module for a while."""
        present = {k: v.detach().clone() for k, v in self._module.state_dict().items()}
        self.apply()
        try:
            yield
        finally:
            self._module.load_state_dict(present)

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint keeps."""
        return {"steps": self._steps, "state": self._state}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what a checkpoint kept."""
        self._steps = int(state["steps"])
        for name, value in state["state"].items():
            self._state[name].copy_(value)


class Scale(nn.Module):
    """A learned factor for similarities, the inverse of a temperature."""

    def __init__(self, temperature: float) -> None:
        super().__init__()
        self.log = nn.Parameter(torch.tensor(1 / temperature).log())

    def forward(self) -> Tensor:
        """Return the factor, at most 100."""
        return self.log.exp().clamp(max=100)


def symmetric_softmax(
    logits: Tensor, targets: Tensor, teacher: Tensor | None = None, trust: float = 0.0
) -> Tensor:
    """Return the contrastive loss of a (B, B) matrix.

    Args:
        logits: Similarities of photos and captions.
        targets: Symmetric, rows sum to 1.
        teacher: (B, B) a teacher's similarities, in the unit of logits; None without one.
        trust: The share of its opinion in what is aimed at, 0 to 1.
    """
    captions = photos = targets
    if teacher is not None:
        captions = captions.lerp(teacher.softmax(dim=1), trust)
        photos = photos.lerp(teacher.T.softmax(dim=1), trust)
    return 0.5 * (cross_entropy(logits, captions) + cross_entropy(logits.T, photos))


def many_captions_softmax(
    logits: Tensor, targets: Tensor, owner: Tensor, teacher: Tensor | None = None, trust: float = 0.0
) -> Tensor:
    """Return the contrastive loss of B photos against all their captions.

    Args:
        logits: (B, C) similarities of photos and captions.
        targets: (B, B) symmetric, rows sum to 1: how far a photo's captions fit another one, too.
        owner: (C,) the photo of each caption. The captions of a photo count together as much as one.
        teacher: (B, C) a teacher's similarities, in the unit of logits; None without one.
        trust: The share of its opinion in what is aimed at, 0 to 1.
    """
    share = 1 / torch.bincount(owner, minlength=len(targets))[owner]  # (C,)
    captions, photos = targets[:, owner] * share, targets[owner]
    if teacher is not None:
        captions = captions.lerp(teacher.softmax(dim=1), trust)
        photos = photos.lerp(teacher.T.softmax(dim=1), trust)
    to_captions = cross_entropy(logits, captions)
    to_photos = (cross_entropy(logits.T, photos, reduction="none") * share).sum() / len(targets)
    return 0.5 * (to_captions + to_photos)


def soft_targets(sentences: Tensor, softness: float) -> Tensor:
    """Return (B, B) targets that share `softness` with captions which say nearly the same.

    Many photos of a small set show the same thing; asking a caption to reject them all
    alike would teach it falsehoods. `sentences` (B, D) are embeddings of length 1.
    """
    alike = sentences @ sentences.T / SHARING_TEMPERATURE
    shared = 0.5 * (alike.softmax(dim=1) + alike.softmax(dim=0))
    own = torch.eye(len(sentences), device=sentences.device)
    return (1 - softness) * own + softness * shared
