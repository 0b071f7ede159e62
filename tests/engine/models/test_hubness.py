from __future__ import annotations

import torch
from torch.nn.functional import normalize

from engine.models.hubness import HubnessCorrection, with_caption_share


def unit(rows: int, seed: int, dim: int = 12) -> torch.Tensor:
    return normalize(torch.randn(rows, dim, generator=torch.Generator().manual_seed(seed)), dim=-1)


def fitted(weight: float) -> HubnessCorrection:
    correction = HubnessCorrection(50, 12)
    correction.fit(unit(50, 1), unit(200, 2), weight)
    return correction


def test_unfitted_it_keeps_every_order() -> None:
    photos, captions = unit(30, 3), unit(5, 4)
    corrected = with_caption_share(captions) @ HubnessCorrection(50, 12)(photos).T
    assert torch.equal(corrected.argsort(1), (captions @ photos.T).argsort(1))


def test_embeddings_have_length_one_and_one_dimension_more() -> None:
    for rows in (fitted(1.0)(unit(30, 3)), with_caption_share(unit(30, 3))):
        assert rows.shape == (30, 13)
        torch.testing.assert_close(rows.norm(dim=1), torch.ones(30))


def test_similarity_falls_by_the_hubness_above_the_mean() -> None:
    correction = fitted(0.5)
    photos, captions = unit(30, 3), unit(5, 4)
    expected = captions @ photos.T - 0.5 * (correction.hubness(photos) - correction.mean)
    found = with_caption_share(captions) @ correction(photos).T
    # Both sides are scaled to length 1: captions by a constant, photos by next to nothing.
    torch.testing.assert_close(found * 1.09**0.5, expected, atol=0.03, rtol=0)


def test_a_photo_that_every_caption_is_near_to_is_held_back() -> None:
    middle = normalize(unit(50, 1).mean(0, keepdim=True), dim=-1)
    crowd = unit(200, 2)
    correction = HubnessCorrection(50, 12)
    correction.fit(normalize(unit(50, 1) + 2 * middle, dim=-1), crowd, 1.0)
    hub, usual = correction.hubness(middle), correction.hubness(crowd)
    assert hub > usual.mean() + 2 * usual.std()
    assert correction(middle)[0, -1] < -0.5


def test_photos_stay_as_alike_as_they_were() -> None:
    photos = unit(30, 3)
    corrected = fitted(0.5)(photos)
    torch.testing.assert_close(corrected @ corrected.T, photos @ photos.T, atol=0.1, rtol=0)
