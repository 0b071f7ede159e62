"""The stages of training, each reading what the one before left in the run folder.

text → image → second → halves → features → rerank → calibrate → pack; without the first four, the
backbones stay as they were, and features → coarse trains the coarse filter's heads alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import normalize

from engine.descriptions import bank
from engine.models.encoder import image_heads, text_heads
from engine.models.heads import SecondTower
from engine.models.image_backbone import ImageBackbone
from engine.models.packs import Pack
from engine.models.text_backbone import WordReader
from engine.models.weights import part, prefixed
from engine.sgraf import Fusion
from engine.training.caption_groups import group_captions
from engine.training.captions import HALVES, half_of, read_sentences, without_held_out
from engine.training.coarse import train_coarse
from engine.training.export import write_pack
from engine.training.features import Showing, extract_captions, extract_photos, extract_second
from engine.training.image_tower import CaptionVectors, ImageData, ImageTower, ImageTowerTraining
from engine.training.loop import Journal
from engine.training.pixels import open_pixels
from engine.training.reading import mean_words, pooled
from engine.training.reranking import coarse_neighbours, train_reranker
from engine.training.run import (
    CALIBRATED,
    CAPTIONS,
    COARSE,
    FEATURES,
    FUSION,
    HALF,
    IMAGE,
    PIXELS,
    RERANK,
    SECOND,
    TEXT,
    Run,
)
from engine.training.text_tower import TextTower, train_text_tower


def text(run: Run) -> None:
    """Fine-tune the text tower on captions alone, and read all captions of the photos through it."""
    torch.manual_seed(run.text.seed)
    tower = TextTower(run.backbones.text().to(run.device), text_heads(run.config).to(run.device))
    untouched = run.reader(run.backbones.text().to(run.device))
    reader = run.reader(tower.backbone)
    watched = [photo.captions for photo in run.photos if photo.split == "tune"]
    train_text_tower(
        tower,
        reader,
        [group for group in _caption_groups(run, untouched) if len(group) > 1],
        [group for group in watched if len(group) > 1],
        run.text,
        run.journal("text"),
    )
    save_file(prefixed(tower.modules), run.folder / TEXT)
    CaptionVectors.of(run.photos, tower, reader, untouched).write(run.folder / CAPTIONS)


def _caption_groups(run: Run, untouched: WordReader) -> list[Sequence[str]]:
    """Return captions by photo: of the photos that are not here, and of those to learn from."""
    sentences = read_sentences(run.data)
    with torch.autocast(run.device.type, dtype=torch.bfloat16):
        means = pooled(untouched, sentences, lambda words, mask: normalize(mean_words(words, mask), dim=-1))
    together = group_captions(means.cpu().numpy())
    groups = without_held_out(([sentences[i] for i in group] for group in together), run.photos)
    return [*groups, *(run.photos[i].captions for i in run.of_split("train"))]


def image(run: Run) -> None:
    """Fine-tune the image tower, whose cells become regions, for the text tower's space."""
    tower = _image_tower(run, run.of_split("train"), "first", run.journal("image"))
    network = run.network()
    network.image.load_state_dict(tower.heads.state_dict())
    network.text.load_state_dict(part(load_file(run.folder / TEXT), "text."))
    save_file(prefixed(tower.modules), run.folder / IMAGE)
    save_file(prefixed(network.modules), run.folder / COARSE)


def second(run: Run) -> None:
    """Fine-tune another image tower for the same space."""
    tower = _image_tower(run, run.of_split("train"), "second", run.journal("second"))
    save_file(prefixed({"": SecondTower(tower.backbone, tower.heads.coarse)}), run.folder / SECOND)


def halves(run: Run) -> None:
    """Fine-tune the image tower twice more, each time without half of the photos.

    What the finished tower sees in a photo that it has learnt by heart is not what it
    will see in a user's. SGRAF therefore learns from regions of towers that never saw the
    photo (cross-fitting).
    """
    for left_out in HALVES:
        seen = [i for i in run.of_split("train") if half_of(run.photos[i]) != left_out]
        tower = _image_tower(run, seen, "first", run.journal(f"half_{left_out}"))
        save_file(prefixed({"": tower.backbone}), run.folder / HALF.format(left_out))


def _image_tower(
    run: Run, photos: list[int], which: Literal["first", "second"], journal: Journal
) -> ImageTower:
    """Return an image tower fine-tuned on some photos."""
    torch.manual_seed(run.image.seed)
    first = which == "first"
    backbone = run.backbones.image() if first else run.backbones.second()
    tower = ImageTower(backbone.to(run.device), image_heads(run.config).to(run.device))
    side = run.config.image_size if first else run.config.second_size
    data = ImageData(
        pixels=open_pixels(run.photos, side, run.folder / PIXELS),
        captions=CaptionVectors.read(run.folder / CAPTIONS),
        train=photos,
        tune=run.of_split("tune"),
    )
    ImageTowerTraining(tower, data, run.image).train(journal)
    return tower


def features(run: Run) -> None:
    """Run the backbones over all photos and captions."""
    folder, device = run.folder / FEATURES, run.device
    backbone, words = run.image_backbone(), run.reader(run.text_backbone().to(device))
    extract_captions(run.photos, words, run.reader(run.backbones.text().to(device)), folder)
    pixels, other = open_pixels(run.photos, run.config.image_size, run.folder / PIXELS), run.second_tower()
    if other is not None:
        extract_second(pixels, other, run.config.second_size, folder, device=device)
    extract_photos(
        pixels,
        _showings(run, backbone),
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
