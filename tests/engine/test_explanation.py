"""Why a photo matched: what `Searcher.explain` says of photos in a library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import Indexer, Library, Models, Searcher
from engine.errors import KnownError, QueryError
from engine.types import Explanation

ORIENTATION = 0x0112
CAPTION = "Two dogs, ON a beach!"
# EXIF orientation → what turns the stored pixels upright (EXIF 2.32, table 6).
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def write_turned(folder: Path, orientation: int) -> tuple[Path, Path, Path]:
    """Write a photo as a camera held askew does, its upright pixels, and its pixels as they are stored."""
    folder.mkdir()
    blocks = np.random.default_rng(3).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    turned, upright, stored = (folder / name for name in ("turned.jpg", "upright.png", "stored.png"))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    Image.fromarray(blocks).resize((96, 64), Image.Resampling.NEAREST).save(turned, exif=exif)
    with Image.open(turned) as decoded:
        decoded.transpose(UPRIGHT[orientation]).save(upright, exif=b"")
        Image.frombytes("RGB", decoded.size, decoded.tobytes()).save(stored)
    return turned, upright, stored


def explain(searcher: Searcher, library: Library, path: Path, caption: str = CAPTION) -> Explanation:
    photo = library.find(path)
    assert photo is not None
    return searcher.explain(caption, photo.id)


@pytest.fixture
def searcher(indexed: Library, tiny_models: Models) -> Searcher:
    return Searcher(indexed, tiny_models)


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_maps_lie_over_the_upright_photo(
    library: Library, tiny_models: Models, tmp_path: Path, orientation: int
) -> None:
    turned, upright, stored = write_turned(tmp_path / "photos", orientation)
    Indexer(library, tiny_models, workers=1).run([turned.parent])
    searcher = Searcher(library, tiny_models)
    seen, expected, wrong = (explain(searcher, library, path) for path in (turned, upright, stored))
    # Not exactly: a photo's batch decides in which order its sums are taken.
    np.testing.assert_allclose(seen.maps, expected.maps, atol=1e-4)
    assert seen.similarity == pytest.approx(expected.similarity, abs=1e-4)
    assert np.abs(wrong.maps - expected.maps).max() > 1e-3


def test_words_are_those_typed_and_everything_is_said_of_each(
    searcher: Searcher, indexed: Library, album: Path, tiny_models: Models
) -> None:
    reasons = explain(searcher, indexed, album / "plain3.jpg")
    assert reasons.words == ("two", "dogs", "on", "a", "beach")
    assert reasons.weights.shape == (5,)
    assert reasons.weights.sum() == pytest.approx(1, abs=1e-5)
    assert (reasons.weights >= 0).all()
    assert reasons.maps.shape == (5, *tiny_models.reranker.grid)
    np.testing.assert_allclose(reasons.maps.sum(axis=(1, 2)), 1, atol=1e-5)
    assert reasons.edges.shape == (5, 5)
    assert (reasons.edges.sum(axis=1) <= 1 + 1e-5).all()


@pytest.mark.parametrize("caption", ["dog", "dog dog dog", "a b " * 50])
def test_short_long_and_repeating_captions(
    searcher: Searcher, indexed: Library, album: Path, caption: str
) -> None:
    reasons = explain(searcher, indexed, album / "plain1.jpg", caption)
    count = min(len(caption.split()), 64)
    assert len(reasons.words) == len(reasons.maps) == len(reasons.weights) == len(reasons.edges) == count
    assert np.isfinite(reasons.maps).all()
    assert np.isfinite(reasons.edges).all()
    assert reasons.weights.sum() == pytest.approx(1, abs=1e-4)


def test_copies_of_a_photo_have_the_same_reasons(searcher: Searcher, indexed: Library, album: Path) -> None:
    one, other = (explain(searcher, indexed, album / name) for name in ("plain3.jpg", "copy of plain3.jpg"))
    assert np.array_equal(one.maps, other.maps)
    assert one.similarity == other.similarity


def test_a_photo_that_is_not_in_the_library_has_no_reasons(searcher: Searcher) -> None:
    with pytest.raises(KnownError, match="not been read"):
        searcher.explain(CAPTION, 10_000)


def test_a_photo_read_with_another_pack_only_has_no_reasons(
    indexed: Library, album: Path, tmp_path: Path
) -> None:
    from engine.models import load_models
    from tests.packs import tiny_pack

    other = load_models(tiny_pack(tmp_path / "other", seed=1), device="cpu")
    photo = indexed.find(album / "plain1.jpg")
    assert photo is not None
    with pytest.raises(KnownError, match="not been read"):
        Searcher(indexed, other).explain(CAPTION, photo.id)


@pytest.mark.parametrize("caption", ["", "犬", "?!"])
def test_captions_that_say_nothing_are_refused(
    searcher: Searcher, indexed: Library, album: Path, caption: str
) -> None:
    with pytest.raises(QueryError):
        explain(searcher, indexed, album / "plain1.jpg", caption)
