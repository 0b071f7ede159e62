"""Matrix products by the quickest exact kernel: found out by measuring, never assumed.

torch gives float32 products on a CPU to MKL. On some processors (AMD's with AVX-512,
for one) oneDNN, which torch carries too, is more than twice as fast at equal precision.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

_ROWS, _INPUTS, _OUTPUTS = 256, 512, 256
_REPEATS = 5
_WORTH = 1.2
_TOLERANCE = 1e-4


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return `x weight^T + bias`, as `torch.nn.functional.linear` does."""
    exact = x.dtype == weight.dtype == torch.float32 and x.device.type == "cpu"
    if (
        exact
        and not torch.is_grad_enabled()
        and not torch.is_autocast_enabled("cpu")
        and _onednn_is_quicker()
    ):
        return _onednn(x.contiguous(), weight.contiguous(), bias)
    return F.linear(x, weight, bias)


def _onednn(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    product: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    return product


@cache
def _onednn_is_quicker() -> bool:
    """Measure both kernels once, and check that they agree."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(_ROWS, _INPUTS, generator=generator)
    weight, bias = (
        torch.rand(_OUTPUTS, _INPUTS, generator=generator),
        torch.rand(_OUTPUTS, generator=generator),
    )
    expected = F.linear(x, weight, bias)
    try:
        agreed = torch.allclose(_onednn(x, weight, bias), expected, rtol=_TOLERANCE)
    except (RuntimeError, AttributeError, NotImplementedError):  # a build of torch without oneDNN
        return False
    return agreed and _seconds(lambda: F.linear(x, weight, bias)) > _WORTH * _seconds(
        lambda: _onednn(x, weight, bias)
    )


def _seconds(product: Callable[[], Tensor]) -> float:
    """Return the shortest of a few runs."""
    times = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        product()
        times.append(time.perf_counter() - start)
    return min(times)
