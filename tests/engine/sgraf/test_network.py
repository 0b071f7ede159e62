from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.sgraf import SimilarityConfig, SimilarityEncoder
from engine.sgraf.alignment import l2norm
from tests.engine.sgraf.conftest import EMBED, REGIONS, SIM
from tests.engine.sgraf.reference import similarities

Captions = tuple[Tensor, Tensor]


def test_all_pairs_equal_the_paper_one_caption_at_a_time(
    encoder: SimilarityEncoder, photos: Tensor, captions: Captions
) -> None:
    expected = similarities(encoder.state_dict(), photos, *captions)
    assert torch.allclose(encoder(photos, *captions), expected, atol=1e-5)
    with torch.inference_mode():
        found = encoder(photos, *captions)
    assert found.shape == (7, 6)
    assert torch.allclose(found, expected, atol=1e-5)
    assert ((found > 0) & (found < 1)).all()


def test_captions_of_equal_length_equal_the_paper(encoder: SimilarityEncoder, photos: Tensor) -> None:
    words, lengths = l2norm(torch.randn(3, 5, EMBED)), torch.tensor([5, 5, 5])
    expected = similarities(encoder.state_dict(), photos, words, lengths)
    assert torch.allclose(encoder(photos, words, lengths), expected, atol=1e-5)


def test_aligned_pairs_are_the_diagonal_of_all_pairs(
    encoder: SimilarityEncoder, photos: Tensor, captions: Captions
) -> None:
    every = encoder(photos[:6], *captions).diagonal()
    assert torch.allclose(encoder.score_pairs(photos[:6], *captions), every, atol=1e-6)


def test_given_globals_are_used(encoder: SimilarityEncoder, photos: Tensor, captions: Captions) -> None:
    region_globals = encoder.region_globals(photos)
    word_globals = encoder.word_globals(*captions)
    expected = encoder(photos, *captions)
    found = encoder(photos, *captions, region_globals=region_globals, word_globals=word_globals)
    assert torch.allclose(found, expected, atol=1e-6)
    pairs = encoder.score_pairs(
        photos[:6], *captions, region_globals=region_globals[:6], word_globals=word_globals
    )
    assert torch.allclose(pairs, expected.diagonal(), atol=1e-6)
    other = encoder(photos, *captions, region_globals=region_globals.flip(0), word_globals=word_globals)
    assert not torch.allclose(other, expected, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(data=st.data(), module=st.sampled_from(["SGR", "SAF"]), gradient=st.booleans())
def test_a_score_is_the_same_in_every_batch(data: st.DataObject, module: str, gradient: bool) -> None:
    torch.manual_seed(3)
    encoder = SimilarityEncoder(SimilarityConfig(EMBED, SIM, REGIONS, module)).eval()
    photos = l2norm(torch.randn(5, REGIONS, EMBED))
    counts = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    words, lengths = l2norm(torch.randn(len(counts), max(counts), EMBED)), torch.tensor(counts)
    with torch.set_grad_enabled(gradient):
        whole = encoder(photos, words, lengths)
        rows = data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=5))
        columns = data.draw(st.lists(st.integers(0, len(counts) - 1), min_size=1, max_size=6))
        part = encoder(photos[rows], words[columns], lengths[columns])
    assert torch.allclose(part, whole[rows][:, columns], atol=1e-6)


@pytest.mark.parametrize("training", [False, True])
def test_padding_influences_nothing(
    encoder: SimilarityEncoder, photos: Tensor, captions: Captions, training: bool
) -> None:
    words, lengths = captions
    encoder.train(training)
    spoilt = words.clone()
    for caption, length in enumerate(lengths.tolist()):
        spoilt[caption, length:] = 1e6
    states = []
    for padded in (words, spoilt, torch.nn.functional.pad(words, (0, 0, 0, 4))):
        torch.manual_seed(5)  # the same dropout
        encoder.zero_grad()
        scores = encoder(photos, padded, lengths)
        scores.sum().backward()
        assert encoder.local.weight.grad is not None
        states.append((scores.detach(), encoder.local.weight.grad.clone()))
    for scores, gradient in states[1:]:
        assert torch.allclose(scores, states[0][0], atol=1e-6)
        assert torch.allclose(gradient, states[0][1], atol=1e-6)


