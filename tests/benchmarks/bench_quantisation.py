"""What the region cache's rounding costs: R@1 with cached codes against exact float32.

    python -m tests.benchmarks.bench_quantisation --images DIR --captions FILE.csv --split NAMES.txt

Both rows come from `evaluate` over the same photos; only the codec differs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.evaluation import evaluate
from engine.models import load_models
from engine.sgraf import RegionCodec


class ExactCodec(RegionCodec):
    """Keeps every vector as float32: what the cache would hold without rounding."""

    @property
    def nbytes(self) -> int:
        """Bytes of one photo's code."""
        return 4 * (self.regions + self.globals_) * self.dim

    def encode(self, regions: Tensor, globals_: Tensor) -> list[bytes]:
        """Return one code per photo."""
        return [row.tobytes() for row in torch.cat([regions, globals_], dim=1).float().cpu().numpy()]

    def decode(self, codes: Sequence[bytes]) -> tuple[Tensor, Tensor]:
        """Return regions (N, R, D) and global vectors (N, G, D)."""
        rows = np.frombuffer(b"".join(codes), dtype=np.float32)
        vectors = torch.from_numpy(rows.reshape(len(codes), -1, self.dim).copy())
        return vectors[:, : self.regions], vectors[:, self.regions :]


def main() -> None:
    """Print both rows and their difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--captions", type=Path, required=True)
    parser.add_argument("--split", type=Path)
    parser.add_argument("--candidates", type=int, default=100)
    options = parser.parse_args()
    figures = []
    for exact in (True, False):
        models = load_models(device="cpu")
        codec = models.reranker.codec
        if exact:
            models.reranker.codec = ExactCodec(codec.regions, codec.dim, codec.globals_)
        report = evaluate(
            models, options.images, options.captions, split=options.split, candidates=options.candidates
        ).to_json()
        r1 = report["fused"]["text_to_image"]["r1"]
        figures.append(r1)
        size = models.reranker.codec.nbytes
        print(f"{'exact' if exact else 'cached'}: {size:,} bytes a photo, fused text→image R@1 {r1:.2f}")
    print(f"loss: {figures[0] - figures[1]:.2f} points")


if __name__ == "__main__":
    main()
