from __future__ import annotations

from pathlib import Path

from engine.sgraf.text import Vocabulary
from engine.training.vocabulary import build_vocabulary

CAPTIONS = [*["A dog runs."] * 3, *["A cat sleeps."] * 4, "a <unk> dog"]


def test_words_seen_often_enough_follow_the_special_ones(tmp_path: Path) -> None:
    vocabulary = build_vocabulary(CAPTIONS, tmp_path / "vocab.json")
    # <pad> <start> <end> <unk>, then a (8), . (7), cat, dog, sleeps (4 each); runs is too rare
    assert len(vocabulary) == 9
    assert vocabulary.encode("a . cat dog sleeps") == [1, 4, 5, 6, 7, 8, 2]
    assert vocabulary.encode("runs") == [1, 3, 2]


def test_the_order_of_the_captions_changes_nothing(tmp_path: Path) -> None:
    build_vocabulary(CAPTIONS, tmp_path / "a.json")
    build_vocabulary(CAPTIONS[::-1], tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_what_was_kept_reads_back_the_same(tmp_path: Path) -> None:
    built = build_vocabulary(CAPTIONS, tmp_path / "vocab.json", least=1)
    read = Vocabulary.read(tmp_path / "vocab.json")
    assert read.path == built.path
    assert read.encode("A dog runs, sleeps.") == built.encode("A dog runs, sleeps.")
    assert len(read) == len(built)
