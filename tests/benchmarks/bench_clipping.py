"""An image tower beside the same with torch's own ReLU6: `python -m tests.benchmarks.bench_clipping`.

Both on bfloat16, in turn, several rounds in one run; the median of the rounds' ratios is
printed, of the whole tower and of one activation between two convolutions.
"""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Callable

import torch
from torch import nn

from engine.models.clipping import QuickReLU6
from engine.models.image_backbone import ImageBackbone

ROUNDS = 15
PHOTOS = 8


def main() -> None:
    """Measure and print."""
    quick = ImageBackbone("tf_efficientnet_lite2", classes=1000, concept_dim=384).eval()
    quick.network.to(torch.bfloat16).to(memory_format=torch.channels_last)
    plain = copy.deepcopy(quick)
    plain.network.apply(with_torchs_own)
    photos = torch.randint(0, 255, (PHOTOS, 256, 256, 3), dtype=torch.uint8)
    maps = torch.randn(PHOTOS, 96, 128, 128).bfloat16().contiguous(memory_format=torch.channels_last)
    threads = torch.get_num_threads()
    print(f"{threads} threads, times of torch's own ReLU6 over ours, median of {ROUNDS} rounds")
    with torch.inference_mode():
        print(f"a tower, {PHOTOS} photos: {ratio(lambda: plain(photos), lambda: quick(photos)):.2f}")
        ours, torchs = QuickReLU6(), nn.ReLU6(inplace=True)
        print(f"an activation: {ratio(lambda: torchs(maps), lambda: ours(maps)):.2f}")


def with_torchs_own(module: nn.Module) -> None:
    """Give a module torch's ReLU6 in the place of ours."""
    for name, child in module.named_children():
        if isinstance(child, QuickReLU6):
            setattr(module, name, nn.ReLU6(inplace=True))


def ratio(reference: Callable[[], object], measured: Callable[[], object]) -> float:
    """Return the median over the rounds of the reference's time over the measured one's."""
    ratios = []
    for _ in range(ROUNDS + 1):
        taken = []
        for run in (reference, measured):
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start)
        ratios.append(taken[0] / taken[1])
    return statistics.median(ratios[1:])  # the first round warms up


if __name__ == "__main__":
    main()
