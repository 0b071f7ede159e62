"""Everything that a library needs to be indexed and searched, loaded when first used."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor

from engine.models.devices import choose_device
from engine.models.encoder import BundledEncoder, Encoder
from engine.models.once import once
from engine.models.openclip import OpenClipEncoder
from engine.models.packs import BANK, Pack, PackConfig, read_pack
from engine.models.weights import load_into, load_weights, part
from engine.sgraf import Fusion, Reranker, SimilarityConfig, SimilarityEncoder
from engine.types import FloatArray

SGRAF = "sgraf.safetensors"
Module = Literal["SGR", "SAF"]
MODULES: tuple[tuple[Module, str], ...] = (("SGR", "sgr."), ("SAF", "saf."))


class Models:
    """A model pack, and perhaps an open_clip model as coarse filter in front of it.

    Making one reads a manifest; each heavy part loads on first use, once, whichever
    thread asks, its hash checked.

    Attributes:
        pack: The pack's encoder: regions and words come from it.
        coarse: The encoder of the coarse filter.
        encoders: All encoders that an index run must apply, the coarse one first.
    """

    def __init__(self, pack: Pack, *, coarse: str | None = None, device: str = "cpu") -> None:
        self._pack = pack
        self._device = device
        self._lock = threading.RLock()
        self._bundled = BundledEncoder(pack, self._encode_regions, device)
        self._open_clip = None if coarse is None else OpenClipEncoder(coarse, device)
        self.pack: Encoder = self._bundled
        self.coarse: Encoder = self._open_clip or self._bundled
        self.encoders: tuple[Encoder, ...] = (self.coarse, self.pack) if self._open_clip else (self.pack,)

    @property
    def name(self) -> str:
        """Name and version of the pack, for people."""
        return self._pack.name

    @property
    def device(self) -> str:
        """The torch device in use."""
        return self._device

    @cached_property
    def fusion(self) -> Fusion:
        """The calibrated fusion of coarse and SGRAF similarity."""
        return Fusion.from_json(dict(self._pack.fusion))

    def bank_embeddings(self, texts: Sequence[str]) -> FloatArray | None:
        """Return embeddings `(N, E)` of exactly these descriptions, if the pack has them.

        They are in the pack's own coarse space, also where open_clip is the coarse filter.
        """
        if not self._pack.has(BANK):
            return None
        stored = load_file(self._pack.file(BANK))
        if stored["digest"].tobytes() != bank_digest(texts):
            return None
        embeddings = stored["codes"].astype(np.float32) * stored["scales"].astype(np.float32)
        unit: FloatArray = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
        return unit

    def vocabulary(self) -> frozenset[str]:
        """Return the words that captions are made of, as far as they are not pieced together."""
        return self._bundled.vocabulary()

    def warm_up(self) -> None:
        """Load what a search needs."""
        (self._open_clip or self._bundled).warm_up()
        self._bundled.warm_up()
        _ = self.reranker

    def verify(self) -> None:
        """Check every file of the pack against its manifest.

        Raises:
            PackError: The first file that is missing or altered.
        """
        self._pack.verify()

    def _encode_regions(self, regions: Tensor) -> list[bytes]:
        return self.reranker.encode_regions(regions)

    @once
    def reranker(self) -> Reranker:
        """SGRAF, both modules, with the region codec."""
        config = self._pack.config
        path = self._pack.file(SGRAF)
        state = load_weights(path)
        encoders = []
        for module, prefix in MODULES:
            encoder = similarity_encoder(config, module)
            load_into(encoder, part(state, prefix), path)
            encoders.append(encoder)
        return Reranker(*encoders, grid=(config.grid, config.grid), device=self._device)


def load_models(
    pack: Path | None = None,
    *,
    coarse: str | None = None,
    device: str = "auto",
    threads: int | None = None,
) -> Models:
    """Return the models of a pack (None: the bundled one).

    Args:
        pack: Folder of a model pack.
        coarse: An open_clip model for the coarse filter: `NAME=CHECKPOINT` or `local-dir:FOLDER`.
        device: "auto", "cpu", "cuda" or "mps".
        threads: How many cores every network of this process computes on; None to leave that to torch.

    Raises:
        PackError: The pack or the open_clip checkpoint is missing or unusable.
        KnownError: The device isn't there.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    return Models(read_pack(pack), coarse=coarse, device=choose_device(device))


def similarity_encoder(
    config: PackConfig, module: Module, *, regions: int | None = None
) -> SimilarityEncoder:
    """Return an untrained SGR or SAF network of a pack's shape, or of that but for the regions."""
    return SimilarityEncoder(
        SimilarityConfig(
            embed_size=config.joint_dim,
            sim_dim=config.sim_dim,
            regions=regions or config.regions,
            module=module,
            graph_steps=config.graph_steps,
        )
    )


def bank_digest(texts: Sequence[str]) -> bytes:
    """Return the digest that ties precomputed embeddings to their sentences."""
    return hashlib.sha256("\n".join(texts).encode()).digest()
