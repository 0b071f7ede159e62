"""The stages of training, each reading what the one before left in the run folder.

text → halves → teach → image → second → features → rerank → calibrate → pack. With text → together →
second → halves, the text tower learns along with the image tower; with adopt → halves → features, the
towers are those of a finished pack; without any of these, the backbones stay as they were, and
features → coarse trains the coarse filter's heads alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import normalize

from engine.descriptions import bank
from engine.models.encoder import text_heads
from engine.models.heads import CoarseTower
from engine.models.image_backbone import ImageBackbone
from engine.models.packs import Pack
from engine.models.text_backbone import WordReader
from engine.models.weights import prefixed
from engine.sgraf import Fusion
from engine.training.adopt import adopt_towers
from engine.training.caption_groups import group_captions
from engine.training.caption_vectors import Captions, CaptionVectors, read_meanings
from engine.training.captions import HALVES, SENTENCES, half_of, read_sentences, without_held_out
from engine.training.coarse import train_coarse
from engine.training.export import write_pack
from engine.training.features import Showing, extract_captions, extract_photos, pool_second
from engine.training.image_tower import ImageData, ImageRecipe, ImageTowerTraining
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
    PIXELS,
    RERANK,
    SEEN,
    TEACHER,
    TEXT,
    TOWER,
    TOWERS,
    Run,
    Which,
)
from engine.training.teacher import Teacher, embed_as_they_are
from engine.training.text_tower import TextTower, train_text_tower
from engine.training.together import LearningCaptions


def text(run: Run) -> None:
    """Fine-tune the text tower on captions alone, and read all captions of the photos through it."""
    torch.manual_seed(run.text.seed)
    tower = TextTower(run.backbones.text().to(run.device), text_heads(run.config).to(run.device))
    untouched = run.reader(run.backbones.text().to(run.device))
    reader = run.reader(tower.backbone)
    watched = [photo.captions for photo in run.photos if photo.split == "tune"]
    train = run.of_split("train")
    train_text_tower(
        tower,
        reader,
        [group for group in _caption_groups(run, untouched) if len(group) > 1],
        [group for group in watched if len(group) > 1],
        run.text,
        run.journal("text", [*train, *range(len(run.photos))], str(run.data.absolute() / SENTENCES)),
    )
    save_file(prefixed(tower.modules), run.folder / TEXT)
    _keep_captions(run, tower, read_meanings(run.photos, untouched))


def adopt(run: Run, finished: Pack) -> None:
    """Begin with the towers of a finished pack, and read all captions of the photos through them."""
    tower = adopt_towers(run, finished)
    untouched = run.reader(run.backbones.text().to(run.device))
    words = TextTower(tower.backbone.to(run.device), tower.heads.to(run.device))
    _keep_captions(run, words, read_meanings(run.photos, untouched))


def _keep_captions(run: Run, tower: TextTower, meanings: Tensor) -> None:
    """Read all captions of the photos through a finished text tower."""
    CaptionVectors.of(run.photos, tower, run.reader(tower.backbone), meanings).write(run.folder / CAPTIONS)


def _caption_groups(run: Run, untouched: WordReader) -> list[Sequence[str]]:
    """Return captions by photo: of the photos that are not here, and of those to learn from."""
    sentences = read_sentences(run.data)
    with torch.autocast(run.device.type, dtype=torch.bfloat16):
        means = pooled(untouched, sentences, lambda words, mask: normalize(mean_words(words, mask), dim=-1))
    together = group_captions(means.cpu().numpy())
    groups = without_held_out(([sentences[i] for i in group] for group in together), run.photos)
    return [*groups, *(run.photos[i].captions for i in run.of_split("train"))]


def together(run: Run) -> None:
    """Fine-tune the image tower, whose cells become regions, and let the text tower learn along.

    Raises:
        KnownError: It has done so in this run: its text tower is not the one to begin with any more.
    """
    words = run.text_tower()
    words = TextTower(words.backbone.to(run.device), words.heads.to(run.device))
    meanings = CaptionVectors.read(run.folder / CAPTIONS).meanings
    captions = LearningCaptions(run.photos, meanings, words, run.reader(words.backbone), run.together)
    train = run.of_split("train")
    journal = run.journal("together", train, TEXT)
    tower = _image_tower(run, train, "image", journal, captions=captions, recipe=run.together)
    _keep_image_tower(run, tower, words)
    _keep_captions(run, words, meanings)
    save_file(prefixed(words.modules), run.folder / TEXT)  # last: until then, what it began with is there


def image(run: Run) -> None:
    """Fine-tune the image tower, whose cells become regions, for the text tower's space."""
    _keep_image_tower(run, _taught_tower(run, "image"), run.text_tower())


def _taught_tower(run: Run, which: Which) -> CoarseTower:
    """Return an image tower fine-tuned on all photos, also for what a teacher makes of them."""
    train = run.of_split("train")
    journal = run.journal(which, train, TEXT, TEACHER)
    return _image_tower(run, train, which, journal, run.teacher())


def _keep_image_tower(run: Run, tower: CoarseTower, words: TextTower) -> None:
    """Write the image tower, and with the text tower's head the coarse filter."""
    save_file(prefixed({"": tower}), run.folder / TOWER.format("image"))
    heads = {"image.coarse.": tower.coarse, "text.coarse.": words.heads.coarse}
    save_file(prefixed(heads), run.folder / COARSE)


