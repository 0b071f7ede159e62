"""A cold `search` process against `import torch` plus one text encoding in one process.

Run with `python -m tests.benchmarks.bench_cold_search [PACK]`; without a pack's folder the
bundled pack is used. The goal is a ratio of at most 2.5.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.indexer import Indexer
from engine.library import Library
from engine.models import load_models
from tests.album import draw_album

ROUNDS = 7
CAPTION = "two dogs on a beach"
REFERENCE = """
import sys, torch
from pathlib import Path
from engine.models import load_models
load_models(Path(sys.argv[1]) if len(sys.argv) > 1 else None).pack.encode_text([{caption!r}])
"""


def seconds(command: list[str]) -> float:
    """Return how long a process took, from start to end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print both medians and their ratio."""
    pack = sys.argv[1:2]
    with tempfile.TemporaryDirectory() as place:
        library = Path(place) / "library.db"
        with Library.open(library) as opened:
            Indexer(opened, load_models(Path(pack[0]) if pack else None)).run(
                [draw_album(Path(place) / "album")]
            )
        search = [sys.executable, "main.py", "search", CAPTION, "--library", str(library)]
        search += ["--pack", *pack] if pack else []
        reference = [sys.executable, "-c", REFERENCE.format(caption=CAPTION), *pack]
        rounds = [(seconds(reference), seconds(search)) for _ in range(ROUNDS)]
    floor, ours = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"cold search {ours:.2f} s, import torch and one text encoding {floor:.2f} s")
    print(f"ratio {ours / floor:.2f} (goal: at most 2.5)")


if __name__ == "__main__":
    main()
