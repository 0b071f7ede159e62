"""The stages of training, each reading what the one before left in the run folder.

towers → features → rerank → calibrate → pack; without `towers`, the backbones stay as they
were, and features → coarse trains the coarse filter's heads alone.
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
from torch import nn

from engine.descriptions import bank
from engine.models.encoder import image_heads, text_heads
from engine.models.image_backbone import ImageBackbone
from engine.models.models import similarity_encoder
from engine.models.packs import Pack, PackConfig
from engine.models.text_backbone import TextBackbone, WordReader
from engine.models.weights import digest, part, prefixed
from engine.sgraf import Fusion
from engine.training.batches import FeatureStore
from engine.training.calibrate import fit_fusion, reliability_of
from engine.training.captions import CaptionedPhoto, Split, read_sentences, read_sources
from engine.training.coarse import CoarseRecipe, train_coarse
from engine.training.curves import draw_curves
from engine.training.export import write_pack
from engine.training.features import extract_captions, extract_photos, load_features
from engine.training.hubs import fit_hubness
from engine.training.loop import Journal, Log
from engine.training.measure import find_candidates, recall_of
from engine.training.paper import MODULES, PaperRecipe, caption_tokens, paper_model, train_paper
from engine.training.paper_figures import Searched, paper_report
from engine.training.paper_step import parts
from engine.training.pixels import open_pixels
from engine.training.plots import reliability_chart
from engine.training.reliability import Bin
from engine.training.reranking import RerankNetwork, RerankRecipe, train_reranker
from engine.training.tower import TowerData, TowerRecipe, Towers, TowerTraining
from engine.training.vocabulary import build_vocabulary

PIXELS = "pixels"
FEATURES = "features"
TOWERS = "towers.safetensors"
COARSE = "coarse.safetensors"
RERANK = "rerank.safetensors"
CALIBRATED = "calibrated.safetensors"
PAPER = "paper.safetensors"
PAPER_VOCABULARY = "paper_vocab.json"
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
        backbones: The pretrained backbones.
        towers: Settings of the first stage.
        coarse: Settings of the first stage over frozen backbones.
        rerank: Settings of the second stage.
        paper: Settings of the baseline.
        views: Views of each photo that training sees.
        device: Where it runs.
        log: Takes a line of progress.
    """

    data: Path
    folder: Path
    backbones: Backbones
    towers: TowerRecipe
    coarse: CoarseRecipe
    rerank: RerankRecipe
    paper: PaperRecipe
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

    def journal(self, stage: str) -> Journal:
        """Return where a stage keeps its figures and its checkpoint."""
        return Journal(stage, self.folder, self.log)

    def image_backbone(self) -> ImageBackbone:
        """Return the image backbone, fine-tuned if the run has done that, on the CPU."""
        backbone = self.backbones.image()
        self._fine_tune(backbone, "image_backbone.")
        return backbone

    def text_backbone(self) -> TextBackbone:
        """Return the text backbone, fine-tuned if the run has done that, on the CPU."""
        backbone = self.backbones.text()
        self._fine_tune(backbone, "text_backbone.")
        return backbone

    def _fine_tune(self, backbone: nn.Module, prefix: str) -> None:
        path = self.folder / TOWERS
        if path.is_file():
            backbone.load_state_dict(part(load_file(path), prefix))

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


def towers(run: Run) -> None:
    """Fine-tune both towers together with the coarse filter's heads."""
    torch.manual_seed(run.towers.seed)
    network = run.network()
    trained = Towers(
        run.backbones.image().to(run.device),
        run.backbones.text().to(run.device),
        network.image,
        network.text,
    )
    data = TowerData(
        photos=run.photos,
        pixels=open_pixels(run.photos, run.config.image_size, run.folder / PIXELS),
        train=run.of_split("train"),
        tune=run.of_split("tune"),
        sentences=read_sentences(run.data, run.photos),
    )
    tokenizer = Tokenizer.from_file(str(run.backbones.tokenizer))
    training = TowerTraining(trained, tokenizer, run.config.max_words, data, run.towers)
    training.train(run.journal("towers"))
    save_file(prefixed(trained.modules), run.folder / TOWERS)
    save_file(prefixed(network.modules), run.folder / COARSE)


def features(run: Run) -> None:
    """Run the backbones over all photos and captions."""
    folder, device = run.folder / FEATURES, run.device
    tokenizer = Tokenizer.from_file(str(run.backbones.tokenizer))
    image, text = run.image_backbone(), run.text_backbone().to(device)
    reader = WordReader(tokenizer, text, max_words=run.config.max_words)
    meaning = WordReader(tokenizer, run.backbones.text().to(device), max_words=run.config.max_words)
    extract_captions(run.photos, reader, meaning, folder)
    extract_photos(
        open_pixels(run.photos, run.config.image_size, run.folder / PIXELS),
        image,
        run.config,
        folder,
        views=run.views,
        seed=run.coarse.seed,
        device=device,
        weights=digest(image.state_dict()),
        report=lambda done, total: run.log(f"features {done}/{total}"),
    )


