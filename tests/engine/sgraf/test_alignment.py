from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.sgraf.alignment import (
    Packing,
    attend_all,
    attend_pairs,
    differences_all,
    differences_pairs,
    l1norm,
    l2norm,
    squared_difference,
)
from tests.engine.sgraf import reference


def test_norms_follow_the_paper() -> None:
    x = torch.tensor([[3.0, -4.0], [0.0, 0.0]])
    assert torch.equal(l2norm(x), torch.tensor([[0.6, -0.8], [0.0, 0.0]]))
    assert torch.allclose(l1norm(x), torch.tensor([[3 / 7, -4 / 7], [0.0, 0.0]]))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_norms_of_half_precision_are_summed_in_single(dtype: torch.dtype) -> None:
    x = torch.full((1, 4096), 16.0, dtype=dtype)  # the sum of squares exceeds float16
    assert l2norm(x).dtype == dtype
    assert l2norm(x)[0, 0].item() == pytest.approx(1 / 64, rel=1e-2)
    assert l1norm(x)[0, 0].item() == pytest.approx(1 / 4096, rel=1e-2)
    assert torch.equal(l2norm(torch.zeros(1, 3, dtype=dtype)), torch.zeros(1, 3, dtype=dtype))


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8))
def test_packing_keeps_every_word_in_its_place(counts: list[int]) -> None:
    width = max(counts) + 2
    rows = torch.arange(len(counts) * width, dtype=torch.float32).view(len(counts), width, 1)
    packing = Packing.of(torch.tensor(counts), width)
    expected = [rows[caption, :count] for caption, count in enumerate(counts)]
    assert torch.equal(packing.pack(rows), torch.cat(expected))

    globals_ = -1.0 - torch.arange(len(counts), dtype=torch.float32).view(-1, 1)
    nodes = packing.nodes(globals_, packing.pack(rows))
    mask = packing.node_mask()
    if mask is None:
        mask = torch.ones(nodes.shape[:2], dtype=torch.bool)
    assert nodes.shape == (len(counts), max(counts) + 1, 1)
    for caption, words in enumerate(expected):
        assert torch.equal(nodes[caption][mask[caption]], torch.cat([globals_[[caption]], words]))


def test_nodes_are_joined_for_every_photo() -> None:
    packing = Packing.of(torch.tensor([2, 1]), 2)
    nodes = packing.nodes(torch.zeros(3, 2, 4), torch.arange(36.0).view(3, 3, 4))
    assert nodes.shape == (3, 2, 3, 4)
    assert torch.equal(nodes[1, 0, 1:], torch.arange(12.0, 20.0).view(2, 4))
    assert torch.equal(nodes[2, 1, 1], torch.arange(32.0, 36.0))


def test_attention_equals_the_reference(photos: Tensor, captions: tuple[Tensor, Tensor]) -> None:
    words, lengths = captions
    packing = Packing.of(lengths, words.shape[1])
    found = attend_all(photos, packing.pack(words), packing)
    for caption, length in enumerate(lengths.tolist()):
        repeated = words[[caption], :length].repeat(len(photos), 1, 1)
        expected = reference.attention(photos, repeated).transpose(0, 1)
        assert torch.allclose(found[packing.caption == caption], expected, atol=1e-6)
    assert torch.allclose(found.sum(dim=-1), torch.ones(found.shape[:2]))


def test_aligned_pairs_attend_as_all_pairs_do(photos: Tensor, captions: tuple[Tensor, Tensor]) -> None:
    words, lengths = captions
    packing = Packing.of(lengths, words.shape[1])
    photo_of_word = packing.caption
    every = torch.arange(len(photo_of_word))
    attention = attend_all(photos, packing.pack(words), packing)[every, photo_of_word]
    assert torch.allclose(attend_pairs(photos[:6], words, packing), attention, atol=1e-6)
    differences = differences_all(photos, packing.pack(words), packing)[photo_of_word, every]
    assert torch.allclose(differences_pairs(photos[:6], words, packing), differences, atol=1e-6)


def test_in_place_and_differentiable_differences_agree() -> None:
    context, words = torch.randn(3, 5, 8), torch.randn(5, 8)
    expected = squared_difference(context, words)
    with torch.no_grad():
        assert torch.allclose(squared_difference(context.clone(), words), expected, atol=1e-6)


@pytest.mark.parametrize("lengths", [[2, 2], [2, 1]])
def test_words_that_meet_no_region_have_finite_gradients(lengths: list[int]) -> None:
    regions = torch.zeros(1, 3, 4, requires_grad=True)
    words = l2norm(torch.randn(2, 2, 4))
    packing = Packing.of(torch.tensor(lengths), 2)
    attention = attend_all(regions, packing.pack(words), packing)
    attention[..., 0].sum().backward()
    assert torch.allclose(attention, torch.full_like(attention, 1 / 3))
    assert regions.grad is not None
    assert regions.grad.isfinite().all()
