"""Write what was trained as a model pack."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import Tensor, nn

from engine.errors import PackError
from engine.models.encoder import HEADS, IMAGE_BACKBONE, SECOND_TOWER, TEXT_BACKBONE, TOKENIZER
from engine.models.models import SGRAF, Models, bank_digest
from engine.models.packs import BANK, MANIFEST, Pack, PackConfig, read_pack, write_manifest
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
    """Write a complete pack to `folder` and return it.

    It takes the place of a pack that is there once it is finished (see `replacing`).

    Raises:
        PackError: The folder holds something, but no pack.
    """
    with replacing(folder) as draft:
        save_weights(draft / IMAGE_BACKBONE, image_backbone.state_dict())
        save_weights(draft / TEXT_BACKBONE, text_backbone.state_dict(), int8=_matrices(text_backbone))
        if second_tower is not None:
            save_weights(draft / SECOND_TOWER, second_tower.state_dict(), int8=_matrices(second_tower))
        save_weights(draft / HEADS, heads)
        save_weights(draft / SGRAF, sgraf)
        shutil.copyfile(tokenizer, draft / TOKENIZER)
        # The bank is encoded by the finished pack itself, exactly as a user's query is.
        unfinished = write_manifest(draft, name=name, config=config, fusion=fusion.to_json())
        embeddings = Models(unfinished).pack.encode_text(bank).embeddings
        save_bank(draft / BANK, bank, embeddings)
        write_manifest(draft, name=name, config=config, fusion=fusion.to_json())
        for path in draft.iterdir():
            path.chmod(0o644)  # safetensors writes for its user's eyes only; a pack is for everybody
    return read_pack(folder)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write a pack to, which in the end takes the place of `folder`.

    What is beside the older pack there is kept. Where anything fails, `folder` stays as it was.

    Raises:
        PackError: The folder holds something, but no pack.
    """
    folder = folder.resolve()
    replaced = _files_of_pack(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as place:
        draft = Path(place) / "new"
        draft.mkdir()
        yield draft
        if folder.is_dir():
            _copy_others(folder, replaced, draft)
        exchange(draft, folder, Path(place) / "old")


def _files_of_pack(folder: Path) -> set[str]:
    """Return the names of a pack's files, none where there is nothing."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    try:
        return {*read_pack(folder).files, MANIFEST}
    except PackError as error:
        raise PackError(
            "something is here that is no model pack, and would be lost.",
            path=folder,
            hint="Give the pack a folder of its own.",
        ) from error


def _copy_others(old: Path, replaced: Collection[str], new: Path) -> None:
    """Copy what is beside a pack's files."""
    for path in old.iterdir():
        if path.is_dir():
            shutil.copytree(path, new / path.name)
        elif path.name not in replaced:
            shutil.copy2(path, new)


def exchange(new: Path, folder: Path, old: Path) -> None:
    """Move `folder`, if it is there, to `old` and `new` in its place; where that fails, it stays.

    Raises:
        OSError: One of them can't be moved.
    """
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)


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
