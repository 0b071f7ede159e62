"""A small encoder for tests: the mean colour of each cell of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.types import ImageFeatures, TextFeatures


class ColourEncoder:
    """Embeds a photo as the colours of its cells; its region code is those bytes.

    Deterministic, without torch, and of the same shape as the real encoders.
    """

    def __init__(self, pack_id: str = "colours-1", *, grid: int = 4, regions: bool = True) -> None:
        self.pack_id = pack_id
        self.embed_dim = grid * grid * 3
        self.batches: list[int] = []
        self._grid = grid
        self._regions = regions

    def prepare(self, image: Image.Image) -> NDArray[Any]:
        assert image.mode == "RGB"
        return np.asarray(image.resize((self._grid, self._grid), Image.Resampling.BOX))

    def encode_images(self, batch: Sequence[NDArray[Any]]) -> ImageFeatures:
        self.batches.append(len(batch))
        cells = np.stack(batch).reshape(len(batch), -1)
        lengths = np.linalg.norm(cells.astype(np.float32) + 1, axis=1, keepdims=True)
        embeddings = ((cells + 1) / lengths).astype(np.float32)
        return ImageFeatures(embeddings, tuple(row.tobytes() for row in cells) if self._regions else None)

    def encode_text(self, captions: Sequence[str]) -> TextFeatures:
        return TextFeatures(np.zeros((len(captions), self.embed_dim), np.float32))


class ColourModels:
    """What the indexer needs of the models."""

    def __init__(self, *encoders: ColourEncoder) -> None:
        self.encoders = encoders or (ColourEncoder(),)
