"""Captioned photos drawn on the spot, in the folder layout that training reads."""

from __future__ import annotations

import csv
from pathlib import Path

import torch
from PIL import Image
from tokenizers import Tokenizer

from engine.models.encoder import text_heads
from engine.models.image_backbone import ImageBackbone
from engine.models.packs import PackConfig
from engine.models.text_backbone import TextBackbone, WordReader
from engine.training.text_tower import TextTower
from tests.packs import TINY, tiny_tokenizer

COLOURS = ("red", "green", "blue", "yellow", "purple", "orange", "white", "black")
SHAPES = ("box", "bar", "dot", "band", "spot")


class TinyBackbones:
    """Random backbones of the tiny pack's shape, a real `Backbones`."""

    config: PackConfig = TINY

    def __init__(self, folder: Path) -> None:
        self.tokenizer = folder / "tokenizer.json"
        tiny_tokenizer().save(str(self.tokenizer))

    def text(self) -> TextBackbone:
        from engine.models.encoder import text_backbone

        return text_backbone(TINY).eval()

    def image(self) -> ImageBackbone:
        return ImageBackbone(TINY.backbone, classes=TINY.concepts, concept_dim=TINY.text_dim).eval()

    def second(self) -> ImageBackbone:
        return ImageBackbone(TINY.second_backbone, classes=TINY.concepts, concept_dim=TINY.text_dim).eval()


def tiny_text_tower(folder: Path) -> tuple[TextTower, WordReader]:
    """Return a random text tower, the same every time, and a reader through it."""
    torch.manual_seed(0)
    backbones = TinyBackbones(folder)
    tower = TextTower(backbones.text(), text_heads(TINY))
    tokenizer = Tokenizer.from_file(str(backbones.tokenizer))
    return tower, WordReader(tokenizer, tower.backbone, max_words=TINY.max_words)


def write_source(folder: Path, *, count: int = 40, dev: int = 0) -> Path:
    """Write `count` photos with two captions each; the first `dev` are on the dev list."""
    (folder / "images").mkdir(parents=True)
    names = []
    with (folder / "captions.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "caption"])
        for index in range(count):
            colour, shape = COLOURS[index % len(COLOURS)], SHAPES[index % len(SHAPES)]
            name = f"{index:04d}.png"
            photo = Image.new("RGB", (48, 40), colour)
            photo.paste("gray", (index % 40, 5, index % 40 + 8, 5 + 5 * (index % 5 + 1)))
            photo.save(folder / "images" / name)
            writer.writerow([name, f"a {colour} picture, with a {shape}"])
            writer.writerow([name, f"{shape} number {index} on the left"])
            names.append(name)
    if dev:
        (folder / "dev.txt").write_text("\n".join(names[:dev]))
        (folder / "train.txt").write_text("\n".join(names[dev:]))
    return folder
