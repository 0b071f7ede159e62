from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import LibraryError
from engine.sgraf import RegionCodec
from engine.sgraf.alignment import l2norm
from engine.sgraf.regions import RegionProjection


def test_the_bundled_packs_code_fits_its_budget() -> None:
    assert RegionCodec(64, 224, 2).nbytes == 15_360 <= 16_000


@settings(max_examples=50, deadline=None)
@given(
    photos=st.integers(0, 3),
    regions=st.integers(1, 9),
    dim=st.integers(1, 40),
    globals_=st.integers(0, 2),
    seed=st.integers(0, 2**16),
    spread=st.floats(0.05, 8.0),
)
def test_what_is_decoded_is_what_was_encoded(
    photos: int, regions: int, dim: int, globals_: int, seed: int, spread: float
) -> None:
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(photos, regions, dim, generator=generator)
    vectors = l2norm(vectors * (torch.rand(dim, generator=generator) * spread).exp())
    extra = l2norm(torch.randn(photos, globals_, dim, generator=generator))
    codec = RegionCodec(regions, dim, globals_)
    codes = codec.encode(vectors, extra)
    assert [len(code) for code in codes] == [codec.nbytes] * photos
    found, found_extra = codec.decode(codes)
    step = vectors.abs().amax(dim=-1, keepdim=True) / 127
    assert ((found - vectors).abs() <= 0.5 * step + 0.02 * vectors.abs() + 1e-6).all()
    assert torch.allclose(found.norm(dim=-1), vectors.norm(dim=-1), atol=1e-3)
    assert torch.allclose(found_extra, extra, atol=1e-3)


def test_lengths_survive_and_nothing_stays_nothing() -> None:
    codec = RegionCodec(3, 4, 1)
    vectors = torch.tensor([[[0.0] * 4, [1.0, 0, 0, 0], [-0.5, 0.5, -0.5, 0.5]]])
    found, extra = codec.decode(codec.encode(vectors, torch.zeros(1, 1, 4)))
    assert torch.allclose(found, vectors, atol=1e-3)
    assert extra.eq(0).all()


def test_a_code_may_be_computed_anywhere_in_any_precision() -> None:
    codec = RegionCodec(2, 8, 1)
    vectors, extra = l2norm(torch.randn(1, 2, 8)), l2norm(torch.randn(1, 1, 8))
    half = codec.encode(vectors.bfloat16().requires_grad_(), extra.bfloat16())
    assert torch.allclose(codec.decode(half)[0], vectors, atol=0.02)


@pytest.mark.parametrize("damage", [b"", b"\x00" * 7, b"\x00" * 100_000])
def test_damaged_codes_are_reported(damage: bytes) -> None:
    codec = RegionCodec(2, 8, 1)
    good = codec.encode(torch.zeros(1, 2, 8), torch.zeros(1, 1, 8))
    with pytest.raises(LibraryError, match="Index its folder again"):
        codec.decode([*good, damage])


def test_projected_regions_have_length_one() -> None:
    features = torch.randn(2, 5, 12)
    projection = RegionProjection(12, 6)
    assert torch.allclose(projection(features).norm(dim=-1), torch.ones(2, 5), atol=1e-5)
    plain = RegionProjection(12, 6, normalise=False)
    plain.load_state_dict(projection.state_dict())
    assert torch.allclose(plain(features), projection.linear(features), atol=1e-6)
