"""Model packs: a folder of weights with a manifest that says what must be in it.

`manifest.json` names the pack, its architecture (`PackConfig`) and, for every file,
its size and SHA-256. A file is checked when it is loaded, so an altered or half
copied pack is refused by name instead of giving wrong answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from engine.errors import PackError

MANIFEST = "manifest.json"
BANK = "descriptions.safetensors"
DEFAULT_PACK = "sgraffito"
REINSTALL = "Install Sgraffito again."


@dataclass(frozen=True, slots=True)
class PackConfig:
    """The architecture of a pack, in plain numbers.

    Attributes:
        backbone: timm name of the image backbone.
        image_size: Side of the square input in pixels.
        looks: How often a photo is looked at for its coarse embedding: once, as it is, or
            twice, then closer (see `engine.models.looks`).
        second_backbone: timm name of a second image backbone, with cells of the same grid and
            width; "" for none.
        second_size: Side of its input in pixels.
        region_towers: How many of the image backbones make regions; both make the coarse embedding.
        grid: Rows (and columns) of region cells that the backbone gives.
        cell_dim: Features per cell.
        concepts: Classes of the backbone's classifier, per cell.
        text_vocab: Word pieces known to the text backbone.
        text_dim: Width of the text backbone.
        text_layers: Its layers.
        text_heads: Its attention heads.
        text_hidden: Width of its feed-forward layers.
        text_positions: Longest sequence of word pieces.
        max_words: Words of a caption that count.
        embed_dim: Width of the coarse embedding, its correction for hubness included.
        query_bank: Typical captions that a photo's hubness is measured with.
        head_dim: Hidden width of the coarse heads.
        head_queries: Attention-pooling queries of the coarse heads.
        joint_dim: Width of SGRAF's joint space (embed_size in the paper).
        sim_dim: Width of SGRAF's similarity vectors.
        graph_steps: Steps of graph reasoning.
    """

    backbone: str
    image_size: int
    looks: int
    second_backbone: str
    second_size: int
    region_towers: int
    grid: int
    cell_dim: int
    concepts: int
    text_vocab: int
    text_dim: int
    text_layers: int
    text_heads: int
    text_hidden: int
    text_positions: int
    max_words: int
    embed_dim: int
    query_bank: int
    head_dim: int
    head_queries: int
    joint_dim: int
    sim_dim: int
    graph_steps: int

    @property
    def regions(self) -> int:
        """Region vectors per photo."""
        return self.grid * self.grid

    @property
    def towers(self) -> int:
        """How many image backbones there are."""
        return 2 if self.second_backbone else 1

    def to_json(self) -> dict[str, Any]:
        """Return the plain form kept in the manifest."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PackFile:
    """What the manifest promises of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A model pack on disk, its manifest read.

    Attributes:
        folder: Where it is.
        name: Its name and version, for people.
        pack_id: Its identity: stored features belong to it.
        config: Its architecture.
        files: Promised files by name.
        fusion: Calibrated fusion weights (see `engine.sgraf.Fusion`).
    """

    folder: Path
    name: str
    pack_id: str
    config: PackConfig
    files: Mapping[str, PackFile]
    fusion: Mapping[str, float]

    def file(self, name: str) -> Path:
        """Return the path of one file of the pack after checking its size and hash.

        Raises:
            PackError: The file is not in the manifest, is missing or was altered.
        """
        path = self.folder / name
        promised = self.files.get(name)
        if promised is None:
            raise PackError(
                f"the model pack's manifest doesn't list {name}.", path=self.folder, hint=REINSTALL
            )
        try:
            content = path.read_bytes()
        except OSError as error:
            raise PackError("this file of the model pack is missing.", path=path, hint=REINSTALL) from error
        if len(content) != promised.size or hashlib.sha256(content).hexdigest() != promised.sha256:
            raise PackError(
                "this file of the model pack is damaged or was altered.", path=path, hint=REINSTALL
            )
        return path

    def has(self, name: str) -> bool:
        """Return whether the manifest lists a file of that name."""
        return name in self.files

    def verify(self) -> None:
        """Check every file of the pack.

        Raises:
            PackError: The first file that is missing or altered.
        """
        for name in self.files:
            self.file(name)


def read_pack(folder: Path | None = None) -> Pack:
    """Read a pack's manifest; None means the bundled pack.

    Raises:
        PackError: There is no pack in that folder, or its manifest is unusable.
    """
    if folder is None:
        # Imported here so that training runs where appdirs isn't installed.
        from engine.places import bundled_packs

        folder = bundled_packs() / DEFAULT_PACK
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError("there is no model pack in this folder.", path=folder, hint=REINSTALL) from error
    except ValueError as error:
        raise PackError("the model pack's manifest is damaged.", path=path, hint=REINSTALL) from error
    try:
        return _parse(folder, manifest)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PackError(
            f"the model pack's manifest is of another kind ({error}).", path=path, hint=REINSTALL
        ) from error


def _parse(folder: Path, manifest: dict[str, Any]) -> Pack:
    config = manifest["config"]
    known = {field.name for field in fields(PackConfig)}
    if set(config) != known:
        raise ValueError(f"config: {', '.join(sorted(set(config) ^ known))}")
    files = {name: PackFile(int(f["size"]), str(f["sha256"])) for name, f in manifest["files"].items()}
    if any(Path(name).name != name for name in files):
        raise ValueError("a file outside the pack's folder")
    return Pack(
        folder=folder,
        name=str(manifest["name"]),
        pack_id=str(manifest["pack_id"]),
        config=PackConfig(**config),
        files=files,
        fusion={key: float(value) for key, value in manifest["fusion"].items()},
    )


def write_manifest(folder: Path, *, name: str, config: PackConfig, fusion: Mapping[str, float]) -> Pack:
    """Describe every weights and JSON file in `folder` by a new manifest, and return the pack.

    The pack's identity is its name with a digest of the weights, so that retrained
    weights never meet stored features of older ones. The bank of descriptions is left
    out: new sentences need no photo to be read again.
    """
    paths = sorted(
        p for p in folder.iterdir() if p.suffix in {".safetensors", ".json"} and p.name != MANIFEST
    )
    files = {
        p.name: {"size": p.stat().st_size, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
        for p in paths
    }
    weights = {file: promise for file, promise in files.items() if file != BANK}
    identity = hashlib.sha256(json.dumps([config.to_json(), weights], sort_keys=True).encode()).hexdigest()
    manifest = {
        "name": name,
        "pack_id": f"{name}-{identity[:12]}",
        "config": config.to_json(),
        "files": files,
        "fusion": dict(fusion),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return read_pack(folder)
