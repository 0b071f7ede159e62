"""Write what was trained as a model pack."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import Tensor, nn

from engine.models.encoder import HEADS, IMAGE_BACKBONE, SECOND_TOWER, TEXT_BACKBONE, TOKENIZER
from engine.models.models import SGRAF, Models, bank_digest
from engine.models.packs import BANK, Pack, PackConfig, write_manifest
from engine.models.weights import save_weights
from engine.sgraf import Fusion


def write_pack(
    folder: Path,
    *,
    name: str,
    config: PackConfig,
    image_backbone: nn.Module,
    text_backbone: nn.Module,
    second_tower: nn.Module | None,
    tokenizer: Path,
    heads: Mapping[str, Tensor],
    sgraf: Mapping[str, Tensor],
    fusion: Fusion,
    bank: Sequence[str],
) -> Pack:
    """Write a complete pack to `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(folder / IMAGE_BACKBONE, image_backbone.state_dict())
    save_weights(folder / TEXT_BACKBONE, text_backbone.state_dict(), int8=_matrices(text_backbone))
    if second_tower is not None:
        save_weights(folder / SECOND_TOWER, second_tower.state_dict(), int8=_matrices(second_tower))
    save_weights(folder / HEADS, heads)
    save_weights(folder / SGRAF, sgraf)
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    # The bank is encoded by the finished pack itself, exactly as a user's query is.
    draft = write_manifest(folder, name=name, config=config, fusion=fusion.to_json())
    embeddings = Models(draft).pack.encode_text(bank).embeddings
    save_bank(folder / BANK, bank, embeddings)
    for path in folder.iterdir():
        path.chmod(0o644)  # safetensors writes for its user's eyes only; a pack is for everybody
    return write_manifest(folder, name=name, config=config, fusion=fusion.to_json())


def _matrices(module: nn.Module) -> list[str]:
    """Return the names of the linear layers' and embeddings' weights, which lose nothing as int8 rows."""
    wide = (nn.Linear, nn.Embedding, nn.MultiheadAttention)
    return [
        f"{name}.{kind}"
        for name, layer in module.named_modules()
        if isinstance(layer, wide)
        for kind, weight in layer.named_parameters(recurse=False)
        if weight.ndim == 2
    ]


def save_bank(path: Path, bank: Sequence[str], embeddings: NDArray[np.float32]) -> None:
    """Write coarse embeddings (N, E) of the bank of descriptions as int8 rows."""
    scales = np.abs(embeddings).max(axis=1, keepdims=True) / 127
    codes = np.rint(embeddings / scales).astype(np.int8)
    digest = np.frombuffer(bank_digest(bank), dtype=np.uint8)
    save_file({"codes": codes, "scales": scales.astype(np.float16), "digest": digest}, path)
