"""Choose the number format of a network by measuring it once on this machine.

On processors with bfloat16 matrix units it is several times faster than float32;
on others it is slower. The process measures once and remembers.
"""

from __future__ import annotations

import copy
import time

import torch
from torch import Tensor, nn

GAIN = 1.15
_chosen: dict[str, torch.dtype] = {}


def fastest_dtype(network: nn.Module, probe: Tensor) -> torch.dtype:
    """Return bfloat16 where `network` runs at least 15% faster with it, else float32.

    The network (float32) stays as it is. `probe` is one small batch of its input.
    """
    device = probe.device.type
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device != "cpu":
        return torch.float32
    if device not in _chosen:
        half = _seconds(copy.deepcopy(network).to(torch.bfloat16), probe)
        _chosen[device] = torch.bfloat16 if half * GAIN < _seconds(network, probe) else torch.float32
    return _chosen[device]


@torch.inference_mode()
def _seconds(network: nn.Module, probe: Tensor) -> float:
    """Return the best time of three runs after one to warm up."""
    network(probe)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        network(probe)
        times.append(time.perf_counter() - start)
    return min(times)
