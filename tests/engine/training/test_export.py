"""A pack is written whole, in the place of an older one or not at all."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import PackError
from engine.models import load_models
from engine.models.encoder import SECOND_TOWER, image_heads, second_tower, text_heads
from engine.models.models import similarity_encoder
from engine.models.packs import BANK, Pack, read_pack
from engine.models.weights import prefixed
from engine.sgraf import Fusion
from engine.training.export import exchange, write_pack
from tests.engine.training.photos import TinyBackbones
from tests.packs import FUSION, TINY

ONE_TOWER = replace(TINY, second_backbone="", second_size=0, region_towers=1)
SENTENCES = ("a red picture", "a blue picture")


@pytest.fixture(scope="module")
def backbones(tmp_path_factory: pytest.TempPathFactory) -> TinyBackbones:
    return TinyBackbones(tmp_path_factory.mktemp("backbones"))


def written(
    backbones: TinyBackbones, folder: Path, name: str = "new-1", *, two: bool = False, tokenizer: str = ""
) -> Pack:
    """Write a pack of random weights, of one image tower or two."""
    config = TINY if two else ONE_TOWER
    torch.manual_seed(0)
    encoders = {"sgr.": similarity_encoder(config, "SGR"), "saf.": similarity_encoder(config, "SAF")}
    return write_pack(
        folder,
        name=name,
        config=config,
        image_backbone=backbones.image(),
        text_backbone=backbones.text(),
        second_tower=second_tower(config) if two else None,
        tokenizer=Path(tokenizer or backbones.tokenizer),
        heads=prefixed({"image.": image_heads(config), "text.": text_heads(config)}),
        sgraf=prefixed(encoders),
        fusion=Fusion.from_json(dict(FUSION)),
        bank=SENTENCES,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_new_folder_is_made_and_everybody_may_read_it(backbones: TinyBackbones, tmp_path: Path) -> None:
    pack = written(backbones, tmp_path / "packs" / "mine")
    pack.verify()
    assert pack.folder == tmp_path / "packs" / "mine"
    assert load_models(pack.folder, device="cpu").bank_embeddings(SENTENCES) is not None
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o444 == 0o444 for path in pack.folder.iterdir())


def test_nothing_of_an_older_pack_is_taken_for_the_new_one_s(
    backbones: TinyBackbones, tmp_path: Path
) -> None:
    assert written(backbones, tmp_path / "pack", "old-1", two=True).has(SECOND_TOWER)
    (tmp_path / "pack" / "left.json").write_text("{}")
    pack = written(backbones, tmp_path / "pack")
    pack.verify()
    assert pack.name == "new-1"
    assert {*pack.files, "manifest.json", "left.json"} == {path.name for path in pack.folder.iterdir()}
    assert not {SECOND_TOWER, "left.json"} & set(pack.files)
    assert pack.pack_id == written(backbones, tmp_path / "other").pack_id


def test_what_is_beside_the_weights_stays(backbones: TinyBackbones, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    written(backbones, folder, "old-1")
    (folder / "MODEL_CARD.md").write_text("a card")
    (folder / "figures").mkdir()
    (folder / "figures" / "all.json").write_text("[1]")
    written(backbones, folder)
    assert (folder / "MODEL_CARD.md").read_text() == "a card"
    assert (folder / "figures" / "all.json").read_text() == "[1]"
    assert {path.name for path in tmp_path.iterdir()} == {"pack"}


def test_an_older_pack_stays_whole_where_writing_fails(backbones: TinyBackbones, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    before = written(backbones, folder, "old-1", two=True)
    kept = contents(folder)
    with pytest.raises(FileNotFoundError):
        written(backbones, folder, tokenizer="missing.json")
    assert contents(folder) == kept
    read_pack(folder).verify()
    assert read_pack(folder).pack_id == before.pack_id
    assert {path.name for path in tmp_path.iterdir()} == {"pack"}


def test_an_older_pack_comes_back_where_the_new_one_can_t_take_its_place(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / BANK).write_bytes(b"old")
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "missing", tmp_path / "pack", tmp_path / "old")
    assert contents(tmp_path) == {f"pack/{BANK}": b"old"}


@pytest.mark.parametrize("name", ["run/rerank.safetensors", "run/captions.json", "run/manifest.json", "run"])
def test_what_is_no_pack_is_not_replaced(backbones: TinyBackbones, tmp_path: Path, name: str) -> None:
    """Such as the weights of a run whose folder was given for the pack's."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"an hour's work")
    with pytest.raises(PackError, match="folder of its own"):
        written(backbones, tmp_path / "run")
    assert contents(tmp_path) == {name: b"an hour's work"}


def test_an_empty_folder_may_become_a_pack(backbones: TinyBackbones, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    written(backbones, tmp_path / "pack").verify()
