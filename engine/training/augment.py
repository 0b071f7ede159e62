"""Changed photos and captions: what may differ without another photo being meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

MIN_AREA = 0.45
COLOUR = 0.25
WORD_DROP = 0.1
TYPO = 0.03
_SIDES = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_GREY = (0.299, 0.587, 0.114)


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """How N photos are shown.

    Attributes:
        boxes: (N, 4) left, top, right, bottom of the crop as fractions of the sides.
        mirrored: (N,) bool.
        gains: (N, 3) factors of brightness, contrast and saturation.
    """

    boxes: NDArray[np.float64]
    mirrored: NDArray[np.bool_]
    gains: NDArray[np.float64]


def whole_views(count: int) -> Views:
    """Return the views that show `count` photos as they are."""
    return Views(np.tile([0.0, 0.0, 1.0, 1.0], (count, 1)), np.zeros(count, np.bool_), np.ones((count, 3)))


def random_views(count: int, random: np.random.Generator) -> Views:
    """Return random crops of at least `MIN_AREA`, half of them mirrored, with changed light and colour."""
    sides = np.sqrt(random.uniform(MIN_AREA, 1.0, size=(count, 2)))
    corner = random.uniform(size=(count, 2)) * (1 - sides)
    gains = random.uniform(1 - COLOUR, 1 + COLOUR, size=(count, 3))
    return Views(np.concatenate([corner, corner + sides], axis=1), random.random(count) < 0.5, gains)


def show(pixels: NDArray[np.uint8], views: Views, device: torch.device | None = None) -> Tensor:
    """Return views of photos `(N, S, S, 3)` as float `(N, 3, S, S)` in 0 to 255."""
    photos = torch.from_numpy(np.array(pixels)).to(device).permute(0, 3, 1, 2).float()
    plain = whole_views(len(pixels))
    if not np.array_equal(views.boxes, plain.boxes) or views.mirrored.any():
        photos = _cropped(photos, views)
    if not np.array_equal(views.gains, plain.gains):
        photos = _coloured(photos, torch.from_numpy(views.gains).to(photos))
    return photos.contiguous(memory_format=torch.channels_last)


def mirror_words(caption: str) -> str:
    """Return what the caption says of the mirrored photo: left and right change places."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        swapped = "right" if word.lower() == "left" else "left"
        return swapped.upper() if word.isupper() else swapped.title() if word[0].isupper() else swapped

    return _SIDES.sub(other, caption)


def roughen(caption: str, random: np.random.Generator) -> str:
    """Leave out a tenth of the words, but never all, and misspell a few as hasty fingers do."""
    words = caption.split()
    kept = [word for word in words if random.random() >= WORD_DROP] or words
    return " ".join(_misspelt(word, random) if random.random() < TYPO else word for word in kept)


def _misspelt(word: str, random: np.random.Generator) -> str:
    if len(word) < 4:
        return word
    at = int(random.integers(len(word) - 1))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _cropped(photos: Tensor, views: Views) -> Tensor:
    left, top, right, bottom = torch.from_numpy(views.boxes).to(photos).unbind(1)
    theta = photos.new_zeros(len(photos), 2, 3)
    theta[:, 0, 0] = (right - left) * torch.from_numpy(np.where(views.mirrored, -1.0, 1.0)).to(photos)
    theta[:, 1, 1] = bottom - top
    theta[:, 0, 2] = left + right - 1
    theta[:, 1, 2] = top + bottom - 1
    grid = affine_grid(theta, list(photos.shape), align_corners=False)
    return grid_sample(photos, grid, padding_mode="border", align_corners=False)


def _coloured(photos: Tensor, gains: Tensor) -> Tensor:
    brightness, contrast, saturation = gains[:, :, None, None, None].unbind(1)  # each (N, 1, 1, 1)
    grey = (photos * photos.new_tensor(_GREY)[:, None, None]).sum(dim=1, keepdim=True)
    middle = grey.mean(dim=(2, 3), keepdim=True)
    photos = grey.lerp(photos, saturation)
    return (middle.lerp(photos, contrast) * brightness).clamp(0, 255)
