"""What more looks and more candidates cost, and what they bring.

    python -m tests.benchmarks.bench_frontier IMAGES CAPTIONS [--split FILE] [--limit N] [--pack FOLDER]

One row a setting, all in one run over the same photos: how many looks the first image tower
takes at a photo (the weights are made for as many as the pack says, so other rows are a lower
bound), and how many candidates SGRAF puts in order.
Reading speed counts decoding; a search is one caption against this gallery.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace

import torch

from engine.models import Models
from engine.models.packs import read_pack
from engine.recall import recall_metrics, text_to_image_ranks
from tests.benchmarks.captioned import Gallery, arguments, encode_captions, read

LOOKS = (1, 2)
CANDIDATES = (0, 50, 100, 200)
TIMED = 40


def main() -> None:
    """Print the table."""
    options = arguments(__doc__).parse_args()
    _, photos = read(options)
    pack = read_pack(options.pack)
    print(
        f"{len(photos.paths):,} photos, {len(photos.captions):,} captions, {torch.get_num_threads()} threads"
    )
    print("| looks | candidates | text→image R@1 / 5 / 10 | photos read a second | ms a search |")
    print("|---|---|---|---|---|")
    for looks in LOOKS:
        models = Models(replace(pack, config=replace(pack.config, looks=looks)))
        captions = encode_captions(models, photos.captions)
        Gallery.of(models, photos.paths[:1])  # loads the tower
        start = time.perf_counter()
        gallery = Gallery.of(models, photos.paths)
        speed = len(photos.paths) / (time.perf_counter() - start)
        for candidates in CANDIDATES:
            coarse, fused = gallery.similarities(captions, candidates)
            similarity = fused if candidates else coarse
            recall = recall_metrics(text_to_image_ranks(similarity, photos.photo_of_caption))
            found = f"{recall.r1:.1f} / {recall.r5:.1f} / {recall.r10:.1f}"
            taken = search_ms(gallery, photos.captions[:TIMED], candidates)
            print(f"| {looks} | {candidates or 'coarse alone'} | {found} | {speed:.0f} | {taken:.0f} |")


def search_ms(gallery: Gallery, captions: Sequence[str], candidates: int) -> float:
    """Return the median milliseconds of one caption's way from text to order."""
    taken = []
    for caption in captions:
        start = time.perf_counter()
        gallery.similarities(encode_captions(gallery.models, [caption]), candidates)
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


if __name__ == "__main__":
    main()
