"""SGRAF over cached region codes: scores, and the reasons for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from engine.sgraf.alignment import Packing, attend_all, differences_all
from engine.sgraf.network import SimilarityEncoder
from engine.sgraf.reasoning import AttentionFiltration, GraphReasoning
from engine.sgraf.regions import RegionCodec
from engine.types import CaptionWords, Explanation, FloatArray


def never() -> bool:
    """Say that nobody asked to stop."""
    return False


class Reranker:
    """The paper's SGRAF: the mean of an SGR and a SAF encoder over one joint space.

    Both modules see the same regions and words, so the word-to-region attention,
    which has no weights of its own, is computed once for the two.

    Attributes:
        codec: Packs and unpacks what a library keeps of a photo.
        grid: Rows and columns of the region grid.
    """

    def __init__(
        self,
        sgr: SimilarityEncoder,
        saf: SimilarityEncoder,
        *,
        grid: tuple[int, int],
        device: str | torch.device = "cpu",
    ) -> None:
        """Take both encoders to `device` and out of training.

        Raises:
            ValueError: The encoders or the grid don't belong together.
        """
        config = sgr.config
        if (config.embed_size, config.regions) != (saf.config.embed_size, saf.config.regions):
            raise ValueError("SGR and SAF must share one joint space and one number of regions")
        if grid[0] * grid[1] != config.regions:
            raise ValueError(f"a grid of {grid[0]} x {grid[1]} doesn't hold {config.regions} regions")
        self.grid = grid
        self.codec = RegionCodec(config.regions, config.embed_size, 2)
        self._device = torch.device(device)
        self._encoders = (sgr.to(self._device).eval(), saf.to(self._device).eval())

    @torch.inference_mode()
    def encode_regions(self, regions: Tensor) -> list[bytes]:
        """Return one code per photo of unit regions (N, R, D): the regions and both global vectors."""
        regions = regions.to(self._device)
        globals_ = torch.stack([encoder.region_globals(regions) for encoder in self._encoders], dim=1)
        return self.codec.encode(regions, globals_)

    @torch.inference_mode()
    def score(
        self,
        words: CaptionWords,
        codes: Sequence[bytes],
        *,
        stop: Callable[[], bool] = never,
        chunk: int = 64,
    ) -> FloatArray | None:
        """Return the similarity (N,) of one caption with many photos; None if stopped.

        Args:
            words: The caption.
            codes: One code per photo.
            stop: Asked before every chunk.
            chunk: Photos scored at a time.
        """
        batch = _Captions([words], self._encoders, self._device)
        scores = np.empty(len(codes), dtype=np.float32)
        for start in range(0, len(codes), chunk):
            if stop():
                return None
            regions, globals_ = self._decode(codes[start : start + chunk])
            scores[start : start + chunk] = self._similarity(regions, globals_, batch)[:, 0].cpu().numpy()
        return scores

    @torch.inference_mode()
    def score_captions(
        self,
        captions: Sequence[CaptionWords],
        code: bytes,
        *,
        stop: Callable[[], bool] = never,
        chunk: int = 64,
    ) -> FloatArray | None:
        """Return the similarity (C,) of one photo with many captions; None if stopped.

        Captions are taken in order of length, so that a chunk has little padding.
        """
        regions, globals_ = self._decode([code])
        order = np.argsort([len(caption.texts) for caption in captions], kind="stable")
        scores = np.empty(len(captions), dtype=np.float32)
        for chosen in _chunks(order, chunk):
            if stop():
                return None
            batch = _Captions([captions[index] for index in chosen], self._encoders, self._device)
            scores[chosen] = self._similarity(regions, globals_, batch)[0].cpu().numpy()
        return scores

    @torch.inference_mode()
    def explain(self, words: CaptionWords, code: bytes) -> Explanation:
        """Return where each word was found in the photo and how much it decided."""
        regions, globals_ = self._decode([code])
        batch = _Captions([words], self._encoders, self._device)
        attention = attend_all(regions, batch.words, batch.packing)[:, 0]  # (L, R)
        differences = differences_all(regions, batch.words, batch.packing)
        sgr_nodes, saf_nodes = (
            encoder.similarity_nodes(
                differences, globals_[:, [number]], batch.globals[number], batch.packing
            )[0]
            for number, encoder in enumerate(self._encoders)
        )
        sgr, saf = (encoder.reasoning for encoder in self._encoders)
        assert isinstance(sgr, GraphReasoning)
        assert isinstance(saf, AttentionFiltration)
        weights = saf.weights(saf_nodes)[0, 1:]
        return Explanation(
            words=words.texts,
            weights=_numpy(weights / weights.sum().clamp_min(torch.finfo(weights.dtype).tiny)),
            maps=_numpy(attention.reshape(-1, *self.grid)),
            edges=_numpy(sgr.last_edges(sgr_nodes)[0, 1:, 1:]),
            similarity=float(self._similarity(regions, globals_, batch)),
        )

    def _decode(self, codes: Sequence[bytes]) -> tuple[Tensor, Tensor]:
        regions, globals_ = self.codec.decode(codes)
        return regions.to(self._device), globals_.to(self._device)

    def _similarity(self, regions: Tensor, globals_: Tensor, captions: _Captions) -> Tensor:
        """Return the mean similarity (P, C) of both modules."""
        differences = differences_all(regions, captions.words, captions.packing)
        scores = [
            encoder.score_differences(
                differences, globals_[:, [number]], captions.globals[number], captions.packing
            )
            for number, encoder in enumerate(self._encoders)
        ]
        return torch.stack(scores).mean(dim=0)


class _Captions:
    """Packed words of a batch of captions with each encoder's global vectors."""

    def __init__(
        self, captions: Sequence[CaptionWords], encoders: Sequence[SimilarityEncoder], device: torch.device
    ) -> None:
        rows = [torch.from_numpy(np.ascontiguousarray(caption.vectors)) for caption in captions]
        lengths = torch.tensor([len(row) for row in rows], device=device)
        padded = pad_sequence(rows, batch_first=True).to(device)
        self.packing = Packing.of(lengths, padded.shape[1])
        self.words = self.packing.pack(padded)
        self.globals = [encoder.word_globals(padded, lengths) for encoder in encoders]


def _chunks(order: np.ndarray[tuple[int, ...], np.dtype[np.intp]], size: int) -> Iterator[list[int]]:
    for start in range(0, len(order), size):
        yield order[start : start + size].tolist()


def _numpy(tensor: Tensor) -> FloatArray:
    array: FloatArray = tensor.float().cpu().numpy()
    return array
