"""The image backbone: one pass over a photo gives a grid of cells and their concepts.

A timm network without its pooling gives `(N, cell_dim, grid, grid)`. Its classifier,
applied to every cell, says which of its classes (ImageNet's) the cell resembles; the
mean of those classes' names, as sentence embeddings, is the cell's concept channel.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from engine.models.precision import fastest_dtype
from engine.models.torchvision_compat import import_torchvision


class ImageBackbone(nn.Module):
    """Photos `(N, S, S, 3)` uint8 RGB → cells `(N, R, cell_dim)`, concepts `(N, R, concept_dim)`.

    Attributes:
        network: The timm backbone, classifier included.
        concept_names: (classes, concept_dim) sentence embeddings of the class names.
    """

    concept_names: Tensor

    def __init__(self, name: str, *, classes: int, concept_dim: int) -> None:
        super().__init__()
        self.network = _timm_network(name, classes)
        self.register_buffer("concept_names", torch.zeros(classes, concept_dim))

    def accelerate(self, device: torch.device, side: int) -> None:
        """Move to `device` and take the memory layout and number format that run fastest there.

        Args:
            device: Where photos will be encoded.
            side: Side of the photos in pixels.
        """
        self.to(device)
        self.network.to(memory_format=torch.channels_last)
        probe = torch.zeros(4, side, side, 3, dtype=torch.uint8, device=device)
        self.network.to(fastest_dtype(self, probe))

    def forward(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        """Return cells and concepts, float32, rows of the grid first."""
        weight = self.network.classifier.weight
        pixels = photos.permute(0, 3, 1, 2).to(weight.dtype)
        cells = self.network.forward_features((pixels - 127) / 128)  # (N, C, G, G)
        cells = cells.flatten(2).transpose(1, 2)  # (N, R, C)
        classes = self.network.classifier(cells).float().softmax(dim=-1)
        return cells.float(), classes @ self.concept_names.float()


def _timm_network(name: str, classes: int) -> Any:
    import_torchvision()
    import timm

    return timm.create_model(name, pretrained=False, num_classes=classes)
