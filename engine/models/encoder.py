"""What an encoder is, and the one of the bundled pack.

The coarse filter may use another encoder (see `engine.models.openclip`); regions and
words always come from a pack.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor

from engine.models.heads import CoarseTower, ImageHeads, TextHeads
from engine.models.looks import at_size, closer_look
from engine.models.once import once
from engine.models.packs import Pack, PackConfig
from engine.models.text_backbone import TextBackbone, WordReader, WordStates
from engine.models.weights import load_into, load_weights, part
from engine.types import ByteArray, CaptionWords, FloatArray, ImageFeatures, TextFeatures

if TYPE_CHECKING:
    from engine.models.image_backbone import ImageBackbone

IMAGE_BACKBONE = "image_backbone.safetensors"
SECOND_TOWER = "second_tower.safetensors"
TEXT_BACKBONE = "text_backbone.safetensors"
HEADS = "heads.safetensors"
TOKENIZER = "tokenizer.json"
CAPTION_BATCH = 64

RegionEncoder = Callable[[Tensor], list[bytes]]


class Encoder(Protocol):
    """Turns photos and captions into vectors of one space.

    `prepare` may be called from any thread, the `encode_` methods from one at a time.
    """

    @property
    def pack_id(self) -> str:
        """Identity of the weights; stored features belong to it."""
        ...

    @property
    def embed_dim(self) -> int:
        """Width of the coarse embeddings."""
        ...

    def prepare(self, image: Image.Image) -> NDArray[Any]:
        """Turn an upright RGB image into the array that `encode_images` takes."""
        ...

    def encode_images(self, batch: Sequence[NDArray[Any]]) -> ImageFeatures:
        """Encode prepared photos in one pass."""
        ...

    def encode_text(self, captions: Sequence[str]) -> TextFeatures:
        """Encode captions."""
        ...


class BundledEncoder:
    """The encoder of a model pack; its two towers load on first use.

    Args:
        pack: The pack.
        encode_regions: Turns joint-space regions `(N, R, D)` into region codes.
        device: A torch device name.
    """

    def __init__(self, pack: Pack, encode_regions: RegionEncoder, device: str = "cpu") -> None:
        self._pack = pack
        self._encode_regions = encode_regions
        self._device = torch.device(device)
        self._lock = threading.RLock()

    @property
    def pack_id(self) -> str:
        """Identity of the pack."""
        return self._pack.pack_id

    @property
    def embed_dim(self) -> int:
        """Width of the coarse embeddings."""
        return self._pack.config.embed_dim

    def prepare(self, image: Image.Image) -> ByteArray:
        """Return the photo as `(S, S, 3)` uint8: the whole photo, its aspect ratio given up.

        Cropping would lose what stands at the edges, and region maps stay a plain grid
        over the photo.
        """
        side = self._pack.config.image_size
        resized = image.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
        return np.asarray(resized, dtype=np.uint8)

    def encode_images(self, batch: Sequence[NDArray[Any]]) -> ImageFeatures:
        """Encode prepared photos: coarse embeddings, and region codes of the photos as they are."""
        if not batch:
            return ImageFeatures(np.zeros((0, self.embed_dim), np.float32), ())
        with torch.inference_mode():
            photos = torch.from_numpy(np.stack(batch)).to(self._device)
            heads, combined = self._image_tower[1], [self._combined(photos)]
            looks = [heads.coarse(combined[0])]
            if self._pack.config.looks > 1:
                looks.append(heads.coarse(self._combined(closer_look(photos))))
            if (second := self._second_tower) is not None:
                look, cells = second(at_size(photos, self._pack.config.second_size))
                looks.append(look)
                combined.append(cells)
            embeddings = heads.embed(*looks)
            regions = heads.regions(torch.stack(combined, dim=1))
        return ImageFeatures(_numpy(embeddings), tuple(self._encode_regions(regions)))

    def encode_text(self, captions: Sequence[str]) -> TextFeatures:
        """Encode captions: coarse embeddings and the words in SGRAF's joint space."""
        reader, heads = self._text_tower
        embeddings = [np.zeros((0, self.embed_dim), np.float32)]
        words: list[CaptionWords] = []
        for start in range(0, len(captions), CAPTION_BATCH):
            with torch.inference_mode():
                states = reader.read(captions[start : start + CAPTION_BATCH])
                embeddings.append(_numpy(heads.embed(states.vectors, states.mask)))
                words += _caption_words(states, heads.words(states.vectors))
        return TextFeatures(np.concatenate(embeddings), tuple(words))

    def warm_up(self) -> None:
        """Load the text tower, so that the first query is quick."""
        _ = self._text_tower

    def vocabulary(self) -> frozenset[str]:
        """Return the words that are read in one piece."""
        return self._text_tower[0].whole_words()

    def _combined(self, photos: Tensor) -> Tensor:
        backbone, heads = self._image_tower
        cells, concepts = backbone(photos)
        combined: Tensor = heads.combine(cells, concepts)
        return combined

    @once
    def _image_tower(self) -> tuple[Any, ImageHeads]:
        from engine.models.image_backbone import ImageBackbone

        config = self._pack.config
        path = self._pack.file(IMAGE_BACKBONE)
        backbone = ImageBackbone(config.backbone, classes=config.concepts, concept_dim=config.text_dim)
        load_into(backbone, load_weights(path), path)
        heads = image_heads(config)
        self._load_heads(heads, "image.")
        backbone.accelerate(self._device, config.image_size)
        return backbone, heads.to(self._device)

    @once
    def _second_tower(self) -> CoarseTower | None:
        config = self._pack.config
        if not config.second_backbone:
            return None
        path = self._pack.file(SECOND_TOWER)
        tower = second_tower(config)
        load_into(tower, load_weights(path), path)
        tower.backbone.accelerate(self._device, config.second_size)
        return tower.to(self._device)

    @once
    def _text_tower(self) -> tuple[WordReader, TextHeads]:
        config = self._pack.config
        path = self._pack.file(TEXT_BACKBONE)
        backbone = text_backbone(config)
        load_into(backbone, load_weights(path), path)
        heads = text_heads(config)
        self._load_heads(heads, "text.")
        tokenizer = Tokenizer.from_file(str(self._pack.file(TOKENIZER)))
        reader = WordReader(tokenizer, backbone.to(self._device), max_words=config.max_words)
        return reader, heads.to(self._device)

    def _load_heads(self, heads: ImageHeads | TextHeads, prefix: str) -> None:
        path = self._pack.file(HEADS)
        load_into(heads, part(load_weights(path), prefix), path)


