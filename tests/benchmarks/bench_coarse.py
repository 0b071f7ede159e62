"""Coarse search over 100,000 photos against the bare NumPy product plus top-k.

Run with `python -m tests.benchmarks.bench_coarse` (half a minute, most of it for making the library).
It is the gallery's search, as the product runs it. The goal is a ratio of at most 1.5.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from engine.gallery import Gallery
from engine.library import Library
from tests.benchmarks.many_photos import fill

PHOTOS, CANDIDATES, ROUNDS = 100_000, 200, 30
PACK = "random-1"


def bare(matrix: np.ndarray, query: np.ndarray) -> np.ndarray:
    """One product and one argpartition, nothing else."""
    scores = matrix @ query
    best = np.argpartition(scores, len(scores) - CANDIDATES)[-CANDIDATES:]
    return best[np.argsort(-scores[best])]


def main() -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "library.db"
        fill(file, Path(place) / "photos", PHOTOS, pack_id=PACK)
        with Library.open(file) as library:
            gallery = Gallery(library, PACK)
            gallery.refresh()
    matrix = gallery.sample(PHOTOS)
    ours, reference = [], []
    for query in matrix[:ROUNDS].copy():
        start = time.perf_counter()
        expected = bare(matrix, query)
        middle = time.perf_counter()
        found = gallery.nearest(gallery.similarities(query), CANDIDATES)
        ours.append(time.perf_counter() - middle)
        reference.append(middle - start)
        if found[0] != expected[0]:
            raise SystemExit("the two disagree")
    search, product = statistics.median(ours), statistics.median(reference)
    print(f"coarse search {search * 1e3:.1f} ms, bare product and top-k {product * 1e3:.1f} ms")
    print(f"ratio {search / product:.2f} (goal: at most 1.5)")


if __name__ == "__main__":
    main()
