"""First stage: both towers and the coarse heads, fine-tuned together on photos and captions.

Or a second image tower alone, for the space that a finished text tower has made.

The image tower starts from ImageNet and the text tower from sentence pairs; a
contrastive loss over whole batches brings photos and their captions together. Two
teachers, the towers as they were, keep what a small set of photos would make them
forget: the classifier must still tell its thousand concepts apart in every cell, and
sentences of which there is no photo must keep their place.

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
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, kl_div, log_softmax, normalize, pad

from engine.models.heads import ImageHeads, TextHeads
from engine.models.image_backbone import ImageBackbone, as_cells, normalised
from engine.models.text_backbone import TextBackbone, WordReader
from engine.recall import recall_metrics
from engine.training.augment import Views, mirror_words, random_views, roughen, show, whole_views
from engine.training.batches import shuffled
from engine.training.captions import CaptionedPhoto
from engine.training.coarse import own_ranks
from engine.training.loop import Journal, Loop, Losses, steps_of
from engine.training.optimise import Scale, parameter_groups, soft_targets, symmetric_softmax

_CAPTION_CHUNK = 48
# What the processors' caches hold of the large maps of the fixed blocks.
_LOWER_CHUNK = 8
# The concepts of so many photos of a batch are compared.
_COMPARED = 64


@dataclass(frozen=True, slots=True)
class TowerRecipe:
    """Settings of the first stage.

    A batch goes through the image tower in chunks of `chunk` photos (gradient caching),
    so that its size is not bounded by memory. Every step also reads `sentences` captions
    that have no photo. Where `learns_words` is off, the text tower is finished and stays as it is.
    """

    epochs: int = 10
    batch: int = 256
    chunk: int = 256
    first_block: int = 4
    rate: float = 6e-4
    image_rate: float = 2e-4
    text_rate: float = 3e-5
    decay: float = 0.3
    softness: float = 0.4
    temperature: float = 0.05
    keep_concepts: float = 0.5
    keep_sentences: float = 2.0
    sentences: int = 96
    learns_words: bool = True
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Towers:
    """Both towers with their coarse heads."""

    image_backbone: ImageBackbone
    text_backbone: TextBackbone
    image: ImageHeads
    text: TextHeads

    @property
    def modules(self) -> dict[str, nn.Module]:
        """All modules under the prefixes of their weights."""
        return {
            "image_backbone.": self.image_backbone,
            "text_backbone.": self.text_backbone,
            "image.": self.image,
            "text.": self.text,
        }


@dataclass(frozen=True, slots=True, eq=False)
class TowerData:
    """What the first stage learns from.

    Attributes:
        photos: All captioned photos of the run.
        pixels: (N, S, S, 3) uint8 of all of them.
        train: Positions of the photos to learn from.
        tune: Positions of photos to watch progress with.
        sentences: Captions without photos.
    """

    photos: Sequence[CaptionedPhoto]
    pixels: NDArray[np.uint8]
    train: Sequence[int]
    tune: Sequence[int]
    sentences: Sequence[str]


class TowerTraining:
    """One run of the first stage; `train` leaves the averaged weights in the towers.

    Args:
        towers: What is trained.
        meaning: The text tower as it was before any training: it says which captions are alike.
        tokenizer: The text towers' tokenizer.
        max_words: Words of a caption that count.
        data: What is learnt from.
        recipe: The settings.
    """

    def __init__(
        self,
        towers: Towers,
        meaning: TextBackbone,
        tokenizer: Tokenizer,
        max_words: int,
        data: TowerData,
        recipe: TowerRecipe,
    ) -> None:
        self._data, self._recipe = data, recipe
        self._towers = towers
        self._network = towers.image_backbone.network
        self._backbone = towers.image_backbone
        self._image, self._text = towers.image, towers.text
        self._reader = WordReader(tokenizer, towers.text_backbone, max_words=max_words)
        self._device = towers.image_backbone.concept_names.device
        self._network.to(memory_format=torch.channels_last)
        self._teacher = copy.deepcopy(self._upper()).requires_grad_(False)
        self._text_teacher = WordReader(tokenizer, meaning.requires_grad_(False), max_words=max_words)
        self._scale = Scale(recipe.temperature).to(self._device)

    def train(self, journal: Journal) -> None:
        """Train the towers in place."""
        recipe = self._recipe
        upper = self._upper()
        for name, parameter in upper.named_parameters():
            parameter.requires_grad_("conv_dw" not in name)
        heads, text = nn.ModuleList([self._image.coarse, self._scale]), nn.ModuleList()
        if recipe.learns_words:
            heads.append(self._text.coarse)
            text.append(self._towers.text_backbone.encoder.requires_grad_(True))
        else:
            self._text.eval().requires_grad_(False)
        groups = [
            *parameter_groups(heads, recipe.rate, recipe.decay),
            *parameter_groups(upper, recipe.image_rate, 0.0),
            *parameter_groups(text, recipe.text_rate, 0.01),
        ]
        loop = Loop(
            nn.ModuleList([heads, upper, text]),
            torch.optim.AdamW(groups, betas=(0.9, 0.98)),
            recipe,
            steps=steps_of(self._data.train, recipe.batch),
            journal=journal,
        )
        loop.run(lambda random: shuffled(self._data.train, recipe.batch, random), self._step, self._figures)
        upper.requires_grad_(False)
        text.requires_grad_(False)

    def _upper(self) -> nn.ModuleList:
        """Return what is trained of the image tower."""
        return nn.ModuleList([*self._network.blocks[self._recipe.first_block :], self._network.conv_head])

    def _step(self, chosen: list[int], random: np.random.Generator) -> Losses:
        count = len(chosen)
        views = random_views(count, random)
        captions = [
            self._caption(photo, mirrored, random)
            for photo, mirrored in zip(chosen, views.mirrored, strict=True)
        ]
        drawn = random.integers(max(1, len(self._data.sentences)), size=self._recipe.sentences)
        sentences = [self._data.sentences[i] for i in drawn]
        with torch.no_grad():
            known, mask = self._read(self._text_teacher, [*captions, *sentences])
            meant = _mean(known, mask)
        targets = soft_targets(normalize(meant[:count], dim=-1), self._recipe.softness)
        known, mask = self._read(self._reader, [*(roughen(c, random) for c in captions), *sentences])
        with self._mixed():
            embedded = self._text.coarse(known[:count], mask[:count]).float()
        moved = 1 - cosine_similarity(_mean(known, mask)[count:], meant[count:], dim=-1)
        drift = moved.sum() / max(1, len(sentences))
        chunks = list(_chunks(chosen, views, self._recipe.chunk))
        seeds = random.integers(2**31, size=len(chunks)).tolist()
        single = len(chunks) == 1
        with torch.set_grad_enabled(single):
            parts = [self._photos(chunk, seed) for chunk, seed in zip(chunks, seeds, strict=True)]
        pictures = torch.cat([part for part, _ in parts])
        leaf = pictures if single else pictures.detach().requires_grad_(True)
        logits = leaf @ embedded.T * self._scale()
        match = symmetric_softmax(logits, targets)
        forgot = torch.stack([forgotten for _, forgotten in parts]).mean()
        loss = match + self._recipe.keep_sentences * drift
        if single:
            loss = loss + self._recipe.keep_concepts * forgot
        torch.autograd.backward(loss)
        if not single:
            assert leaf.grad is not None
            self._backward_chunks(chunks, seeds, torch.split(leaf.grad, [len(c) for c, _ in chunks]))
        return {"match": match.item(), "concepts": forgot.item(), "sentences": drift.item()}

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
            embedded = self._image.coarse(self._image.combine(cells, self._backbone.concepts(classes)))
        after = log_softmax(classes[: len(before)], -1)
        moved = kl_div(after, log_softmax(before, -1), reduction="none", log_target=True).sum(-1)
        return embedded.float(), moved.mean()

    def _lower(self, pixels: Tensor) -> Tensor:
        """Return what the fixed blocks give of photos (n, 3, S, S)."""
        features: Tensor = self._network.bn1(self._network.conv_stem(normalised(pixels)))
        for block in self._network.blocks[: self._recipe.first_block]:
            features = block(features)
        return features

    def _read(self, reader: WordReader, captions: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return padded words (N, L, D) and their mask, read in chunks of like length."""
        order = sorted(range(len(captions)), key=lambda i: len(captions[i]))
        parts = []
        with self._mixed():
            for start in range(0, len(order), _CAPTION_CHUNK):
                parts.append(reader.states([captions[i] for i in order[start : start + _CAPTION_CHUNK]]))
        longest = max(part.mask.shape[1] for part in parts)
        back = torch.tensor(order, device=self._device).argsort()
        vectors = torch.cat([pad(p.vectors.float(), (0, 0, 0, longest - p.mask.shape[1])) for p in parts])
        masks = torch.cat([pad(p.mask, (0, longest - p.mask.shape[1])) for p in parts])
        return vectors[back], masks[back]

    def _finish(self, upper: nn.ModuleList, features: Tensor) -> Tensor:
        """Return cells (n, R, C) from what the fixed blocks give."""
        for layer in upper:
            features = layer(features)
        return as_cells(self._network.bn2(features))

    @torch.no_grad()
    def _figures(self) -> Losses:
        """Return recall on the photos that progress is watched with."""
        photos, captions, truth = self._data.tune, list[str](), list[int]()
        for place, photo in enumerate(photos):
            captions += self._data.photos[photo].captions
            truth += [place] * len(self._data.photos[photo].captions)
        with self._mixed():
            rows = []
            for start in range(0, len(photos), 64):
                part = photos[start : start + 64]
                pixels = show(self._data.pixels[part], whole_views(len(part)), self._device)
                cells = as_cells(self._network.forward_features(normalised(pixels)))
                concepts = self._backbone.concepts(self._backbone.classes(cells))
                rows.append(self._image.coarse(self._image.combine(cells, concepts)))
            texts = []
            for start in range(0, len(captions), 256):
                states = self._reader.states(captions[start : start + 256])
                texts.append(self._text.coarse(states.vectors, states.mask))
        similarity = torch.cat(texts).float() @ torch.cat(rows).float().T
        recall = recall_metrics(own_ranks(similarity, torch.tensor(truth)))
        return {"tune_r1": recall.r1, "tune_r5": recall.r5, "tune_r10": recall.r10}

    def _caption(self, photo: int, mirrored: bool, random: np.random.Generator) -> str:
        caption = str(random.choice(self._data.photos[photo].captions))
        return mirror_words(caption) if mirrored else caption

    def _mixed(self) -> torch.autocast:
        return torch.autocast(self._device.type, dtype=torch.bfloat16)


def _mean(words: Tensor, mask: Tensor) -> Tensor:
    """Return the mean word vector (N, D) of captions."""
    return (words * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def _chunks(photos: list[int], views: Views, size: int) -> Iterator[tuple[list[int], Views]]:
    for start in range(0, len(photos), size):
        part = slice(start, start + size)
        yield photos[part], Views(views.boxes[part], views.mirrored[part], views.gains[part])
