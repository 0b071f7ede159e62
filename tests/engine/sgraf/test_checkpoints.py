from __future__ import annotations

import argparse
import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import PackError
from engine.sgraf.checkpoints import read_checkpoint
from engine.sgraf.official import score_all
from tests.engine.sgraf.official_files import (
    EMBED,
    IMG,
    REGIONS,
    SIM,
    checkpoint,
    random_state,
    text_shapes,
    write_checkpoint,
)


@pytest.mark.shared
@pytest.mark.parametrize("module", ["sgr", "saf"])
def test_golden_embeddings_and_similarities(golden: Path, module: str) -> None:
    model = read_checkpoint(golden / f"official_{module}.pth.tar")
    with np.load(golden / f"official_{module}.npz") as kept, torch.no_grad():
        regions = model.regions(torch.from_numpy(kept["regions"]))
        assert np.allclose(regions, kept["region_embeddings"], atol=1e-5)
        lengths = torch.from_numpy(kept["lengths"])
        words = model.words(torch.from_numpy(kept["tokens"]), lengths)
        assert np.allclose(words, kept["word_embeddings"], atol=1e-5)
        assert np.allclose(model.similarity(regions, words, lengths), kept["similarity"], atol=1e-5)
        tokens = [row[:length].tolist() for row, length in zip(kept["tokens"], kept["lengths"], strict=True)]
        assert np.allclose(score_all(model, kept["regions"], tokens), kept["similarity"], atol=1e-5)


@pytest.mark.parametrize("module", ["SGR", "SAF"])
def test_sizes_come_from_the_weights(tmp_path: Path, module: str) -> None:
    model = read_checkpoint(write_checkpoint(tmp_path / "model.pth.tar", checkpoint(module)))
    config = model.similarity.config
    assert (config.embed_size, config.sim_dim, config.regions) == (EMBED, SIM, REGIONS)
    assert config.module == module
    assert model.regions.linear.in_features == IMG
    assert model.words.gru.bidirectional
    assert not any(network.training for network in (model.regions, model.words, model.similarity))
    assert not any(weight.requires_grad for weight in model.similarity.parameters())
    assert model.device == torch.device("cpu")


def test_other_options_of_the_authors_are_honoured(tmp_path: Path) -> None:
    content = checkpoint("SAF", no_imgnorm=True, no_txtnorm=True)
    content["model"][1] = random_state(text_shapes(directions=1))
    model = read_checkpoint(write_checkpoint(tmp_path / "model.pth.tar", content))
    assert not model.words.gru.bidirectional
    assert not model.words.normalise
    assert not model.regions.normalise


def test_old_and_option_free_checkpoints_are_read(tmp_path: Path) -> None:
    content = checkpoint("SGR")
    del content["opt"]
    path = tmp_path / "old.pth.tar"
    torch.save(content, path, _use_new_zipfile_serialization=False)
    assert read_checkpoint(path).similarity.config.module == "SGR"


class Attack:
    """Unpickling this makes a folder."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (os.fspath(self.target),)


@pytest.mark.parametrize("place", ["alone", "option", "weight"])
@pytest.mark.parametrize("form", ["zip", "legacy", "pickle"])
def test_code_in_a_checkpoint_is_never_run(tmp_path: Path, place: str, form: str) -> None:
    target = tmp_path / "broken-in"
    content: Any = checkpoint("SAF")
    if place == "alone":
        content = Attack(target)
    elif place == "option":
        content["opt"] = argparse.Namespace(lr=Attack(target))
    else:
        content["model"][2]["sim_eval_w.bias"] = Attack(target)
    path = tmp_path / "model.pth.tar"
    if form == "pickle":
        path.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=form == "zip")
    with pytest.raises(PackError, match=r"model\.pth\.tar") as caught:
        read_checkpoint(path)
    assert not target.exists()
    assert caught.value.hint


def test_the_attack_works_where_nobody_guards(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Attack(tmp_path / "broken-in")))
    assert (tmp_path / "broken-in").exists()


def damaged_archive() -> bytes:
    whole = io.BytesIO()
    torch.save(checkpoint("SAF"), whole)
    return whole.getvalue()[:-2000]


def foreign_archive() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("readme.txt", "not a model")
    return whole.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x80\x02garbage", b"\x00" * 4096, damaged_archive(), foreign_archive()]
)
def test_files_that_are_no_checkpoints_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.pth.tar"
    path.write_bytes(content)
    with pytest.raises(PackError, match=r"model\.pth\.tar"):
        read_checkpoint(path)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.pth.tar", tmp_path):
        with pytest.raises(PackError, match="no such checkpoint"):
            read_checkpoint(path)


@pytest.mark.parametrize("content", [[1, 2], {"epoch": 1}, {"model": [{}, {}]}, {"model": [{}, {}, 3]}])
def test_other_structures_are_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(PackError, match="three state dicts"):
        read_checkpoint(write_checkpoint(tmp_path / "model.pth.tar", content))


def spoil(content: dict[str, Any], part: int, name: str, weight: torch.Tensor | None) -> None:
    if weight is None:
        del content["model"][part][name]
    else:
        content["model"][part][name] = weight


@pytest.mark.parametrize(
    ("part", "name", "weight", "complaint"),
    [
        (0, "fc.weight", None, "lacks the weight “fc.weight”"),
        (0, "fc.bias", None, "lacks the weight"),
        (0, "fc.weight", torch.zeros(3), "wrong shape"),
        (0, "fc.bias", torch.zeros(3), r"“fc.bias” has the shape \(3,\), not \(16,\)"),
        (1, "cap_rnn.bias_hh_l0_reverse", None, "lacks the weight"),
        (2, "SGR_module.1.graph_key_w.weight", None, "lacks the weight"),
        (2, "SGR_module.0.surprise", torch.zeros(1), "unknown weight “SGR_module.0.surprise”"),
        (2, "sim_eval_w.bias", torch.tensor([float("nan")]), "not numbers"),
        (2, "v_global_w.embedding_local.1.weight", torch.zeros(0), "wrong shape"),
    ],
)
def test_every_name_and_shape_must_agree(
    tmp_path: Path, part: int, name: str, weight: torch.Tensor | None, complaint: str
) -> None:
    content = checkpoint("SGR")
    spoil(content, part, name, weight)
    with pytest.raises(PackError, match=complaint) as caught:
        read_checkpoint(write_checkpoint(tmp_path / "model.pth.tar", content))
    assert "model.pth.tar" in str(caught.value)
