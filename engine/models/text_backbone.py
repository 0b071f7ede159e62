"""The text backbone: word pieces → contextual word vectors (a BERT encoder).

The weights are those of all-MiniLM-L6-v2 (6 layers of 384). The layers are torch's
own; only the embedding and the merging of word pieces into words are ours. Any text
works: unknown words fall apart into word pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn


@dataclass(frozen=True, slots=True, eq=False)
class WordStates:
    """Contextual vectors of the words of N captions.

    Attributes:
        vectors: (N, L, D), zero where a caption is shorter.
        mask: (N, L), True where there is a word.
        texts: The words of each caption, lower-cased.
    """

    vectors: Tensor
    mask: Tensor
    texts: tuple[tuple[str, ...], ...]


class TextBackbone(nn.Module):
    """A BERT encoder: `(N, T)` word pieces → `(N, T, D)` states."""

    def __init__(self, *, vocab: int, dim: int, layers: int, heads: int, hidden: int, positions: int) -> None:
        super().__init__()
        self.word = nn.Embedding(vocab, dim)
        self.position = nn.Embedding(positions, dim)
        self.norm = nn.LayerNorm(dim, eps=1e-12)
        layer = nn.TransformerEncoderLayer(
            dim, heads, hidden, dropout=0.0, activation="gelu", layer_norm_eps=1e-12, batch_first=True
        )
        self.encoder: nn.Module = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return states `(N, T, D)`; `mask` is True at real word pieces."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        embedded = self.norm(self.word(ids) + self.position(positions))
        states: Tensor = self.encoder(embedded, src_key_padding_mask=~mask)
        return states


class WordReader:
    """Splits captions into words and gives each word its vector.

    A word's vector is the mean of its pieces'; punctuation has none. A caption without
    any word is represented by its opening token, so that every caption has at least one.
    """

    def __init__(self, tokenizer: Tokenizer, backbone: TextBackbone, *, max_words: int) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.enable_truncation(backbone.position.num_embeddings)
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # who types “[MASK]” means these letters
        self._backbone = backbone
        self._max_words = max_words

    def whole_words(self) -> frozenset[str]:
        """Return the words that are read in one piece."""
        return frozenset(piece for piece in self._tokenizer.get_vocab() if piece.isalpha())

    @property
    def dim(self) -> int:
        """D, the width of the vectors."""
        return self._backbone.word.embedding_dim

    @property
    def device(self) -> torch.device:
        """Where captions are read."""
        return self._backbone.word.weight.device

    @torch.inference_mode()
    def read(self, captions: Sequence[str]) -> WordStates:
        """Encode captions (at least one); long ones are cut after the last word that counts."""
        return self.states(captions)

    def states(self, captions: Sequence[str], *, multiple: int = 1) -> WordStates:
        """Encode captions as `read` does, with gradients where they are wanted.

        Args:
            captions: At least one.
            multiple: Pad to lengths that are multiples of this, or to all positions there are.
        """
        encodings = self._tokenizer.encode_batch(list(captions))
        positions = self._backbone.position.num_embeddings
        length = min(_up(max(len(e.ids) for e in encodings), multiple), positions)
        ids = torch.zeros(len(encodings), length, dtype=torch.long)
        mask = torch.zeros(len(encodings), length, dtype=torch.bool)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = torch.tensor(encoding.ids)
            mask[row, : len(encoding.ids)] = True
        states = self._backbone(ids.to(self.device), mask.to(self.device))
        spans = [self._spans(e, caption) for e, caption in zip(encodings, captions, strict=True)]
        return _merge(states, spans, multiple)

    def _spans(self, encoding: Encoding, caption: str) -> list[tuple[str, int, int]]:
        """Return (word, first piece, one past the last piece) of each word."""
        spans: list[tuple[str, int, int]] = []
        last: int | None = None
        for index, (word, (start, end)) in enumerate(zip(encoding.word_ids, encoding.offsets, strict=True)):
            if word is None or not any(c.isalnum() for c in caption[start:end]):
                continue
            if word == last:
                text, first, _ = spans[-1]
                spans[-1] = (text + caption[start:end].lower(), first, index + 1)
            else:
                spans.append((caption[start:end].lower(), index, index + 1))
            last = word
        return spans[: self._max_words] or [(caption.strip().lower(), 0, 1)]


def _up(length: int, multiple: int) -> int:
    """Return the least multiple that is no less than `length`."""
    return -(-length // multiple) * multiple


def _merge(states: Tensor, spans: Sequence[Sequence[tuple[str, int, int]]], multiple: int) -> WordStates:
    """Average word pieces `(N, T, D)` into words `(N, L, D)` by one matrix product."""
    longest = _up(max(len(s) for s in spans), multiple)
    averages = torch.zeros(len(spans), longest, states.shape[1])
    mask = torch.zeros(len(spans), longest, dtype=torch.bool)
    for row, words in enumerate(spans):
        mask[row, : len(words)] = True
        for column, (_, first, end) in enumerate(words):
            averages[row, column, first:end] = 1 / (end - first)
    vectors = averages.to(states) @ states
    texts = tuple(tuple(text for text, _, _ in words) for words in spans)
    return WordStates(vectors=vectors, mask=mask.to(states.device), texts=texts)
