"""Coarse search over 100,000 photos against the bare NumPy product plus top-k.

Run with `python -m tests.benchmarks.bench_coarse`. The goal is a ratio of at most 1.5.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

from engine.vectors import CoarseIndex

PHOTOS, WIDTH, CANDIDATES, ROUNDS = 100_000, 384, 200, 30


def bare(matrix: np.ndarray, query: np.ndarray) -> np.ndarray:
    """One product and one argpartition, nothing else."""
    scores = matrix @ query
    best = np.argpartition(scores, len(scores) - CANDIDATES)[-CANDIDATES:]
    return best[np.argsort(-scores[best])]


def main() -> None:
    """Print both medians and their ratio."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(PHOTOS, WIDTH)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = CoarseIndex(WIDTH)
    index.append(np.arange(PHOTOS), rows)
    ours, reference = [], []
    for i in range(ROUNDS):
        query = rows[i]
        start = time.perf_counter()
        expected = bare(rows, query)
        middle = time.perf_counter()
        found, _ = index.search(query, CANDIDATES)
        ours.append(time.perf_counter() - middle)
        reference.append(middle - start)
        if found[0] != expected[0]:
            raise SystemExit("the two disagree")
    search, product = statistics.median(ours), statistics.median(reference)
    print(f"coarse search {search * 1e3:.1f} ms, bare product and top-k {product * 1e3:.1f} ms")
    print(f"ratio {search / product:.2f} (goal: at most 1.5)")


if __name__ == "__main__":
    main()
