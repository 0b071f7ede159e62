from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.training.augment import (
    MIN_AREA,
    Views,
    mirror_words,
    random_views,
    roughen,
    show,
    whole_views,
)


def halves() -> np.ndarray:
    """One photo, white on the left and black on the right."""
    photo = np.zeros((1, 16, 16, 3), np.uint8)
    photo[:, :, :8] = 255
    return photo


def test_the_whole_view_is_the_photo_as_it_is() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    shown = show(pixels, whole_views(2))
    np.testing.assert_array_equal(shown.permute(0, 2, 3, 1).numpy(), pixels)


def test_a_mirrored_view_is_mirrored() -> None:
    mirrored = Views(np.array([[0.0, 0, 1, 1]]), np.array([True]), np.ones((1, 3)))
    shown = show(halves(), mirrored)
    assert (shown[..., :7] < 1).all()
    assert (shown[..., 9:] > 254).all()


def test_a_crop_shows_its_part_of_the_photo() -> None:
    left = Views(np.array([[0.0, 0.5, 0.5, 1.0]]), np.array([False]), np.ones((1, 3)))
    assert (show(halves(), left)[..., :14] > 254).all()


def test_light_and_colour_change_within_bounds() -> None:
    grey = np.full((1, 8, 8, 3), 100, np.uint8)
    brighter = Views(whole_views(1).boxes, np.array([False]), np.array([[1.2, 1.0, 1.0]]))
    torch.testing.assert_close(show(grey, brighter), torch.full((1, 3, 8, 8), 120.0), atol=0.1, rtol=0)
    red = np.zeros((1, 8, 8, 3), np.uint8)
    red[..., 0] = 200
    pale = Views(whole_views(1).boxes, np.array([False]), np.array([[1.0, 1.0, 0.5]]))
    shown = show(red, pale)[0, :, 0, 0]
    assert 100 < shown[0] < 200
    assert shown[1] > 10


def test_random_views_are_repeatable_crops_inside_the_photo() -> None:
    views, again = random_views(200, np.random.default_rng(1)), random_views(200, np.random.default_rng(1))
    np.testing.assert_array_equal(views.boxes, again.boxes)
    left, top, right, bottom = views.boxes.T
    assert (views.boxes >= 0).all()
    assert (views.boxes <= 1).all()
    assert ((right - left) * (bottom - top) >= MIN_AREA - 1e-9).all()
    assert 60 < views.mirrored.sum() < 140


@pytest.mark.parametrize(
    ("caption", "mirrored"),
    [
        ("a man on the left of a dog", "a man on the right of a dog"),
        ("Left hand, RIGHT foot", "Right hand, LEFT foot"),
        ("a bright leftover", "a bright leftover"),
    ],
)
def test_left_and_right_change_places(caption: str, mirrored: str) -> None:
    assert mirror_words(caption) == mirrored


@given(st.text(max_size=60))
def test_mirroring_twice_changes_nothing_that_is_lower_case(caption: str) -> None:
    caption = caption.lower()
    assert mirror_words(mirror_words(caption)) == caption


@given(st.lists(st.text("abcdef", min_size=1, max_size=8), min_size=1, max_size=12), st.integers(0, 2**32))
def test_a_roughened_caption_keeps_only_its_own_letters_and_never_none(words: list[str], seed: int) -> None:
    rough = roughen(" ".join(words), np.random.default_rng(seed)).split()
    assert rough
    remaining = sorted("".join(sorted(word)) for word in words)
    for word in rough:
        remaining.remove("".join(sorted(word)))


def test_most_words_stay_as_they_are() -> None:
    random = np.random.default_rng(0)
    kept = [roughen("alpha bravo charlie delta", random) for _ in range(200)]
    assert 50 < kept.count("alpha bravo charlie delta") < 180
