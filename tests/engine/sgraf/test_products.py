from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from engine.sgraf import products


@pytest.mark.parametrize("quicker", [True, False])
@pytest.mark.parametrize("bias", [True, False])
def test_either_kernel_gives_the_same(monkeypatch: pytest.MonkeyPatch, quicker: bool, bias: bool) -> None:
    if quicker and not torch.backends.mkldnn.is_available():
        pytest.skip("this torch has no oneDNN")
    monkeypatch.setattr(products, "_onednn_is_quicker", lambda: quicker)
    x, weight = torch.randn(3, 7, 20), torch.randn(20, 11).T
    offset = torch.randn(11) if bias else None
    with torch.no_grad():
        found = products.linear(x.transpose(0, 1), weight, offset)
    assert torch.allclose(found, F.linear(x.transpose(0, 1), weight, offset), atol=1e-5)


def test_gradients_and_other_precisions_go_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> torch.Tensor:
        raise AssertionError("this product must not go to oneDNN")

    monkeypatch.setattr(products, "_onednn_is_quicker", lambda: True)
    monkeypatch.setattr(products, "_onednn", refuse)
    x, weight = torch.randn(2, 4), torch.randn(3, 4, requires_grad=True)
    products.linear(x, weight).sum().backward()
    assert weight.grad is not None
    with torch.no_grad():
        assert products.linear(x.double(), weight.double()).dtype == torch.float64
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert products.linear(x, weight).dtype == torch.bfloat16
        with pytest.raises(AssertionError):
            products.linear(x, weight)


def test_a_kernel_that_is_missing_or_wrong_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> torch.Tensor:
        raise NotImplementedError

    measure = products._onednn_is_quicker.__wrapped__
    monkeypatch.setattr(products, "_onednn", absent)
    assert measure() is False
    monkeypatch.setattr(products, "_onednn", lambda x, weight, bias: torch.zeros(len(x), len(weight)))
    assert measure() is False
