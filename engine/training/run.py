"""A training run: its photos, its settings, and the folder in which it keeps everything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

from engine.models.encoder import image_heads, second_tower, text_heads
from engine.models.heads import SecondTower
from engine.models.image_backbone import ImageBackbone
from engine.models.models import similarity_encoder
from engine.models.packs import PackConfig
from engine.models.text_backbone import TextBackbone, WordReader
from engine.models.weights import part
from engine.training.batches import FeatureStore
from engine.training.captions import CaptionedPhoto, Split, is_within, read_sources
from engine.training.coarse import CoarseRecipe
from engine.training.features import load_features
from engine.training.image_tower import ImageRecipe
from engine.training.loop import Journal, Log
from engine.training.paper import PaperRecipe
from engine.training.reranking import RerankNetwork, RerankRecipe
from engine.training.text_tower import TextRecipe

PIXELS = "pixels"
FEATURES = "features"
TEXT = "text.safetensors"
CAPTIONS = "captions.safetensors"
IMAGE = "image.safetensors"
HALF = "image-without-half-{}.safetensors"
COARSE = "coarse.safetensors"
SECOND = "second.safetensors"
RERANK = "rerank.safetensors"
CALIBRATED = "calibrated.safetensors"
FUSION = "fusion.json"


class Backbones(Protocol):
    """Where the frozen backbones come from."""

    @property
    def config(self) -> PackConfig:
        """The architecture of packs built on them."""
        ...

    @property
    def tokenizer(self) -> Path:
        """The tokenizer file of the text backbone."""
        ...

    def text(self) -> TextBackbone:
        """Return the text backbone, on the CPU."""
        ...

    def image(self) -> ImageBackbone:
        """Return the image backbone with its concept names, on the CPU."""
        ...

    def second(self) -> ImageBackbone:
        """Return the second image backbone with its concept names, on the CPU."""
        ...


@dataclass(frozen=True)
class Run:
    """One training run.

    Attributes:
        data: The folder with the sources of captioned photos.
        folder: Where the run keeps its features, weights and figures.
        backbones: The pretrained backbones.
        text: Settings of the text tower.
        image: Settings of all image towers.
        coarse: Settings of the coarse heads over frozen backbones.
        rerank: Settings of SGRAF.
        paper: Settings of the baseline.
        views: Views of each photo that training sees.
        share: How much of the photos to learn from is learnt from, 0 to 1.
        device: Where it runs.
        log: Takes a line of progress.
    """

    data: Path
    folder: Path
    backbones: Backbones
    text: TextRecipe
    image: ImageRecipe
    coarse: CoarseRecipe
    rerank: RerankRecipe
    paper: PaperRecipe
    views: int
    share: float
    device: torch.device
    log: Log

    @property
    def config(self) -> PackConfig:
        """The architecture."""
        return self.backbones.config

    @cached_property
    def photos(self) -> list[CaptionedPhoto]:
        """All captioned photos, in a fixed order."""
        return read_sources(self.data)

    def of_split(self, split: Split) -> list[int]:
        """Return the positions of a split's photos; of those to learn from, only the run's share."""
        return [
            i
            for i, photo in enumerate(self.photos)
            if photo.split == split and (split != "train" or is_within(photo, self.share))
        ]

    def journal(self, stage: str) -> Journal:
        """Return where a stage keeps its figures and its checkpoint."""
        return Journal(stage, self.folder, self.log)

    def image_backbone(self) -> ImageBackbone:
        """Return the image backbone, fine-tuned if the run has done that, on the CPU."""
        backbone = self.backbones.image()
        self._fine_tune(backbone, IMAGE, "image_backbone.")
        return backbone

    def text_backbone(self) -> TextBackbone:
        """Return the text backbone, fine-tuned if the run has done that, on the CPU."""
        backbone = self.backbones.text()
        self._fine_tune(backbone, TEXT, "text_backbone.")
        return backbone

    def reader(self, backbone: TextBackbone) -> WordReader:
        """Return a reader of captions through a text backbone."""
        tokenizer = Tokenizer.from_file(str(self.backbones.tokenizer))
        return WordReader(tokenizer, backbone, max_words=self.config.max_words)

    def second_tower(self) -> SecondTower | None:
        """Return the second image tower if the run has trained one, on the CPU."""
        path = self.folder / SECOND
        if not path.is_file():
            return None
        tower = second_tower(self.config)
        tower.load_state_dict(load_file(path))
        return tower.eval()

    def half_tower(self, left_out: int) -> ImageBackbone:
        """Return the image backbone that was fine-tuned without a half of the photos, on the CPU."""
        backbone = self.backbones.image()
        backbone.load_state_dict(load_file(self.folder / HALF.format(left_out)))
        return backbone

    def _fine_tune(self, backbone: nn.Module, weights: str, prefix: str) -> None:
        path = self.folder / weights
        if path.is_file():
            backbone.load_state_dict(part(load_file(path), prefix))

    def store(self) -> FeatureStore:
        """Open the cached features."""
        return FeatureStore(
            load_features(self.photos, self.folder / FEATURES, self.config.looks), self.device
        )

    def network(self, weights: str | None = None) -> RerankNetwork:
        """Return the network, with the weights that a stage left if one is named."""
        network = RerankNetwork(
            image=image_heads(self.config),
            text=text_heads(self.config),
            sgr=similarity_encoder(self.config, "SGR"),
            saf=similarity_encoder(self.config, "SAF"),
        )
        state = {} if weights is None else load_file(self.folder / weights)
        for prefix, module in network.modules.items():
            if weights is not None:
                module.load_state_dict(part(state, prefix))
            module.to(self.device).eval()
        return network
