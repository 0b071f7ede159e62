"""The image backbone: one pass over a photo gives a grid of cells and their concepts.

A timm network without its pooling gives `(N, cell_dim, grid, grid)`. Its classifier,
applied to every cell, says which of its classes (ImageNet's) the cell resembles; the
mean of those classes' names, as sentence embeddings, is the cell's concept channel.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from engine.models.clipping import with_quick_activations
from engine.models.folding import fold_batch_norms
from engine.models.precision import fastest_dtype
from engine.models.torchvision_compat import import_torchvision


class ImageBackbone(nn.Module):
    """Photos `(N, S, S, 3)` uint8 RGB → cells `(N, R, cell_dim)`, concepts `(N, R, concept_dim)`.

    Attributes:
        network: The timm backbone, classifier included, its batch norms folded.
        concept_names: (classes, concept_dim) sentence embeddings of the class names.
    """

    concept_names: Tensor

    def __init__(self, name: str, *, classes: int, concept_dim: int) -> None:
        super().__init__()
        self.network: Any = with_quick_activations(fold_batch_norms(timm_network(name, classes)))
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
        pixels = photos.permute(0, 3, 1, 2).to(self.network.classifier.weight.dtype)
        cells = as_cells(self.network.forward_features(normalised(pixels)))
        return cells.float(), self.concepts(self.classes(cells))

    def classes(self, cells: Tensor) -> Tensor:
        """Return the classifier's scores before the softmax, float32 `(N, R, classes)`, of each cell."""
        scores: Tensor = self.network.classifier(cells).float()
        return scores

    def concepts(self, classes: Tensor) -> Tensor:
        """Return the concept channel `(N, R, concept_dim)` of class scores."""
        return classes.softmax(dim=-1) @ self.concept_names.float()


def normalised(pixels: Tensor) -> Tensor:
    """Return pixels in 0 to 255 as the backbone takes them."""
    return (pixels - 127) / 128


def as_cells(features: Tensor) -> Tensor:
    """Return `(N, C, G, G)` features as cells `(N, R, C)`, rows of the grid first."""
    return features.flatten(2).transpose(1, 2)


def timm_network(name: str, classes: int) -> Any:
    """Return timm's network of that name, untrained."""
    import_torchvision()
    import timm

    return timm.create_model(name, pretrained=False, num_classes=classes)
