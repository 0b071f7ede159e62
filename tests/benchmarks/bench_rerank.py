"""SGRAF over 200 cached candidates, against the bare matrix products that it consists of.

Run with `python -m tests.benchmarks.bench_rerank [PACK]`; without a pack's folder the
bundled pack is used. The goal is 60 ms on two cores.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from engine.models import load_models

CANDIDATES, ROUNDS = 200, 15
CAPTION = "two young girls in red jackets are building a snowman in the garden"


def products(regions: int, dim: int, sim: int, words: int, steps: int) -> Callable[[], None]:
    """Return a function that does the large matrix products of one rerank, and nothing else."""
    nodes = words + 1
    photos, captions = torch.randn(CANDIDATES, regions, dim), torch.randn(words, dim)
    attention = torch.randn(CANDIDATES, words, regions)
    differences, local = torch.randn(CANDIDATES * words, dim), torch.randn(dim, sim)
    vectors, square = torch.randn(CANDIDATES, nodes, sim), torch.randn(sim, sim)
    edges = torch.randn(CANDIDATES, nodes, nodes)

    def run() -> None:
        photos @ captions.T
        attention @ photos
        for _ in ("SGR", "SAF"):
            differences @ local
        for _ in range(steps):
            (vectors @ square) @ vectors.transpose(1, 2)
            edges @ vectors @ square

    return run


def milliseconds(job: Callable[[], object]) -> float:
    """Return the time of the least disturbed of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3


@torch.inference_mode()
def main() -> None:
    """Print the rerank's time and its ratio to the products."""
    models = load_models(Path(sys.argv[1]) if len(sys.argv) > 1 else None, device="cpu")
    reranker = models.reranker
    codec = reranker.codec
    rows = torch.nn.functional.normalize(torch.randn(CANDIDATES, codec.regions, codec.dim), dim=-1)
    codes = reranker.encode_regions(rows)
    (words,) = models.pack.encode_text([CAPTION]).words or ()
    config = reranker._encoders[0].config
    bare = products(codec.regions, codec.dim, config.sim_dim, len(words.texts), config.graph_steps)
    reranker.score(words, codes)
    bare()
    rerank, floor = milliseconds(lambda: reranker.score(words, codes)), milliseconds(bare)
    print(f"{len(words.texts)} words, {CANDIDATES} photos of {np.mean([len(c) for c in codes]):.0f} bytes")
    print(f"rerank {rerank:.1f} ms (goal: at most 60)")
    print(f"products alone {floor:.1f} ms, ratio {rerank / floor:.2f}")


if __name__ == "__main__":
    main()
