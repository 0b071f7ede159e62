from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from engine.errors import PackError
from engine.models.weights import load_into, load_weights, quantise_rows, save_weights


def test_floats_survive_as_float16_and_integers_as_they_are(tmp_path: Path) -> None:
    state = {"a": torch.randn(4, 3), "count": torch.tensor(7)}
    save_weights(tmp_path / "w.safetensors", state)
    loaded = load_weights(tmp_path / "w.safetensors")
    assert loaded["a"].dtype == torch.float32
    torch.testing.assert_close(loaded["a"], state["a"], rtol=1e-3, atol=1e-4)
    assert loaded["count"] == 7


def test_int8_rows_err_by_at_most_half_a_step(tmp_path: Path) -> None:
    weight = torch.randn(50, 20) * torch.logspace(-3, 2, 50)[:, None]
    save_weights(tmp_path / "w.safetensors", {"w": weight}, int8=["w"])
    loaded = load_weights(tmp_path / "w.safetensors")
    assert set(loaded) == {"w"}
    step = weight.abs().amax(dim=1, keepdim=True) / 127
    assert ((loaded["w"] - weight).abs() <= step * 0.51 + 1e-7).all()


def test_a_row_of_zeros_stays_zero() -> None:
    codes, scale = quantise_rows(torch.zeros(2, 5))
    assert not codes.any()
    assert torch.isfinite(scale).all()


def test_what_is_no_weights_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(b"not weights")
    with pytest.raises(PackError, match="can't be read") as caught:
        load_weights(path)
    assert "bad.safetensors" in str(caught.value)
    with pytest.raises(PackError):
        load_weights(tmp_path / "absent.safetensors")


def test_a_missing_extra_or_misshapen_weight_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    good = nn.Linear(3, 2).state_dict()
    load_into(nn.Linear(3, 2), good, path)
    for bad in (
        {"weight": good["weight"]},
        {**good, "extra": torch.zeros(1)},
        {**good, "weight": torch.zeros(2, 4)},
    ):
        with pytest.raises(PackError, match="don't fit") as caught:
            load_into(nn.Linear(3, 2), bad, path)
        assert "w.safetensors" in str(caught.value)