def coarse(run: Run) -> None:
    """Train the coarse filter's heads over the features as they are."""
    torch.manual_seed(run.coarse.seed)
    network = run.network()
    journal = run.journal("coarse")
    train_coarse(run.store(), run.of_split("train"), network.image, network.text, run.coarse, journal)
    save_file(prefixed(network.modules), run.folder / COARSE)


def rerank(run: Run) -> None:
    """Train SGRAF on the coarse filter's confusions."""
    torch.manual_seed(run.rerank.seed)
    network = run.network(COARSE)
    train_reranker(run.store(), run.of_split("train"), network, run.rerank, run.journal("rerank"))
    save_file(prefixed(network.modules), run.folder / RERANK)


def calibrate(run: Run) -> None:
    """Fit hubness and fusion on the "tune" photos; print both dev sets' figures, and draw reliability."""
    store, network = run.store(), run.network(RERANK)
    crowd, tune = run.of_split("train"), run.of_split("tune")
    tried = fit_hubness(store, network, train=crowd, tune=tune, seed=run.rerank.seed)
    save_file(prefixed(network.modules), run.folder / CALIBRATED)
    library = [*tune, *crowd]
    fusion = fit_fusion(store, library, find_candidates(store, tune, network, CANDIDATES, gallery=library))
    (run.folder / FUSION).write_text(json.dumps(fusion.to_json(), indent=1) + "\n")
    figures: dict[str, object] = {"hubness": {str(w): recall.to_json() for w, recall in tried.items()}}
    tables: dict[str, tuple[Bin, ...]] = {}
    splits: tuple[Split, ...] = ("dev", "dev2")
    for split in splits:
        photos = run.of_split(split)
        candidates = find_candidates(store, photos, network, CANDIDATES)
        mixed = fusion.coarse * candidates.coarse + fusion.rerank * candidates.logits
        library = [*photos, *crowd]
        among = find_candidates(store, photos, network, CANDIDATES, gallery=library)
        alone = reliability_of(store, photos, candidates, fusion)
        crowded = reliability_of(store, library, among, fusion)
        tables[f"{split} among {len(library):,} photos"] = crowded.bins
        figures[split] = {
            "coarse": recall_of(candidates).to_json(),
            "rerank": recall_of(candidates, candidates.logits).to_json(),
            "fused": recall_of(candidates, mixed).to_json(),
            "reliability": {str(len(photos)): alone.to_json(), str(len(library)): crowded.to_json()},
        }
    reliability_chart(run.folder / "reliability.svg", tables, "Strength, and the share judged relevant")
    draw_curves(run.folder)
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    run.log(json.dumps({"fusion": fusion.to_json(), **figures}, indent=1))


def paper(run: Run) -> None:
    """Train the paper's own SGRAF on the same features, and write its figures beside ours."""
    store, network = run.store(), run.network(CALIBRATED)
    train, tune = run.of_split("train"), run.of_split("tune")
    captions = [caption for photo in run.photos for caption in photo.captions]
    known = [captions[c] for photo in train for c in store.captions_of(photo)]
    vocabulary = build_vocabulary(known, run.folder / PAPER_VOCABULARY)
    tokens = caption_tokens(vocabulary, captions, run.paper)
    models = [
        paper_model(store, len(vocabulary), module, run.paper, run.folder / PAPER) for module in MODULES
    ]
    for model in models:
        journal = run.journal(f"paper_{model.similarity.config.module.lower()}")
        train_paper(store, train, tokens, model, run.paper, journal)
    save_file(prefixed(parts(models)), run.folder / PAPER)

    def searched(photos: list[int], gallery: list[int]) -> Searched:
        return Searched(gallery, find_candidates(store, photos, network, CANDIDATES, gallery=gallery))

    splits: tuple[Split, ...] = ("dev", "dev2")
    report = paper_report(
        store,
        tokens,
        models,
        searched(tune, [*tune, *train]),
        {split: searched(run.of_split(split), run.of_split(split)) for split in splits},
    )
    (run.folder / "paper.json").write_text(json.dumps(report, indent=1) + "\n")
    run.log(json.dumps(report, indent=1))


def pack(run: Run, out: Path, name: str) -> Pack:
    """Write the trained weights as a model pack."""
    network = run.network(CALIBRATED)
    return write_pack(
        out,
        name=name,
        config=run.config,
        image_backbone=run.image_backbone(),
        text_backbone=run.text_backbone(),
        tokenizer=run.backbones.tokenizer,
        heads=prefixed({"image.": network.image, "text.": network.text}),
        sgraf=prefixed({"sgr.": network.sgr, "saf.": network.saf}),
        fusion=Fusion.from_json(json.loads((run.folder / FUSION).read_text())),
        bank=bank(),
    )
