"""The public-domain photos of the demonstration."""

from __future__ import annotations

import pytest
from PIL import Image

from engine.demo import copy_public_photos


def test_the_photographs_are_copied_and_can_be_opened(tmp_path):
    pytest.importorskip("skimage")
    folder = copy_public_photos(tmp_path / "photos")
    copied = sorted(folder.iterdir())
    assert {"astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"} <= {path.name for path in copied}
    for path in copied:
        with Image.open(path) as image:
            assert min(image.size) >= 100
