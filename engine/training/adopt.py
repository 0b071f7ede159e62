"""Begin a run with the towers of a finished pack: what they cost is not spent again."""

from __future__ import annotations

from collections.abc import Mapping

from safetensors.torch import save_file
from torch import Tensor

from engine.models.encoder import HEADS, IMAGE_BACKBONE, SECOND_TOWER, TEXT_BACKBONE, text_heads
from engine.models.packs import Pack
from engine.models.weights import load_into, load_weights, part, prefixed
from engine.training.run import COARSE, TEXT, TOWER, Run, Which
from engine.training.text_tower import TextTower


def adopt_towers(run: Run, pack: Pack) -> TextTower:
    """Write a pack's towers to a run's folder as the stages `text`, `image` and `second` would.

    Returns:
        The text tower.

    Raises:
        PackError: A file of the pack is missing or altered, or is of another architecture than the run's.
    """
    heads = load_weights(pack.file(HEADS))
    backbone = load_weights(pack.file(IMAGE_BACKBONE))
    _keep_image_tower(run, pack, "image", _joined(backbone=backbone, coarse=part(heads, "image.coarse.")))
    if pack.config.second_backbone:
        _keep_image_tower(run, pack, "second", load_weights(pack.file(SECOND_TOWER)))
    tower = TextTower(run.backbones.text(), text_heads(run.config))
    load_into(tower.backbone, load_weights(pack.file(TEXT_BACKBONE)), pack.folder)
    load_into(tower.heads, part(heads, "text."), pack.folder)
    save_file(prefixed(tower.modules), run.folder / TEXT)
    save_file({name: tensor for name, tensor in heads.items() if ".coarse." in name}, run.folder / COARSE)
    return tower


def _keep_image_tower(run: Run, pack: Pack, which: Which, state: Mapping[str, Tensor]) -> None:
    tower = run.untrained_tower(which)
    load_into(tower, state, pack.folder)
    save_file(prefixed({"": tower}), run.folder / TOWER.format(which))


def _joined(**parts: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return one state dict of several modules', each under its name."""
    return {f"{name}.{key}": tensor for name, state in parts.items() for key, tensor in state.items()}
