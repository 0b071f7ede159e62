"""An image tower and its coarse head, fine-tuned for captions.

The tower starts from ImageNet; a contrastive loss over whole batches brings photos to
their captions. A text tower that is finished has read each of them once; one that still
learns (see `together`) reads those of the batch. A teacher, the tower as it was, keeps
what a small set of photos would make it forget: the classifier must still tell its
thousand concepts apart in every cell.

Depthwise filters stay as they are: on processors their gradients cost two thirds of a
step. So do the blocks below `first_block`, which see edges and textures.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import kl_div, log_softmax

from engine.models.heads import CoarseTower, ImageHeads
from engine.models.image_backbone import as_cells, normalised
from engine.recall import own_ranks, recall_metrics
from engine.training.augment import Views, random_views, show, whole_views
from engine.training.batches import shuffled
from engine.training.caption_vectors import Captions
from engine.training.loop import Journal, Loop, Losses, steps_of
from engine.training.optimise import Scale, many_captions_softmax, parameter_groups, soft_targets
from engine.training.teacher import Teacher

# What the processors' caches hold of the large maps of the fixed blocks.
_LOWER_CHUNK = 8
# The concepts of so many photos of a batch are compared.
_COMPARED = 64


@dataclass(frozen=True, slots=True)
class ImageRecipe:
    """Settings of an image tower's training.

    A batch goes through the tower in chunks of `chunk` photos (gradient caching), so that
    its size is not bounded by memory.
    """

    epochs: int = 6
    batch: int = 256
    chunk: int = 256
    first_block: int = 4
    rate: float = 6e-4
    image_rate: float = 2e-4
    decay: float = 0.3
    softness: float = 0.4
    temperature: float = 0.05
    keep_concepts: float = 0.5
    trust: float = 0.3
    seed: int = 7


@dataclass(frozen=True, slots=True, eq=False)
class ImageData:
    """What an image tower learns from.

    Attributes:
        pixels: (N, S, S, 3) uint8 of all captioned photos of the run.
        captions: Of the same photos, in a finished text tower's space or one that learns along.
        train: Positions of the photos to learn from.
        tune: Positions of photos to watch progress with.
        teacher: What towers that never saw the photos make of them; None without.
    """

    pixels: NDArray[np.uint8]
    captions: Captions
    train: Sequence[int]
    tune: Sequence[int]
    teacher: Teacher | None = None


class ImageTowerTraining:
    """One run of an image tower's training; `train` leaves the averaged weights in the tower.

    Args:
        tower: What is trained.
        data: What is learnt from.
        recipe: The settings.
    """

    def __init__(self, tower: CoarseTower, data: ImageData, recipe: ImageRecipe) -> None:
        self._data, self._recipe = data, recipe
        self._tower, self._backbone = tower, tower.backbone
        self._network = tower.backbone.network
        self._device = tower.backbone.concept_names.device
        self._network.to(memory_format=torch.channels_last)
        self._teacher = copy.deepcopy(self._upper()).requires_grad_(False)
        self._scale = Scale(recipe.temperature).to(self._device)

    def train(self, journal: Journal) -> None:
        """Train the tower in place."""
        recipe = self._recipe
        upper, captions = self._upper(), self._data.captions
        for name, parameter in upper.named_parameters():
            parameter.requires_grad_("conv_dw" not in name)
        head = nn.ModuleList([self._tower.coarse, self._scale])
        groups = [
            *parameter_groups(head, recipe.rate, recipe.decay),
            *parameter_groups(upper, recipe.image_rate, 0.0),
            *captions.groups(),
        ]
        loop = Loop(
            nn.ModuleList([head, upper, *captions.trained]),
            torch.optim.AdamW(groups, betas=(0.9, 0.98)),
            recipe,
            steps=steps_of(self._data.train, recipe.batch),
            journal=journal,
        )
        loop.run(lambda random: shuffled(self._data.train, recipe.batch, random), self._step, self._figures)
        upper.requires_grad_(False)
        captions.trained.requires_grad_(False)

    def _upper(self) -> nn.ModuleList:
        """Return what is trained of the image tower."""
        return nn.ModuleList([*self._network.blocks[self._recipe.first_block :], self._network.conv_head])

    def _step(self, chosen: list[int], random: np.random.Generator) -> Losses:
        captions = self._data.captions
        views = random_views(len(chosen), random)
        drawn = captions.draw(chosen, views.mirrored, random)
        targets = soft_targets(captions.meanings[chosen].to(self._device), self._recipe.softness)
        chunks = list(_chunks(chosen, views, self._recipe.chunk))
        seeds = random.integers(2**31, size=len(chunks)).tolist()
        single = len(chunks) == 1
        with torch.set_grad_enabled(single):
            parts = [self._photos(chunk, seed) for chunk, seed in zip(chunks, seeds, strict=True)]
        pictures = torch.cat([part for part, _ in parts])
        leaf = pictures if single else pictures.detach().requires_grad_(True)
        teacher = None
        if self._data.teacher is not None:
            teacher = self._data.teacher.opinion(chosen, drawn.numbers).to(self._device)
        logits = leaf @ drawn.embedded.to(self._device).T * self._scale()
        match = many_captions_softmax(
            logits, targets, drawn.owner.to(self._device), teacher, self._recipe.trust
        )
        forgot = torch.stack([forgotten for _, forgotten in parts]).mean()
        loss = torch.stack([match, *drawn.losses.values()]).sum()
        torch.autograd.backward(loss + self._recipe.keep_concepts * forgot if single else loss)
        if not single:
            assert leaf.grad is not None
            self._backward_chunks(chunks, seeds, torch.split(leaf.grad, [len(c) for c, _ in chunks]))
        beside = {name: part.item() for name, part in drawn.losses.items()}
        return {"match": match.item(), "concepts": forgot.item(), **beside}

    def _backward_chunks(
        self, chunks: list[tuple[list[int], Views]], seeds: list[int], gradients: Sequence[Tensor]
    ) -> None:
        """Run each chunk again, now with gradients, and hand its embeddings' gradient down."""
        for chunk, seed, gradient in zip(chunks, seeds, gradients, strict=True):
            embedded, forgotten = self._photos(chunk, seed)
            kept = self._recipe.keep_concepts / len(chunks) * forgotten
            torch.autograd.backward([embedded, kept], [gradient, torch.ones_like(kept)])

    def _photos(self, chunk: tuple[list[int], Views], seed: int) -> tuple[Tensor, Tensor]:
        """Return coarse embeddings (n, E) of photos, and how far their concepts have moved."""
        photos, views = chunk
        torch.manual_seed(seed)  # dropout must fall alike in both passes over a chunk
        pixels = show(self._data.pixels[photos], views, self._device)
        with self._mixed():
            with torch.no_grad():
                lower = torch.cat([self._lower(part) for part in torch.split(pixels, _LOWER_CHUNK)])
                before = self._backbone.classes(self._finish(self._teacher, lower[:_COMPARED]))
            cells = self._finish(self._upper(), lower)
            classes = self._backbone.classes(cells)
            embedded = self._tower.coarse(ImageHeads.combine(cells, self._backbone.concepts(classes)))
        after = log_softmax(classes[: len(before)], -1)
        moved = kl_div(after, log_softmax(before, -1), reduction="none", log_target=True).sum(-1)
        return embedded.float(), moved.mean()

    def _lower(self, pixels: Tensor) -> Tensor:
        """Return what the fixed blocks give of photos (n, 3, S, S)."""
        features: Tensor = self._network.bn1(self._network.conv_stem(normalised(pixels)))
        for block in self._network.blocks[: self._recipe.first_block]:
            features = block(features)
        return features

    def _finish(self, upper: nn.ModuleList, features: Tensor) -> Tensor:
        """Return cells (n, R, C) from what the fixed blocks give."""
        for layer in upper:
            features = layer(features)
        return as_cells(self._network.bn2(features))

    @torch.no_grad()
    def _figures(self) -> Losses:
        """Return recall on the photos that progress is watched with."""
        photos, rows = self._data.tune, []
        texts = [self._data.captions.of_photo(photo) for photo in photos]
        truth = np.array([place for place, text in enumerate(texts) for _ in text])
        with self._mixed():
            for start in range(0, len(photos), 64):
                part = list(photos[start : start + 64])
                pixels = show(self._data.pixels[part], whole_views(len(part)), self._device)
                rows.append(self._tower(pixels.permute(0, 2, 3, 1))[0])
        similarity = torch.cat(texts) @ torch.cat(rows).float().cpu().T
        recall = recall_metrics(own_ranks(similarity.numpy(), truth))
        return {"tune_r1": recall.r1, "tune_r5": recall.r5, "tune_r10": recall.r10}

    def _mixed(self) -> torch.autocast:
        return torch.autocast(self._device.type, dtype=torch.bfloat16)


def _chunks(photos: list[int], views: Views, size: int) -> Iterator[tuple[list[int], Views]]:
    for start in range(0, len(photos), size):
        part = slice(start, start + size)
        yield photos[part], Views(views.boxes[part], views.mirrored[part], views.gains[part])
