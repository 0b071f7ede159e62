"""The vocabulary of the paper's text encoder, built from the captions that are trained on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from engine.sgraf.text import END, START, UNKNOWN, Vocabulary, tokenize

PADDING = "<pad>"
SPECIAL = (PADDING, START, END, UNKNOWN)
LEAST = 4


def build_vocabulary(captions: Iterable[str], path: Path, *, least: int = LEAST) -> Vocabulary:
    """Number the words that `captions` have at least `least` times, and keep them in `path`.

    The file has the authors' layout, so that `evaluate_official` reads it too. The
    most frequent word comes first, and of equally frequent ones the alphabet decides:
    the order of the captions changes nothing.
    """
    counts = Counter(token for caption in captions for token in tokenize(caption))
    known = sorted((word for word in counts if counts[word] >= least), key=lambda word: (-counts[word], word))
    words = [*SPECIAL, *(word for word in known if word not in SPECIAL)]
    content = {
        "word2idx": {word: row for row, word in enumerate(words)},
        "idx2word": {str(row): word for row, word in enumerate(words)},
        "idx": len(words),
    }
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    return Vocabulary.read(path)
