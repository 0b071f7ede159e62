from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.errors import PackError
from engine.models.packs import BANK, MANIFEST, read_pack, write_manifest
from tests.packs import FUSION, TINY


@pytest.fixture
def pack_copy(tiny_pack_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_pack_folder, tmp_path / "pack"))


def test_a_written_pack_reads_back_and_verifies(pack_copy: Path) -> None:
    pack = read_pack(pack_copy)
    assert pack.config == TINY
    assert pack.fusion == FUSION
    assert pack.pack_id.startswith("tiny-")
    pack.verify()


def test_no_pack_names_the_folder_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no model pack") as caught:
        read_pack(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert "Install" in str(caught.value)


@pytest.mark.parametrize("name", ["image_backbone.safetensors", "sgraf.safetensors", "tokenizer.json"])
def test_one_changed_byte_is_refused_by_file_name(pack_copy: Path, name: str) -> None:
    path = pack_copy / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(PackError, match="damaged") as caught:
        read_pack(pack_copy).verify()
    assert name in str(caught.value)


def test_a_missing_file_is_refused_by_name(pack_copy: Path) -> None:
    (pack_copy / "heads.safetensors").unlink()
    with pytest.raises(PackError, match="missing") as caught:
        read_pack(pack_copy).verify()
    assert "heads.safetensors" in str(caught.value)


def test_a_truncated_file_is_refused(pack_copy: Path) -> None:
    path = pack_copy / "heads.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(PackError, match="damaged"):
        read_pack(pack_copy).file(path.name)


def test_a_file_that_the_manifest_does_not_list_is_refused(pack_copy: Path) -> None:
    with pytest.raises(PackError, match=r"doesn't list other\.bin"):
        read_pack(pack_copy).file("other.bin")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"config": {}}',
        '{"name": 1, "config": {"grid": 2}, "files": {}, "fusion": {}}',
        "null",
    ],
)
def test_a_manifest_of_another_kind_is_refused(pack_copy: Path, text: str) -> None:
    (pack_copy / MANIFEST).write_text(text)
    with pytest.raises(PackError, match="manifest") as caught:
        read_pack(pack_copy)
    assert MANIFEST in str(caught.value)


@pytest.mark.parametrize("part", ["files", "fusion"])
def test_a_manifest_with_a_list_in_the_wrong_place_is_refused(pack_copy: Path, part: str) -> None:
    manifest = json.loads((pack_copy / MANIFEST).read_text())
    (pack_copy / MANIFEST).write_text(json.dumps(manifest | {part: []}))
    with pytest.raises(PackError, match="of another kind"):
        read_pack(pack_copy)


def test_a_manifest_that_points_outside_its_folder_is_refused(pack_copy: Path) -> None:
    manifest = json.loads((pack_copy / MANIFEST).read_text())
    manifest["files"]["../secret"] = {"size": 1, "sha256": "0"}
    (pack_copy / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(PackError, match="outside"):
        read_pack(pack_copy)


def test_identity_follows_the_weights_but_not_the_bank(pack_copy: Path) -> None:
    before = read_pack(pack_copy).pack_id
    (pack_copy / BANK).write_bytes(b"sentences")
    with_bank = write_manifest(pack_copy, name="tiny", config=TINY, fusion=FUSION)
    assert with_bank.pack_id == before
    assert with_bank.has(BANK)
    (pack_copy / "heads.safetensors").write_bytes(b"other weights")
    assert write_manifest(pack_copy, name="tiny", config=TINY, fusion=FUSION).pack_id != before
