from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.sgraf import Reranker, SimilarityEncoder
from engine.sgraf.alignment import l2norm
from engine.types import CaptionWords
from tests.engine.sgraf import reference
from tests.engine.sgraf.conftest import EMBED


def caption(length: int) -> CaptionWords:
    vectors = l2norm(torch.randn(length, EMBED))
    return CaptionWords(tuple(f"word{number}" for number in range(length)), vectors.numpy())


@pytest.fixture
def encoders(make_encoder: Callable[..., SimilarityEncoder]) -> tuple[SimilarityEncoder, SimilarityEncoder]:
    return make_encoder("SGR"), make_encoder("SAF")


@pytest.fixture
def reranker(encoders: tuple[SimilarityEncoder, SimilarityEncoder]) -> Reranker:
    return Reranker(*encoders, grid=(3, 3))


def expected_scores(
    encoders: tuple[SimilarityEncoder, ...], photos: Tensor, words: CaptionWords
) -> np.ndarray:
    """The mean of both modules by the paper's formulas, on exact regions."""
    vectors = torch.from_numpy(words.vectors).unsqueeze(0)
    length = torch.tensor([len(words.texts)])
    both = [reference.similarities(e.state_dict(), photos, vectors, length) for e in encoders]
    return torch.stack(both).mean(dim=0)[:, 0].detach().numpy()


def test_scores_are_the_mean_of_both_modules(
    reranker: Reranker, encoders: tuple[SimilarityEncoder, SimilarityEncoder], photos: Tensor
) -> None:
    words = caption(5)
    scores = reranker.score(words, reranker.encode_regions(photos))
    assert scores is not None
    assert scores.dtype == np.float32
    assert np.allclose(scores, expected_scores(encoders, photos, words), atol=2e-3)  # int8 regions


def test_scores_of_decoded_regions_are_exact(
    reranker: Reranker, encoders: tuple[SimilarityEncoder, SimilarityEncoder], photos: Tensor
) -> None:
    codes = reranker.encode_regions(photos)
    regions, globals_ = reranker.codec.decode(codes)
    words = caption(4)
    vectors, length = torch.from_numpy(words.vectors).unsqueeze(0), torch.tensor([4])
    both = [
        encoder(regions, vectors, length, region_globals=globals_[:, number])
        for number, encoder in enumerate(encoders)
    ]
    scores = reranker.score(words, codes)
    assert scores is not None
    assert np.allclose(scores, torch.stack(both).mean(dim=0)[:, 0].detach().numpy(), atol=1e-6)


@pytest.mark.parametrize("chunk", [1, 3, 7, 100])
def test_chunks_change_nothing(reranker: Reranker, photos: Tensor, chunk: int) -> None:
    codes, words = reranker.encode_regions(photos), caption(6)
    whole, parts = reranker.score(words, codes), reranker.score(words, codes, chunk=chunk)
    assert whole is not None
    assert parts is not None
    assert np.allclose(whole, parts, atol=1e-6)


def test_one_photo_against_captions_of_any_length(reranker: Reranker, photos: Tensor) -> None:
    captions = [caption(length) for length in (4, 1, 9, 4, 2, 7)]
    code = reranker.encode_regions(photos)[2]
    scores = reranker.score_captions(captions, code, chunk=4)
    assert scores is not None
    for words, score in zip(captions, scores, strict=True):
        alone = reranker.score(words, [code])
        assert alone is not None
        assert score == pytest.approx(alone[0], abs=1e-6)


def test_nothing_to_score(reranker: Reranker, photos: Tensor) -> None:
    nobody = reranker.score(caption(3), [])
    nothing = reranker.score_captions([], reranker.encode_regions(photos)[0])
    assert nobody is not None
    assert nothing is not None
    assert len(nobody) == len(nothing) == 0


def test_stop_is_asked_between_chunks(reranker: Reranker, photos: Tensor) -> None:
    asked = []

    def after_two_chunks() -> bool:
        asked.append(True)
        return len(asked) > 2

    codes = reranker.encode_regions(photos)
    assert reranker.score(caption(3), codes, stop=after_two_chunks, chunk=2) is None
    assert len(asked) == 3
    assert reranker.score_captions([caption(2)] * 3, codes[0], stop=lambda: True) is None


def test_a_word_is_found_where_its_region_is(reranker: Reranker) -> None:
    regions = torch.eye(EMBED)[:9].unsqueeze(0)
    words = CaptionWords(("here", "there"), regions[0, [4, 7]].numpy().copy())
    reasons = reranker.explain(words, reranker.encode_regions(regions)[0])
    assert reasons.words == ("here", "there")
    assert reasons.maps.shape == (2, 3, 3)
    assert reasons.maps.reshape(2, 9).argmax(axis=1).tolist() == [4, 7]
    assert np.allclose(reasons.maps.sum(axis=(1, 2)), 1, atol=1e-5)


def test_reasons_are_shares(reranker: Reranker, photos: Tensor) -> None:
    words, code = caption(5), reranker.encode_regions(photos)[3]
    reasons = reranker.explain(words, code)
    assert reasons.weights.shape == (5,)
    assert reasons.weights.sum() == pytest.approx(1, abs=1e-5)
    assert reasons.edges.shape == (5, 5)
    assert (reasons.edges >= 0).all()
    assert (reasons.edges.sum(axis=1) <= 1 + 1e-5).all()
    score = reranker.score(words, [code])
    assert score is not None
    assert reasons.similarity == pytest.approx(score[0], abs=1e-6)


def test_word_weights_are_those_of_the_filtration(
    reranker: Reranker, encoders: tuple[SimilarityEncoder, SimilarityEncoder], photos: Tensor
) -> None:
    words, codes = caption(4), reranker.encode_regions(photos[:1])
    regions, globals_ = reranker.codec.decode(codes)
    state = encoders[1].state_dict()
    vectors = torch.from_numpy(words.vectors).unsqueeze(0)
    context = reference.unit(reference.attention(regions, vectors) @ regions)
    local = reference.unit(reference.dense(state, "local", (context - vectors).pow(2)))
    whole = (globals_[:, 1] - reference.word_global(state, vectors)).pow(2)
    nodes = torch.cat([reference.unit(reference.dense(state, "whole", whole)).unsqueeze(1), local], dim=1)
    expected = reference.filtration_weights(state, nodes)[0, 0, 1:]
    found = reranker.explain(words, codes[0]).weights
    assert np.allclose(found, (expected / expected.sum()).numpy(), atol=1e-4)


def test_encoders_that_do_not_belong_together_are_refused(
    make_encoder: Callable[..., SimilarityEncoder],
) -> None:
    with pytest.raises(ValueError, match="joint space"):
        Reranker(make_encoder("SGR"), make_encoder("SAF", embed_size=8), grid=(3, 3))
    with pytest.raises(ValueError, match="grid of 2 x 3"):
        Reranker(make_encoder("SGR"), make_encoder("SAF"), grid=(2, 3))
