"""The stages of training, each reading what the one before left in the run folder.

features → coarse → rerank → calibrate → pack
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from engine.descriptions import bank
from engine.models.encoder import image_heads, text_heads
from engine.models.image_backbone import ImageBackbone
from engine.models.models import similarity_encoder
from engine.models.packs import Pack, PackConfig
from engine.models.text_backbone import TextBackbone, WordReader
from engine.models.weights import part, prefixed
from engine.sgraf import Fusion
from engine.training.batches import FeatureStore
from engine.training.calibrate import fit_fusion
from engine.training.captions import CaptionedPhoto, Split, read_sources
from engine.training.coarse import CoarseRecipe, Log, train_coarse
from engine.training.export import write_pack
from engine.training.features import extract_captions, extract_photos, load_features
from engine.training.measure import find_candidates, recall_of
from engine.training.reranking import RerankNetwork, RerankRecipe, train_reranker

FEATURES = "features"
COARSE = "coarse.safetensors"
RERANK = "rerank.safetensors"
FUSION = "fusion.json"
CANDIDATES = 100


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


@dataclass(frozen=True)
class Run:
    """One training run.

    Attributes:
        data: The folder with the sources of captioned photos.
        folder: Where the run keeps its features, weights and figures.
        backbones: The frozen backbones.
        coarse: Settings of the first stage.
        rerank: Settings of the second stage.
        views: Views of each photo that training sees.
        device: Where it runs.
        log: Takes a line of progress.
    """

    data: Path
    folder: Path
    backbones: Backbones
    coarse: CoarseRecipe
    rerank: RerankRecipe
    views: int
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
        """Return the positions of a split's photos."""
        return [i for i, photo in enumerate(self.photos) if photo.split == split]

    def store(self) -> FeatureStore:
        """Open the cached features."""
        return FeatureStore(load_features(self.photos, self.folder / FEATURES), self.device)

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


def features(run: Run) -> None:
    """Run the frozen backbones over all photos and captions."""
    photos = run.photos
    tokenizer = Tokenizer.from_file(str(run.backbones.tokenizer))
    text = run.backbones.text().to(run.device)
    extract_captions(
        photos, WordReader(tokenizer, text, max_words=run.config.max_words), run.folder / FEATURES
    )
    extract_photos(
        photos,
        run.backbones.image(),
        run.config,
        run.folder / FEATURES,
        views=run.views,
        seed=run.coarse.seed,
        device=run.device,
        report=lambda done, total: run.log(f"features {done}/{total}") if done % 1000 < 8 else None,
    )


def coarse(run: Run) -> None:
    """Train the coarse filter's heads."""
    torch.manual_seed(run.coarse.seed)
    network = run.network()
    train_coarse(run.store(), run.of_split("train"), network.image, network.text, run.coarse, run.log)
    save_file(prefixed(network.modules), run.folder / COARSE)


def rerank(run: Run) -> None:
    """Train SGRAF on the coarse filter's confusions."""
    torch.manual_seed(run.rerank.seed)
    network = run.network(COARSE)
    train_reranker(run.store(), run.of_split("train"), network, run.rerank, run.log)
    save_file(prefixed(network.modules), run.folder / RERANK)


def calibrate(run: Run) -> None:
    """Fit the fusion on the "tune" photos and print the figures of both dev sets."""
    store, network = run.store(), run.network(RERANK)
    tune = run.of_split("tune")
    fusion = fit_fusion(store, tune, find_candidates(store, tune, network, CANDIDATES))
    (run.folder / FUSION).write_text(json.dumps(fusion.to_json(), indent=1) + "\n")
    figures = {}
    splits: tuple[Split, ...] = ("dev", "dev2")
    for split in splits:
        candidates = find_candidates(store, run.of_split(split), network, CANDIDATES)
        mixed = fusion.coarse * candidates.coarse + fusion.rerank * candidates.logits
        figures[split] = {
            "coarse": recall_of(candidates).to_json(),
            "rerank": recall_of(candidates, candidates.logits).to_json(),
            "fused": recall_of(candidates, mixed).to_json(),
        }
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    run.log(json.dumps({"fusion": fusion.to_json(), "text_to_image": figures}, indent=1))


def pack(run: Run, out: Path, name: str) -> Pack:
    """Write the trained weights as a model pack."""
    network = run.network(RERANK)
    return write_pack(
        out,
        name=name,
        config=run.config,
        image_backbone=run.backbones.image(),
        text_backbone=run.backbones.text(),
        tokenizer=run.backbones.tokenizer,
        heads=prefixed({"image.": network.image, "text.": network.text}),
        sgraf=prefixed({"sgr.": network.sgr, "saf.": network.saf}),
        fusion=Fusion.from_json(json.loads((run.folder / FUSION).read_text())),
        bank=bank(),
    )
