"""Indexing pipeline against the image tower alone: `python -m tests.benchmarks.bench_indexing FOLDER`.

The reference is the rate at which the encoders run on photos that are already decoded,
in batches of the same size. Both are measured in turn, several rounds in one run, and
the median of the rounds' ratios is printed; it should be at least 0.85.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from engine import Indexer, Library, Models, load_models
from engine.image import SUFFIXES, read_photo
from engine.indexer.indexer import BATCH_SIZE

TARGET = 0.85


def tower_rate(models: Models, paths: Sequence[Path], batch_size: int) -> float:
    """Return photos per second of the encoders alone, photos being decoded beforehand."""
    images = [read_photo(path).image for path in paths]
    prepared = [[encoder.prepare(image) for image in images] for encoder in models.encoders]
    started = time.perf_counter()
    for encoder, arrays in zip(models.encoders, prepared, strict=True):
        for start in range(0, len(arrays), batch_size):
            encoder.encode_images(arrays[start : start + batch_size])
    return len(paths) / (time.perf_counter() - started)


def pipeline_rate(models: Models, folder: Path, library_file: Path, batch_size: int) -> float:
    """Return photos per second from files to a written library."""
    with Library.open(library_file) as library:
        started = time.perf_counter()
        report = Indexer(library, models, batch_size=batch_size).run([folder])
        return report.added / (time.perf_counter() - started)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pack", type=Path, help="a model pack (default: the bundled one)")
    parser.add_argument("--photos", type=int, default=256, help="photos in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=BATCH_SIZE)
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    models = load_models(arguments.pack)
    tower_rate(models, paths[: 2 * arguments.batch], arguments.batch)  # load and warm up
    ratios = []
    for number in range(arguments.rounds):
        chosen = paths[number * arguments.photos : (number + 1) * arguments.photos]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "photos"
            folder.mkdir()
            for place, path in enumerate(chosen):
                shutil.copy(path, folder / f"{place:06}{path.suffix}")
            before = tower_rate(models, chosen, arguments.batch)
            pipeline = pipeline_rate(models, folder, Path(name) / "library.db", arguments.batch)
            tower = (before + tower_rate(models, chosen, arguments.batch)) / 2
        ratios.append(pipeline / tower)
        print(
            f"tower alone {tower:7.1f} photos/s   pipeline {pipeline:7.1f} photos/s   ratio {ratios[-1]:.2f}"
        )
    print(f"median ratio {statistics.median(ratios):.2f} (at least {TARGET})")


if __name__ == "__main__":
    main()
