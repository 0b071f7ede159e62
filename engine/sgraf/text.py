"""Captions as the official model reads them: tokens, vocabulary, and the GRU word encoder."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.errors import PackError
from engine.sgraf.alignment import l2norm

if TYPE_CHECKING:
    from nltk.tokenize import NLTKWordTokenizer
    from nltk.tokenize.punkt import PunktSentenceTokenizer

START, END, UNKNOWN = "<start>", "<end>", "<unk>"
_ABBREVIATIONS = (
    "a.m ave b.c co corp d.c dr e.g etc ft gen gov i.e inc jr l.a lt ltd messrs mr mrs ms mt n.y no p.m ph.d "
    "prof rep rev sen sgt sr st u.k u.n u.s vs"
)


def tokenize(caption: str) -> list[str]:
    """Return NLTK's word tokens of a caption, lower-cased.

    As `nltk.word_tokenize` does, a caption is first split into sentences, because
    only a full stop at the end of a sentence is a token of its own. The splitter is
    NLTK's, with a short list of abbreviations in place of its trained model, which
    would have to be downloaded.
    """
    words, sentences = _tokenizers()
    return [token for sentence in sentences.tokenize(caption.lower()) for token in words.tokenize(sentence)]


@cache
def _tokenizers() -> tuple[NLTKWordTokenizer, PunktSentenceTokenizer]:
    # Imported here: training, all but the paper's own configuration, runs where NLTK isn't installed.
    from nltk.tokenize import NLTKWordTokenizer
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS.split())
    return NLTKWordTokenizer(), PunktSentenceTokenizer(parameters)


class Vocabulary:
    """The authors' vocabulary: which row of the embedding table a word has.

    Attributes:
        path: The JSON file it was read from.
    """

    def __init__(self, path: Path, ids: dict[str, int]) -> None:
        self.path = path
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    @classmethod
    def read(cls, path: Path) -> Vocabulary:
        """Read a vocabulary JSON (`word2idx`, `idx2word`, `idx`).

        Raises:
            PackError: The file is missing or isn't such a vocabulary.
        """
        hint = "Choose the authors' vocabulary, such as f30k_precomp_vocab.json."
        try:
            content = json.loads(path.read_bytes())
        except OSError as error:
            raise PackError(
                f"the vocabulary can't be read ({error.strerror}).", path=path, hint=hint
            ) from error
        except (ValueError, RecursionError) as error:
            raise PackError("the vocabulary is not a JSON file.", path=path, hint=hint) from error
        ids = content.get("word2idx") if isinstance(content, dict) else None
        if not isinstance(ids, dict) or not all(type(row) is int for row in ids.values()):
            raise PackError("the vocabulary has no table “word2idx” of numbers.", path=path, hint=hint)
        if sorted(ids.values()) != list(range(len(ids))):
            raise PackError(
                f"the vocabulary's numbers don't run from 0 to {len(ids) - 1}.", path=path, hint=hint
            )
        for special in (START, END, UNKNOWN):
            if special not in ids:
                raise PackError(f"the vocabulary lacks “{special}”.", path=path, hint=hint)
        return cls(path, ids)

    def encode(self, caption: str) -> list[int]:
        """Return the ids of a caption's tokens between `<start>` and `<end>`."""
        unknown = self._ids[UNKNOWN]
        return [
            self._ids[START],
            *(self._ids.get(token, unknown) for token in tokenize(caption)),
            self._ids[END],
        ]


class WordEncoder(nn.Module):
    """The official text encoder: embedding, GRU, mean of both directions, L2 norm.

    Attributes:
        embed: The word embeddings (V, word_dim).
        gru: The recurrent layers.
        normalise: Whether word vectors get length 1 (as in all released models).
    """

    def __init__(
        self,
        vocabulary: int,
        word_dim: int,
        embed_size: int,
        *,
        layers: int = 1,
        bidirectional: bool = True,
        normalise: bool = True,
        dropout: float = 0.4,
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, word_dim)
        self.dropout = nn.Dropout(dropout)
        self.gru = nn.GRU(word_dim, embed_size, layers, batch_first=True, bidirectional=bidirectional)
        self.normalise = normalise

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """Return word vectors (C, L, D), zero where padded, of tokens (C, L) and lengths (C,), at least 1."""
        packed = pack_padded_sequence(
            self.dropout(self.embed(tokens)), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        states, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=tokens.shape[1])
        if self.gru.bidirectional:
            states = torch.stack(states.chunk(2, dim=-1)).mean(dim=0)
        return l2norm(states) if self.normalise else states
