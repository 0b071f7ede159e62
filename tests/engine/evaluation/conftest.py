"""Six drawn photos with captions, and what the tiny models find among them."""

from __future__ import annotations

import pytest

from engine.evaluation import examine
from tests.album import draw

CAPTIONS = [
    ["a red house", "a house"],
    ["two dogs on a beach", "dogs running", "some animals"],
    ["a boat"],
    ["people at a wedding, dancing", "a party"],
    ["a snowy mountain", "winter"],
    ["a city at night", "lights", "a street"],
]


@pytest.fixture(scope="session")
def captioned(tmp_path_factory):
    """A folder with `images` and `captions.csv`; tests must not change it."""
    folder = tmp_path_factory.mktemp("captioned")
    lines = ["image,caption"]
    for number, captions in enumerate(CAPTIONS):
        draw(folder / "images" / f"{number}.jpg", number)
        lines += [f'{number}.jpg,"{caption}"' for caption in captions]
    (folder / "captions.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def evaluation(captioned, tiny_models):
    """All captions against all photos."""
    return examine(tiny_models, captioned / "images", captioned / "captions.csv", candidates=None)