def image_heads(config: PackConfig) -> ImageHeads:
    """Return untrained image heads of a pack's shape."""
    return ImageHeads(
        cell_dim=config.cell_dim,
        concept_dim=config.text_dim,
        regions=config.regions,
        towers=config.region_towers,
        head_dim=config.head_dim,
        queries=config.head_queries,
        embed_dim=config.embed_dim,
        joint_dim=config.joint_dim,
        query_bank=config.query_bank,
    )


def second_tower(config: PackConfig) -> CoarseTower:
    """Return an untrained second image tower of a pack's shape."""
    from engine.models.image_backbone import ImageBackbone

    backbone = ImageBackbone(config.second_backbone, classes=config.concepts, concept_dim=config.text_dim)
    return coarse_tower(backbone, config)


def coarse_tower(backbone: ImageBackbone, config: PackConfig) -> CoarseTower:
    """Return an image tower of a pack's shape, its head untrained."""
    return CoarseTower(backbone, image_heads(config).coarse)


def text_heads(config: PackConfig) -> TextHeads:
    """Return untrained text heads of a pack's shape."""
    return TextHeads(
        text_dim=config.text_dim,
        head_dim=config.head_dim,
        queries=config.head_queries,
        embed_dim=config.embed_dim,
        joint_dim=config.joint_dim,
    )


def text_backbone(config: PackConfig) -> TextBackbone:
    """Return an untrained text backbone of a pack's shape."""
    return TextBackbone(
        vocab=config.text_vocab,
        dim=config.text_dim,
        layers=config.text_layers,
        heads=config.text_heads,
        hidden=config.text_hidden,
        positions=config.text_positions,
    )


def _caption_words(states: WordStates, vectors: Tensor) -> list[CaptionWords]:
    rows = _numpy(vectors)
    return [CaptionWords(texts, rows[i, : len(texts)]) for i, texts in enumerate(states.texts)]


def _numpy(tensor: Tensor) -> FloatArray:
    array: FloatArray = tensor.float().cpu().numpy()
    return array
