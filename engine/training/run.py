"""A training run: its photos, its settings, and the folder in which it keeps everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from engine.models.encoder import coarse_tower, image_heads, text_heads
from engine.models.heads import CoarseTower
from engine.models.image_backbone import ImageBackbone
from engine.models.models import similarity_encoder
from engine.models.packs import PackConfig
from engine.models.text_backbone import TextBackbone, WordReader
from engine.models.weights import part
from engine.training.batches import FeatureStore
from engine.training.caption_vectors import CaptionVectors
from engine.training.captions import CaptionedPhoto, Split, is_within, read_sources
from engine.training.coarse import CoarseRecipe
from engine.training.distil import DistilRecipe
from engine.training.features import PROGRESS, load_features
from engine.training.image_tower import ImageRecipe
from engine.training.inputs import digest_of
from engine.training.loop import Journal, Log
from engine.training.paper import PaperRecipe
from engine.training.reranking import RerankNetwork, RerankRecipe
from engine.training.teacher import Teacher
from engine.training.text_tower import TextRecipe, TextTower
from engine.training.together import TogetherRecipe

Which = Literal["image", "second"]
TOWERS: tuple[Which, ...] = ("image", "second")
PIXELS = "pixels"
FEATURES = "features"
TEXT = "text.safetensors"
SEEN = (f"{FEATURES}/{PROGRESS}", TEXT)  # what tells whose features they are
CAPTIONS = "captions.safetensors"
TOWER = "{}.safetensors"
HALF = "{}-without-half-{}.safetensors"
TEACHER = "teacher.safetensors"
COARSE = "coarse.safetensors"
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
        image: Settings of image towers for a finished text tower.
        together: Settings of the image tower that the text tower learns along with.
        coarse: Settings of the coarse heads over frozen backbones.
        rerank: Settings of SGRAF.
        distil: Settings of what SGRAF passes on.
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
    together: TogetherRecipe
    coarse: CoarseRecipe
    rerank: RerankRecipe
    distil: DistilRecipe
    paper: PaperRecipe
    views: int
    share: float
    device: torch.device
    log: Log

    @property
    def config(self) -> PackConfig:
        """The architecture: without a second image tower where the run has trained none."""
        config = self.backbones.config
        if (self.folder / TOWER.format("second")).is_file():
            return config
        return replace(config, second_backbone="", second_size=0, region_towers=1)

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

    def inputs(self, photos: Sequence[int], *files: str) -> str:
        """Return a digest of the photos that a stage learns from, and of the run's files that it reads."""
        return digest_of([self.photos[i] for i in photos], [self.folder / name for name in files])

    def journal(self, stage: str, photos: Sequence[int], *files: str) -> Journal:
        """Return where a stage keeps its figures and its checkpoint.

        Args:
            stage: Its name.
            photos: The photos that it learns from.
            files: Weights of the run that it reads, what tells of its features, or files elsewhere.
        """
        return Journal(stage, self.folder, self.log, inputs=self.inputs(photos, *files))

    def image_backbone(self) -> ImageBackbone:
        """Return the image backbone, fine-tuned if the run has done that, on the CPU."""
        tower = self.tower("image")
        return self.backbones.image() if tower is None else tower.backbone

    def text_backbone(self) -> TextBackbone:
        """Return the text backbone, fine-tuned if the run has done that, on the CPU."""
        backbone = self.backbones.text()
        path = self.folder / TEXT
        if path.is_file():
            backbone.load_state_dict(part(load_file(path), "text_backbone."))
        return backbone

    def text_tower(self) -> TextTower:
        """Return the text tower that the run has fine-tuned, on the CPU."""
        tower = TextTower(self.backbones.text(), text_heads(self.config))
        state = load_file(self.folder / TEXT)
        for prefix, module in tower.modules.items():
            module.load_state_dict(part(state, prefix))
            module.eval()
        return tower

    def reader(self, backbone: TextBackbone) -> WordReader:
        """Return a reader of captions through a text backbone."""
        tokenizer = Tokenizer.from_file(str(self.backbones.tokenizer))
        return WordReader(tokenizer, backbone, max_words=self.config.max_words)

    def side(self, which: Which) -> int:
        """Return the side of an image tower's input in pixels."""
        return self.backbones.config.image_size if which == "image" else self.backbones.config.second_size

    def untrained_tower(self, which: Which) -> CoarseTower:
        """Return an image tower as it is before training, on the CPU."""
        backbone = self.backbones.image() if which == "image" else self.backbones.second()
        return coarse_tower(backbone, self.config)

    def tower(self, which: Which, without: int | None = None) -> CoarseTower | None:
        """Return an image tower if the run has fine-tuned it, on the CPU.

        Args:
            which: Which one.
            without: The half of the photos that it was fine-tuned without, if any.
        """
        path = self.folder / (TOWER.format(which) if without is None else HALF.format(which, without))
        if not path.is_file():
            return None
        tower = self.untrained_tower(which)
        tower.load_state_dict(load_file(path))
        return tower.eval()

    def teacher(self) -> Teacher | None:
        """Return what towers that never saw the photos make of them, if the run has asked them."""
        path = self.folder / TEACHER
        if not path.is_file():
            return None
        return Teacher(load_file(path)["embedded"], CaptionVectors.read(self.folder / CAPTIONS).embedded)

    def store(self) -> FeatureStore:
        """Open the cached features."""
        return FeatureStore(
            load_features(self.photos, self.folder / FEATURES, self.config.looks), self.device
        )

    def network(self, weights: str | None = None) -> RerankNetwork:
        """Return the network, with the weights that a stage left if one is named.

        COARSE names those of the coarse filter alone.
        """
        network = RerankNetwork(
            image=image_heads(self.config),
            text=text_heads(self.config),
            sgr=similarity_encoder(self.config, "SGR"),
            saf=similarity_encoder(self.config, "SAF"),
        )
        if weights is not None:
            state = load_file(self.folder / weights)
            modules = network.filter_modules if weights == COARSE else network.modules
            for prefix, module in modules.items():
                module.load_state_dict(part(state, prefix))
        for module in network.modules.values():
            module.to(self.device).eval()
        return network
