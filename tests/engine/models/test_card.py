from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.errors import PackError
from engine.models import read_card


@pytest.fixture
def folder(tiny_pack_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_pack_folder, tmp_path / "pack"))


def test_a_card_is_read_with_the_packs_name_and_size(folder: Path) -> None:
    (folder / "MODEL_CARD.md").write_text("# Tiny\n\nKnows nothing.\n", "utf-8")
    card = read_card(folder)
    assert (card.name, card.folder) == ("tiny", folder)
    assert card.text == "# Tiny\n\nKnows nothing.\n"
    listed = [p for p in folder.iterdir() if p.name not in ("manifest.json", "MODEL_CARD.md")]
    assert card.size == sum(path.stat().st_size for path in listed)


def test_a_pack_without_a_card_has_no_text(folder: Path) -> None:
    assert read_card(folder).text == ""


def test_bytes_that_are_no_text_do_no_harm(folder: Path) -> None:
    (folder / "MODEL_CARD.md").write_bytes(b"caf\xe9")
    assert read_card(folder).text == "caf\ufffd"


def test_no_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no model pack"):
        read_card(tmp_path / "nothing")


def test_the_bundled_pack_has_a_card() -> None:
    card = read_card()
    assert card.name in card.text
    assert "## Limits" in card.text