def second(run: Run) -> None:
    """Fine-tune another image tower for the same space."""
    save_file(prefixed({"": _taught_tower(run, "second")}), run.folder / TOWER.format("second"))


def halves(run: Run) -> None:
    """Fine-tune both image towers twice more, each time without half of the photos.

    What the finished tower sees in a photo that it has learnt by heart is not what it
    will see in a user's. SGRAF therefore learns from regions of towers that never saw the
    photo (cross-fitting).
    """
    for left_out in HALVES:
        seen = [i for i in run.of_split("train") if half_of(run.photos[i]) != left_out]
        for which in TOWERS:
            journal = run.journal(f"{which}_half_{left_out}", seen, TEXT)
            tower = _image_tower(run, seen, which, journal)
            save_file(prefixed({"": tower}), run.folder / HALF.format(which, left_out))


def teach(run: Run) -> None:
    """Ask both towers without a half what they make of its photos, for the finished towers to learn."""
    pixels = open_pixels(run.photos, run.side("image"), run.folder / PIXELS)
    teacher = torch.zeros(len(run.photos), run.config.embed_dim - 1)
    for half in HALVES:
        photos = [i for i in run.of_split("train") if half_of(run.photos[i]) == half]
        towers = [(tower, run.side(which)) for which in TOWERS if (tower := run.tower(which, half))]
        teacher[photos] = embed_as_they_are(pixels, photos, towers, run.device)
    save_file({"embedded": teacher}, run.folder / TEACHER)


def _image_tower(
    run: Run,
    photos: list[int],
    which: Which,
    journal: Journal,
    teacher: Teacher | None = None,
    *,
    captions: Captions | None = None,
    recipe: ImageRecipe | None = None,
) -> CoarseTower:
    """Return an image tower fine-tuned on some photos; without `captions`, for the finished text tower's."""
    recipe = recipe or run.image
    torch.manual_seed(recipe.seed)
    tower = run.untrained_tower(which).to(run.device)
    data = ImageData(
        pixels=open_pixels(run.photos, run.side(which), run.folder / PIXELS),
        captions=captions or CaptionVectors.read(run.folder / CAPTIONS),
        train=photos,
        tune=run.of_split("tune"),
        teacher=teacher,
    )
    ImageTowerTraining(tower, data, recipe).train(journal)
    return tower


def features(run: Run) -> None:
    """Run the backbones over all photos and captions."""
    folder, device = run.folder / FEATURES, run.device
    words = run.reader(run.text_backbone().to(device))
    extract_captions(run.photos, words, run.reader(run.backbones.text().to(device)), folder)
    extract_photos(
        open_pixels(run.photos, run.config.image_size, run.folder / PIXELS),
        _showings(run),
        run.config,
        folder,
        seed=run.coarse.seed,
        device=device,
        report=lambda done, total: run.log(f"features {done}/{total}"),
    )
    if (other := run.tower("second")) is not None:
        pool_second(other.coarse, folder, device=device)


def _showings(run: Run) -> list[Showing]:
    """Return who sees what: the finished towers all photos, a half's towers those that they never saw."""
    train, finished = run.of_split("train"), _backbones(run)
    seen_by = {finished: train}
    halves = {half: _backbones(run, half) for half in HALVES}
    if all(len(towers) == len(finished) for towers in halves.values()):
        seen_by = {
            towers: [i for i in train if half_of(run.photos[i]) == half] for half, towers in halves.items()
        }
    everything, looks = np.arange(len(run.photos)), run.config.looks
    return [
        Showing(0, everything, "whole", finished),
        *(Showing(look, everything, "closer", finished) for look in range(1, looks)),
        *(
            Showing(looks + view, np.array(photos), "random" if view else "whole", towers)
            for towers, photos in seen_by.items()
            for view in range(run.views)
        ),
    ]


def _backbones(run: Run, without: int | None = None) -> tuple[ImageBackbone, ...]:
    """Return the backbones of all image towers of a run: finished, or without a half of the photos."""
    towers = [run.tower(which, without) for which in TOWERS]
    backbones = tuple(tower.backbone for tower in towers if tower is not None)
    return backbones if backbones or without is not None else (run.image_backbone(),)


def coarse(run: Run) -> None:
    """Train the coarse filter's heads over the features as they are."""
    torch.manual_seed(run.coarse.seed)
    network, train = run.network(), run.of_split("train")
    journal = run.journal("coarse", train, *SEEN)
    train_coarse(run.store(), train, network.image, network.text, run.coarse, journal)
    save_file(prefixed(network.filter_modules), run.folder / COARSE)


def rerank(run: Run) -> None:
    """Train SGRAF on the coarse filter's confusions."""
    torch.manual_seed(run.rerank.seed)
    network, store, train = run.network(COARSE), run.store(), run.of_split("train")
    neighbourhoods = coarse_neighbours(store, train, network, run.rerank.neighbours)
    journal = run.journal("rerank", train, COARSE, *SEEN, TEACHER)
    train_reranker(store, neighbourhoods, network, run.rerank, journal, run.teacher())
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
        second_tower=run.tower("second"),
        tokenizer=run.backbones.tokenizer,
        heads=prefixed({"image.": network.image, "text.": network.text}),
        sgraf=prefixed({"sgr.": network.sgr, "saf.": network.saf}),
        fusion=Fusion.from_json(json.loads((run.folder / FUSION).read_text())),
        bank=bank(),
    )
