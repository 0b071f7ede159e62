"""The stages of training, each reading what the one before left in the run folder.

towers → second → halves → features → rerank → calibrate → pack; without the first three, the
backbones stay as they were, and features → coarse trains the coarse filter's heads alone.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from engine.descriptions import bank
from engine.models.encoder import image_heads
from engine.models.heads import SecondTower
from engine.models.image_backbone import ImageBackbone
from engine.models.packs import Pack
from engine.models.text_backbone import WordReader
from engine.models.weights import prefixed
from engine.sgraf import Fusion
from engine.training.captions import HALVES, half_of, read_sentences
from engine.training.coarse import train_coarse
from engine.training.export import write_pack
from engine.training.features import Showing, extract_captions, extract_photos, extract_second
from engine.training.loop import Journal
from engine.training.pixels import open_pixels
from engine.training.reranking import RerankNetwork, coarse_neighbours, train_reranker
from engine.training.run import (
    CALIBRATED,
    COARSE,
    FEATURES,
    FUSION,
    HALF,
    PIXELS,
    RERANK,
    SECOND,
    TOWERS,
    Run,
)
from engine.training.tower import TowerData, TowerRecipe, Towers, TowerTraining


def towers(run: Run) -> None:
    """Fine-tune both towers together with the coarse filter's heads."""
    trained, network = _fine_tuned(run, run.of_split("train"), run.towers, run.journal("towers"))
    save_file(prefixed(trained.modules), run.folder / TOWERS)
    save_file(prefixed(network.modules), run.folder / COARSE)


def second(run: Run) -> None:
    """Fine-tune another image tower for the coarse space that the first stage has made."""
    recipe, config = run.second, run.config
    torch.manual_seed(recipe.seed)
    trained = Towers(
        run.backbones.second().to(run.device),
        run.text_backbone().to(run.device),
        image_heads(config).to(run.device),
        run.network(COARSE).text,
    )
    _train(run, trained, run.of_split("train"), config.second_size, recipe, run.journal("second"))
    tower = SecondTower(trained.image_backbone, trained.image.coarse)
    save_file(prefixed({"": tower}), run.folder / SECOND)


def halves(run: Run) -> None:
    """Fine-tune two pairs of towers, each without half of the photos.

    What the finished towers see in a photo that they have learnt by heart is not what they
    will see in a user's. SGRAF therefore learns from regions of towers that never saw the
    photo (cross-fitting).
    """
    recipe = replace(run.towers, epochs=run.half_epochs)
    for left_out in HALVES:
        seen = [i for i in run.of_split("train") if half_of(run.photos[i]) != left_out]
        trained, _ = _fine_tuned(run, seen, recipe, run.journal(f"half_{left_out}"))
        save_file(prefixed({"": trained.image_backbone}), run.folder / HALF.format(left_out))


def _fine_tuned(
    run: Run, photos: list[int], recipe: TowerRecipe, journal: Journal
) -> tuple[Towers, RerankNetwork]:
    """Return towers fine-tuned on some photos, and the network with their coarse heads."""
    torch.manual_seed(recipe.seed)
    network = run.network()
    trained = Towers(
        run.backbones.image().to(run.device),
        run.backbones.text().to(run.device),
        network.image,
        network.text,
    )
    _train(run, trained, photos, run.config.image_size, recipe, journal)
    return trained, network


def _train(
    run: Run, towers: Towers, photos: list[int], side: int, recipe: TowerRecipe, journal: Journal
) -> None:
    """Train towers in place on some photos of a size."""
    data = TowerData(
        photos=run.photos,
        pixels=open_pixels(run.photos, side, run.folder / PIXELS),
        train=photos,
        tune=run.of_split("tune"),
        sentences=read_sentences(run.data, run.photos) if recipe.sentences else (),
    )
    tokenizer = Tokenizer.from_file(str(run.backbones.tokenizer))
    meaning = run.backbones.text().to(run.device)
    TowerTraining(towers, meaning, tokenizer, run.config.max_words, data, recipe).train(journal)


def features(run: Run) -> None:
    """Run the backbones over all photos and captions."""
    folder, device = run.folder / FEATURES, run.device
    tokenizer = Tokenizer.from_file(str(run.backbones.tokenizer))
    image, text = run.image_backbone(), run.text_backbone().to(device)
    reader = WordReader(tokenizer, text, max_words=run.config.max_words)
    meaning = WordReader(tokenizer, run.backbones.text().to(device), max_words=run.config.max_words)
    extract_captions(run.photos, reader, meaning, folder)
    pixels, other = open_pixels(run.photos, run.config.image_size, run.folder / PIXELS), run.second_tower()
    if other is not None:
        extract_second(pixels, other, run.config.second_size, folder, device=device)
    extract_photos(
        pixels,
        _showings(run, image),
        run.config,
        folder,
        seed=run.coarse.seed,
        device=device,
        report=lambda done, total: run.log(f"features {done}/{total}"),
    )


def _showings(run: Run, finished: ImageBackbone) -> list[Showing]:
    """Return who sees what: the finished tower all photos, a half's tower the photos that it never saw."""
    train = run.of_split("train")
    towers = {finished: train}
    if all((run.folder / HALF.format(half)).is_file() for half in HALVES):
        towers = {
            run.half_tower(half): [i for i in train if half_of(run.photos[i]) == half] for half in HALVES
        }
    everything, looks = np.arange(len(run.photos)), run.config.looks
    return [
        Showing(0, everything, "whole", finished),
        *(Showing(look, everything, "closer", finished) for look in range(1, looks)),
        *(
            Showing(looks + view, np.array(photos), "random" if view else "whole", tower)
            for tower, photos in towers.items()
            for view in range(run.views)
        ),
    ]


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
    network, store, photos = run.network(COARSE), run.store(), run.of_split("train")
    neighbours = coarse_neighbours(store, photos, network, run.rerank.neighbours)
    train_reranker(store, photos, neighbours, network, run.rerank, run.journal("rerank"))
    save_file(prefixed(network.modules), run.folder / RERANK)


def pack(run: Run, out: Path, name: str) -> Pack:
    """Write the trained weights as a model pack."""
    network = run.network(CALIBRATED)
    return write_pack(
        out,
        name=name,
        config=run.config,
        image_backbone=run.image_backbone(),
        text_backbone=run.text_backbone(),
        second_tower=run.second_tower(),
        tokenizer=run.backbones.tokenizer,
        heads=prefixed({"image.": network.image, "text.": network.text}),
        sgraf=prefixed({"sgr.": network.sgr, "saf.": network.saf}),
        fusion=Fusion.from_json(json.loads((run.folder / FUSION).read_text())),
        bank=bank(),
    )
