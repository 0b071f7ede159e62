"""Choose the number format of a network by measuring it once on this machine.

On processors with bfloat16 matrix units it is several times faster than float32;
on others it is slower. The process measures once and remembers. Both formats take turns,
so that whatever else the machine does meanwhile slows both alike.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence

import torch
from torch import Tensor, nn

GAIN = 1.15
ROUNDS = 5
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
        half, single = _best_seconds((copy.deepcopy(network).to(torch.bfloat16), network), probe)
        _chosen[device] = torch.bfloat16 if half * GAIN < single else torch.float32
    return _chosen[device]


@torch.inference_mode()
def _best_seconds(networks: Sequence[nn.Module], probe: Tensor) -> list[float]:
    """Return the best time of each network over rounds in which they take turns, after one to warm up."""
    for network in networks:
        network(probe)
    rounds = [[_seconds(network, probe) for network in networks] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _seconds(network: nn.Module, probe: Tensor) -> float:
    start = time.perf_counter()
    network(probe)
    return time.perf_counter() - start
