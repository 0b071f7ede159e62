"""Pairs per second of the batched network beside the paper's formulas as the authors run them.

At official sizes (36 regions, D = 1024, S = 256, 12 words): images by captions, as an
evaluation scores them. The reference takes 100 images at a time and one caption after
the other, as the authors' code does. Run with `python -m tests.benchmarks.bench_sgraf`;
`--threads 1`, or OMP_WAIT_POLICY=PASSIVE, gives steadier figures on a busy machine.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from engine.sgraf import SimilarityConfig, SimilarityEncoder
from engine.sgraf.alignment import l2norm
from tests.engine.sgraf.reference import similarities

REGIONS, EMBED, SIM, WORDS = 36, 1024, 256, 12
IMAGES, CAPTIONS = 96, 48
REFERENCE_CAPTIONS = 12
IMAGE_CHUNK, CAPTION_CHUNK = 32, 4
ROUNDS = 5


def blocks(total: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, total, size))


def batched(encoder: SimilarityEncoder, regions: Tensor, words: Tensor, lengths: Tensor) -> Tensor:
    region_globals = encoder.region_globals(regions)
    word_globals = encoder.word_globals(words, lengths)
    scores = torch.empty(len(regions), len(words))
    for p in blocks(len(regions), IMAGE_CHUNK):
        for c in blocks(len(words), CAPTION_CHUNK):
            scores[p, c] = encoder(
                regions[p],
                words[c],
                lengths[c],
                region_globals=region_globals[p],
                word_globals=word_globals[c],
            )
    return scores


def seconds(scoring: Callable[[], Tensor]) -> tuple[float, Tensor]:
    start = time.perf_counter()
    scores = scoring()
    return time.perf_counter() - start, scores


@torch.inference_mode()
def compare(module: str) -> None:
    torch.manual_seed(0)
    encoder = SimilarityEncoder(SimilarityConfig(EMBED, SIM, REGIONS, module)).eval()
    weights = encoder.state_dict()
    regions = l2norm(torch.randn(IMAGES, REGIONS, EMBED))
    words = l2norm(torch.randn(CAPTIONS, WORDS, EMBED))
    lengths = torch.full((CAPTIONS,), WORDS)
    few = words[:REFERENCE_CAPTIONS], lengths[:REFERENCE_CAPTIONS]
    ways: dict[str, tuple[int, Callable[[], Tensor]]] = {
        "reference": (IMAGES * REFERENCE_CAPTIONS, lambda: similarities(weights, regions, *few)),
        "batched": (IMAGES * CAPTIONS, lambda: batched(encoder, regions, words, lengths)),
    }
    best = dict.fromkeys(ways, 0.0)
    scores: dict[str, Tensor] = {}
    for _ in range(ROUNDS):  # interleaved, so that a busy moment hits all alike
        for name, (pairs, scoring) in ways.items():
            spent, scores[name] = seconds(scoring)
            best[name] = max(best[name], pairs / spent)
    for name in ways:
        apart = (scores[name][:, :REFERENCE_CAPTIONS] - scores["reference"]).abs().max()
        print(
            f"{module} {name:9} {best[name]:8,.0f} pairs/s  {best[name] / best['reference']:5.2f} x reference"
            f"  largest difference {apart:.1e}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    torch.set_num_threads(parser.parse_args().threads)
    for module in ("SGR", "SAF"):
        compare(module)


if __name__ == "__main__":
    main()
