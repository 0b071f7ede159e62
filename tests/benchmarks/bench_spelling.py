"""Measure spelling help on captions: how often it nags, and how often it offers the right word.

Run it as `python -m tests.benchmarks.bench_spelling CAPTIONS.csv…`. False alarms are offers for
captions as people wrote them; as people misspell, the words are printed, to be judged by eye.
Hits are offers of the right word after one slip of the finger in a known word of five letters
or more.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine import load_models
from engine.spelling import Speller

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHOWN = 40


def main() -> None:
    """Print both figures for each file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("captions", type=Path, nargs="+", help="CSV files with the header image,caption")
    parser.add_argument("--limit", type=int, default=5000, help="captions of each file")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    speller = Speller(load_models(device="cpu").vocabulary())
    for file in options.captions:
        rng = random.Random(options.seed)
        with file.open(encoding="utf-8-sig", newline="") as rows:
            captions = [row["caption"] for row in csv.DictReader(rows)]
        captions = rng.sample(captions, min(options.limit, len(captions)))
        print(f"\n{file}: {len(captions)} captions")
        false_alarms(speller, captions)
        hits(speller, captions, rng)


def false_alarms(speller: Speller, captions: Sequence[str]) -> None:
    """Print how many captions in a thousand get an offer, and for which words."""
    offers: Counter[tuple[str, str]] = Counter()
    alarmed = 0
    began = time.perf_counter()
    for caption in captions:
        found = speller.corrections(caption)
        alarmed += bool(found)
        offers.update((one.word, one.better) for one in found)
    each = (time.perf_counter() - began) / len(captions)
    print(f"  offers in 1,000 captions: {1000 * alarmed / len(captions):.1f} ({1000 * each:.1f} ms each)")
    print("  " + ", ".join(f"{word} → {better}" for (word, better), _ in offers.most_common(SHOWN)))


def hits(speller: Speller, captions: Sequence[str], rng: random.Random) -> None:
    """Print how often a slip is found, and mended right."""
    right = wrong = silent = 0
    slowest = 0.0
    missed: Counter[tuple[str, str, str]] = Counter()
    for caption in captions:
        places = list(re.finditer(r"(?<![\w'-])[a-z]{5,}(?![\w'-])", caption))
        if not places or speller.corrections(caption):
            continue
        match = rng.choice(places)
        typed = slip(match[0], rng)
        began = time.perf_counter()
        found = speller.corrections(caption[: match.start()] + typed + caption[match.end() :])
        slowest = max(slowest, time.perf_counter() - began)
        offered = next((one.better for one in found if one.word == typed), "")
        right, wrong = right + (offered == match[0]), wrong + (offered not in ("", match[0]))
        silent += not offered
        if offered != match[0]:
            missed[match[0], typed, offered or "–"] += 1
    total = right + wrong + silent
    print(
        f"  one slip: {right / total:.1%} mended, {wrong / total:.1%} mended wrongly, "
        f"{silent / total:.1%} passed over; the slowest took {1000 * slowest:.0f} ms"
    )
    print(
        "  " + ", ".join(f"{meant}: {typed} → {offered}" for (meant, typed, offered) in list(missed)[:SHOWN])
    )


def slip(word: str, rng: random.Random) -> str:
    """Return a word with one letter (not the first) dropped, doubled, swapped or hit beside."""
    while True:
        at = rng.randrange(1, len(word))
        kind = rng.choice(("drop", "double", "swap", "beside"))
        if kind == "drop":
            typed = word[:at] + word[at + 1 :]
        elif kind == "double":
            typed = word[:at] + word[at] + word[at:]
        elif kind == "swap":
            typed = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        else:
            row = next(row for row in ROWS if word[at] in row)
            place = row.index(word[at]) + rng.choice((-1, 1))
            typed = word[:at] + row[max(0, min(place, len(row) - 1))] + word[at + 1 :]
        if typed != word:
            return typed


if __name__ == "__main__":
    main()
