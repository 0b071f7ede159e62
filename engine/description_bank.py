"""Coarse embeddings of the composed descriptions: the pack's own, or made once and kept."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine import places
from engine.descriptions import bank
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.models import Models

_ENCODE_AT_ONCE = 256
_LOG = logging.getLogger(__name__)


class BankEmbeddings:
    """The bank's embeddings in the space of a pack.

    A pack usually carries them. For a pack that doesn't, they are encoded once (a
    minute or so) and kept in the user's cache folder.
    """

    def __init__(self, models: Models, sentences: tuple[str, ...] | None = None) -> None:
        """Remember what to embed.

        Args:
            models: The models.
            sentences: The sentences; None for the bank.
        """
        self._models = models
        self._sentences = sentences

    @property
    def sentences(self) -> tuple[str, ...]:
        """The N sentences."""
        return bank() if self._sentences is None else self._sentences

    def load(self) -> FloatArray:
        """Return the (N, E) embeddings, each of length 1."""
        return self._embeddings

    @cached_property
    def cache_file(self) -> Path:
        """Where they are kept if the pack doesn't carry them."""
        digest = hashlib.sha256("\n".join(self.sentences).encode()).hexdigest()[:12]
        return places.cache_folder() / f"descriptions-{self._models.pack.pack_id}-{digest}.npy"

    @cached_property
    def _embeddings(self) -> FloatArray:
        carried = self._models.bank_embeddings(self.sentences)
        if carried is not None:
            return carried
        kept = self._read()
        if kept is not None:
            return kept
        made = self._encode()
        self._write(made)
        return made

    def _encode(self) -> FloatArray:
        # In batches, because the word vectors that come along would fill the memory.
        batches = (
            self.sentences[start : start + _ENCODE_AT_ONCE]
            for start in range(0, len(self.sentences), _ENCODE_AT_ONCE)
        )
        return np.concatenate([self._models.pack.encode_text(batch).embeddings for batch in batches])

    def _read(self) -> FloatArray | None:
        try:
            stored = np.load(self.cache_file, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        if stored.ndim != 2 or len(stored) != len(self.sentences):
            return None
        embeddings: FloatArray = stored.astype(np.float32)
        return embeddings

    def _write(self, embeddings: FloatArray) -> None:
        """Keep the embeddings; a cache that can't be written only costs time."""
        try:
            self.cache_file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.cache_file.parent, prefix="descriptions-") as place:
                part = Path(place) / self.cache_file.name
                np.save(part, embeddings.astype(np.float16))
                part.replace(self.cache_file)
        except OSError as error:
            _LOG.warning("can't keep the descriptions' embeddings: %s", error)
