from __future__ import annotations

import numpy as np
import torch

from engine.models.looks import at_size, closer_look
from tests.packs import TINY


def test_a_closer_look_loses_a_tenth_at_each_side() -> None:
    photo = torch.zeros(1, 40, 40, 3, dtype=torch.uint8)
    photo[:, :4] = 200  # exactly the margin
    photo[:, :, :4] = 200
    photo[:, 15:25, 15:25] = 100
    closer = closer_look(photo)
    assert closer.shape == photo.shape
    assert closer.dtype == torch.uint8
    assert closer.max() == 100
    assert (closer == 100).sum() > (photo == 100).sum()


def test_what_does_not_change_across_the_photo_looks_the_same_closer() -> None:
    photo = torch.full((2, 32, 32, 3), 77, dtype=torch.uint8)
    assert torch.equal(closer_look(photo), photo)


def test_a_size_that_a_photo_has_leaves_it_as_it_is() -> None:
    photo = torch.randint(0, 255, (2, 32, 32, 3), dtype=torch.uint8)
    assert at_size(photo, 32) is photo
    assert at_size(photo, 24).shape == (2, 24, 24, 3)
    assert torch.equal(
        at_size(torch.full((1, 32, 32, 3), 77, dtype=torch.uint8), 24).unique(), torch.tensor([77])
    )


def test_coarse_embeddings_are_the_mean_of_all_looks(tiny_models) -> None:  # type: ignore[no-untyped-def]
    random = np.random.default_rng(0)
    photo = random.integers(0, 255, (64, 64, 3), dtype=np.uint8)
    heads = tiny_models.pack._image_tower[1]
    pixels = torch.from_numpy(photo[None])
    with torch.inference_mode():
        whole, closer = (
            heads.coarse(tiny_models.pack._combined(look)) for look in (pixels, closer_look(pixels))
        )
        other, _ = tiny_models.pack._second_tower(at_size(pixels, TINY.second_size))
        expected = heads.embed(whole, closer, other)[0]
    found = tiny_models.pack.encode_images([photo]).embeddings[0]
    np.testing.assert_allclose(found, expected.float().numpy(), atol=1e-5)
    for fewer in ((whole,), (whole, closer), (whole, other)):
        assert not np.allclose(found, heads.embed(*fewer)[0].float().numpy(), atol=1e-4)
