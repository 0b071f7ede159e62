from __future__ import annotations

import torch
from torch import Tensor

from engine.sgraf import SimilarityEncoder
from engine.sgraf.alignment import Packing
from engine.sgraf.self_attention import TextSelfAttention, VisualSelfAttention
from tests.engine.sgraf import reference
from tests.engine.sgraf.conftest import EMBED, REGIONS


def test_region_globals_equal_the_reference(encoder: SimilarityEncoder, photos: Tensor) -> None:
    expected = reference.region_global(encoder.state_dict(), photos)
    assert torch.allclose(encoder.region_globals(photos), expected, atol=1e-6)
    with torch.no_grad():
        assert torch.allclose(encoder.region_globals(photos), expected, atol=1e-6)


def test_word_globals_equal_the_reference_caption_by_caption(
    encoder: SimilarityEncoder, captions: tuple[Tensor, Tensor]
) -> None:
    words, lengths = captions
    found = encoder.word_globals(words, lengths)
    for caption, length in enumerate(lengths.tolist()):
        expected = reference.word_global(encoder.state_dict(), words[[caption], :length])
        assert torch.allclose(found[[caption]], expected, atol=1e-6)


def test_large_scores_do_not_overflow() -> None:
    attention = TextSelfAttention(EMBED, 0.4).eval()
    torch.nn.init.constant_(attention.weigh.bias, 1e4)
    words = torch.randn(5, EMBED)
    assert attention(words, Packing.of(torch.tensor([2, 3]), 3)).isfinite().all()


def test_dropout_acts_only_in_training(photos: Tensor) -> None:
    attention = VisualSelfAttention(EMBED, REGIONS, 0.4).eval()
    assert torch.equal(attention(photos), attention(photos))
    attention.train()
    assert not torch.equal(attention(photos), attention(photos))
