from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PackError
from engine.sgraf.text import Vocabulary, WordEncoder, tokenize
from tests.engine.sgraf.official_files import WORDS, write_vocabulary


@pytest.mark.parametrize(
    ("caption", "tokens"),
    [
        ("Two dogs.", ["two", "dogs", "."]),
        ("A man runs. A dog sleeps.", ["a", "man", "runs", ".", "a", "dog", "sleeps", "."]),
        ("It's a child's t-shirt", ["it", "'s", "a", "child", "'s", "t-shirt"]),
        ("a dog isn't here", ["a", "dog", "is", "n't", "here"]),
        ("The U.S. flag, waving!", ["the", "u.s.", "flag", ",", "waving", "!"]),
        ('the sign says "stop"', ["the", "sign", "says", "``", "stop", "''"]),
        ("player no. 5 and mr. smith", ["player", "no.", "5", "and", "mr.", "smith"]),
        ("why? because...", ["why", "?", "because", "..."]),
        ("", []),
    ],
)
def test_tokens_are_nltks(caption: str, tokens: list[str]) -> None:
    assert tokenize(caption) == tokens


@given(st.text(max_size=60))
def test_any_text_has_tokens_without_spaces(caption: str) -> None:
    assert all(token and not any(map(str.isspace, token)) for token in tokenize(caption))


def test_unknown_words_share_one_id(tmp_path: Path) -> None:
    vocabulary = Vocabulary.read(write_vocabulary(tmp_path / "vocab.json"))
    assert len(vocabulary) == len(WORDS)
    assert vocabulary.encode("A dog jumps.") == [1, 4, 5, 3, 11, 2]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\xff\x00", "not a JSON file"),
        (b"[" * 200_000, "not a JSON file"),
        (b"[1, 2]", "word2idx"),
        (b'{"word2idx": ["a"]}', "word2idx"),
        (b'{"word2idx": {"a": "0"}}', "word2idx"),
        (b'{"word2idx": {"a": true}}', "word2idx"),
        (b'{"word2idx": {"a": 0, "b": 2}}', "run from 0 to 1"),
        (json.dumps({"word2idx": {"<start>": 0, "<end>": 1}}).encode(), "<unk>"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "vocab.json"
    path.write_bytes(content)
    with pytest.raises(PackError, match=complaint) as caught:
        Vocabulary.read(path)
    assert caught.value.path == str(path)
    assert caught.value.hint


def test_a_missing_vocabulary_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"nowhere\.json"):
        Vocabulary.read(tmp_path / "nowhere.json")


@pytest.mark.parametrize("bidirectional", [True, False])
def test_word_vectors_do_not_depend_on_the_batch(bidirectional: bool) -> None:
    encoder = WordEncoder(20, 6, 8, bidirectional=bidirectional).eval()
    tokens, lengths = torch.randint(0, 20, (4, 7)), torch.tensor([3, 7, 1, 5])
    found = encoder(tokens, lengths)
    assert found.shape == (4, 7, 8)
    for row, length in enumerate(lengths.tolist()):
        alone = encoder(tokens[[row], :length], torch.tensor([length]))
        assert torch.allclose(found[[row], :length], alone, atol=1e-6)
        assert torch.allclose(alone.norm(dim=-1), torch.ones(1, length), atol=1e-5)
        assert found[row, length:].eq(0).all()


def test_both_directions_are_averaged() -> None:
    encoder = WordEncoder(20, 6, 8, normalise=False).eval()
    tokens = torch.randint(0, 20, (1, 4))
    both, _ = encoder.gru(encoder.embed(tokens))
    expected = (both[..., :8] + both[..., 8:]) / 2
    assert torch.allclose(encoder(tokens, torch.tensor([4])), expected, atol=1e-6)
