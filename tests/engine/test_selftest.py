"""The self-test passes on a good pack and names what is wrong with a bad one."""

from __future__ import annotations

import pytest

from engine.errors import PackError
from engine.selftest import run_selftest


def test_a_good_pack_passes(tiny_pack_folder):
    assert run_selftest(tiny_pack_folder) == "ok: tiny, 6 photos indexed and searched"


def test_an_altered_file_is_named(tiny_pack_folder, tmp_path):
    for part in tiny_pack_folder.iterdir():
        (tmp_path / part.name).write_bytes(part.read_bytes())
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_bytes(tokenizer.read_bytes().replace(b"a", b"b", 1))
    with pytest.raises(PackError, match=r"tokenizer\.json"):
        run_selftest(tmp_path)
