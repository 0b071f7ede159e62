"""What towers that never saw a photo make of it: the teacher of the finished image towers.

A tower that learns from a photo soon knows it by heart, and what it then thinks of other
captions tells nothing. Towers fine-tuned without that half of the photos can only go by
what they see. Their similarities, passed on (distillation across folds), say which other
captions would fit, too, as no list of right answers does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from engine.models.heads import CoarseTower
from engine.models.looks import at_size
from engine.types import ByteArray

BATCH = 8
TEMPERATURE = 0.04


@dataclass(frozen=True, slots=True, eq=False)
class Teacher:
    """What the coarse filter thinks of photos that its image towers never saw.

    Attributes:
        photos: (N, E) unit vectors.
        captions: (M, E) unit vectors of all captions.
    """

    photos: Tensor
    captions: Tensor

    def opinion(self, photos: Sequence[int], captions: Sequence[int]) -> Tensor:
        """Return similarities (n, m) over `TEMPERATURE`, ready for a softmax."""
        return self.cosines(photos, captions) / TEMPERATURE

    def cosines(self, photos: Sequence[int], captions: Sequence[int]) -> Tensor:
        """Return the cosines (n, m) of photos and captions."""
        return self.photos[list(photos)] @ self.captions[list(captions)].T


@torch.inference_mode()
def embed_as_they_are(
    pixels: ByteArray,
    photos: Sequence[int],
    towers: Sequence[tuple[CoarseTower, int]],
    device: torch.device,
) -> Tensor:
    """Return what towers make of whole photos together, unit vectors (n, E).

    Args:
        pixels: (N, S, S, 3) of all photos.
        photos: Positions of n of them.
        towers: Each with the side of its input.
        device: Where they run.
    """
    for tower, side in towers:
        tower.to(device).eval()
        tower.backbone.accelerate(device, side)
    rows = []
    for start in range(0, len(photos), BATCH):
        shown = torch.from_numpy(np.array(pixels[list(photos[start : start + BATCH])])).to(device)
        looks = [tower(at_size(shown, side))[0] for tower, side in towers]
        rows.append(normalize(torch.stack(looks).mean(0), dim=-1))
    return torch.cat(rows).float().cpu()
