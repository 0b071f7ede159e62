from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from engine.models.encoder import BundledEncoder
from engine.models.packs import read_pack
from engine.training.captions import read_sources
from engine.training.pixels import load_pixels, open_pixels
from tests.engine.training.photos import write_source
from tests.packs import TINY, tiny_pack


def test_a_photo_is_shown_as_the_product_shows_it(tmp_path: Path) -> None:
    write_source(tmp_path / "coco", count=3)
    encoder = BundledEncoder(read_pack(tiny_pack(tmp_path / "pack")), lambda regions: [])
    for photo in read_sources(tmp_path, ["coco"]):
        with Image.open(photo.path) as image:
            expected = encoder.prepare(image.convert("RGB"))
        np.testing.assert_array_equal(load_pixels(photo.path, TINY.image_size), expected)


def test_photos_are_read_once_and_again_only_for_other_photos(tmp_path: Path) -> None:
    write_source(tmp_path / "coco", count=5)
    photos = read_sources(tmp_path, ["coco"])
    calls: list[int] = []
    first = open_pixels(photos, 32, tmp_path / "cache", lambda done, total: calls.append(done))
    assert first.shape == (5, 32, 32, 3)
    assert calls == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(first[3], load_pixels(photos[3].path, 32))
    again = open_pixels(photos, 32, tmp_path / "cache", lambda done, total: calls.append(done))
    np.testing.assert_array_equal(first, again)
    assert len(calls) == 5
    assert len(open_pixels(photos[:2], 32, tmp_path / "cache")) == 2
    assert not list((tmp_path / "cache").glob("*.part"))