def test_gradients_flow_to_everything_that_matters(
    encoder: SimilarityEncoder, photos: Tensor, captions: Captions
) -> None:
    encoder.train()
    photos.requires_grad_()
    words = captions[0].requires_grad_()
    (encoder(photos, *captions).sum() + encoder.score_pairs(photos[:6], *captions).sum()).backward()
    assert photos.grad is not None
    assert photos.grad.abs().sum(dim=(1, 2)).gt(0).all()
    assert words.grad is not None
    valid = torch.arange(8) < captions[1][:, None]
    assert words.grad[~valid].eq(0).all()
    without = {name for name, weight in encoder.named_parameters() if weight.grad is None}
    # the softmax over an edge's targets cancels a key's bias
    assert all(name.endswith("key.bias") for name in without)
    assert all(weight.grad.isfinite().all() for weight in encoder.parameters() if weight.grad is not None)


def test_gradients_equal_those_of_the_paper(
    encoder: SimilarityEncoder, photos: Tensor, captions: Captions
) -> None:
    weights = dict(encoder.named_parameters())
    encoder(photos, *captions).square().sum().backward()
    found = {name: weight.grad.clone() for name, weight in weights.items() if weight.grad is not None}
    encoder.zero_grad()
    similarities({**encoder.state_dict(keep_vars=True)}, photos, *captions).square().sum().backward()
    for name, gradient in found.items():
        assert weights[name].grad is not None
        assert torch.allclose(gradient, weights[name].grad, atol=1e-5), name


def train_to_match(encoder: SimilarityEncoder) -> tuple[Tensor, Tensor, Tensor]:
    """Train on four photos whose captions are some of their regions; return the photos and captions."""
    photos = l2norm(torch.randn(4, REGIONS, EMBED))
    words, lengths = photos[:, :3].clone(), torch.tensor([3, 2, 3, 1])
    optimiser = torch.optim.Adam(encoder.train().parameters(), lr=5e-3)
    for _ in range(60):
        scores = encoder(photos, words, lengths)
        loss = torch.relu(0.2 + scores - scores.diagonal()[:, None]).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    encoder.eval()
    return photos, words, lengths


def test_training_separates_matching_pairs(encoder: SimilarityEncoder) -> None:
    gallery = train_to_match(encoder)
    with torch.no_grad():
        assert (encoder(*gallery).argmax(dim=1) == torch.arange(4)).all()


def test_a_caption_without_words_is_judged_by_its_global_vector(
    encoder: SimilarityEncoder, photos: Tensor
) -> None:
    scores = encoder(photos, l2norm(torch.randn(2, 3, EMBED)), torch.tensor([0, 3]))
    assert scores.isfinite().all()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_keeps_the_ranking(encoder: SimilarityEncoder, dtype: torch.dtype) -> None:
    photos, words, lengths = train_to_match(encoder)
    with torch.no_grad():
        exact = encoder(photos, words, lengths)
        rough = encoder.to(dtype)(photos.to(dtype), words.to(dtype), lengths)
    assert rough.dtype == torch.float32
    assert torch.equal(rough.argmax(dim=0), exact.argmax(dim=0))
    clear = (exact.unsqueeze(0) - exact.unsqueeze(1)) > 0.02
    assert clear.sum() >= 12
    assert (rough.unsqueeze(0) > rough.unsqueeze(1))[clear].all()


def test_autocast_gives_nearly_the_same(
    encoder: SimilarityEncoder, photos: Tensor, captions: Captions
) -> None:
    with torch.no_grad():
        exact = encoder(photos, *captions)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rough = encoder(photos, *captions)
            pairs = encoder.score_pairs(photos[:6], *captions)
    assert torch.allclose(rough, exact, atol=0.02)
    assert torch.allclose(pairs, exact.diagonal(), atol=0.02)


def test_initial_weights_are_glorots() -> None:
    encoder = SimilarityEncoder(SimilarityConfig(EMBED, SIM, REGIONS, "SAF"))
    bound = (6 / (EMBED + SIM)) ** 0.5
    assert encoder.local.bias.eq(0).all()
    assert 0.8 * bound < encoder.local.weight.abs().max() <= bound


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_accelerators_score_alike(
    encoder: SimilarityEncoder, photos: Tensor, captions: Captions, device: str
) -> None:
    if not getattr(torch, device).is_available():
        pytest.skip(f"this machine has no {device}")
    words, lengths = captions
    with torch.no_grad():
        expected = encoder(photos, words, lengths)
        encoder.to(device)
        found = encoder(photos.to(device), words.to(device), lengths.to(device))
        pairs = encoder.score_pairs(photos[:6].to(device), words.to(device), lengths.to(device))
    assert torch.allclose(found.cpu(), expected, atol=1e-3)
    assert torch.allclose(pairs.cpu(), expected.diagonal(), atol=1e-3)
