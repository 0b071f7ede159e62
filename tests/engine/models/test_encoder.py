from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import KnownError, PackError
from engine.models import Models, load_models, precision
from engine.models.models import bank_digest
from engine.models.packs import read_pack
from engine.training.export import save_bank
from tests.packs import TINY, tiny_pack

COLOURS = ("red", "blue", "green", "white", "black")


def _photos() -> list[Image.Image]:
    photos = [Image.new("RGB", (90 + 10 * i, 60), colour) for i, colour in enumerate(COLOURS)]
    for index, photo in enumerate(photos):
        photo.paste((200, 10 * index, 30), (5, 5, 20 + 9 * index, 40))
    return photos


def test_photos_become_unit_embeddings_and_one_region_code_each(tiny_models: Models) -> None:
    encoder = tiny_models.pack
    features = encoder.encode_images([encoder.prepare(p) for p in _photos()])
    assert features.embeddings.shape == (len(COLOURS), encoder.embed_dim)
    np.testing.assert_allclose(np.linalg.norm(features.embeddings, axis=1), 1, rtol=1e-5)
    assert features.regions is not None
    assert {len(code) for code in features.regions} == {tiny_models.reranker.codec.nbytes}


def test_a_photo_is_encoded_alike_whatever_else_is_in_the_batch(
    tiny_pack_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(precision._chosen, "cpu", torch.float32)  # else whatever measures faster just now
    encoder = load_models(tiny_pack_folder, device="cpu").pack
    prepared = [encoder.prepare(p) for p in _photos()]
    together = encoder.encode_images(prepared).embeddings
    alone = np.concatenate([encoder.encode_images([p]).embeddings for p in prepared])
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_prepare_shows_the_whole_photo(tiny_models: Models) -> None:
    photo = Image.new("RGB", (400, 100), "black")
    photo.paste("white", (0, 0, 40, 100))
    prepared = tiny_models.pack.prepare(photo)
    assert prepared.shape == (TINY.image_size, TINY.image_size, 3)
    assert prepared[:, 0].min() > 240
    assert prepared[:, -1].max() < 15


def test_no_photos_and_no_captions_give_empty_features(tiny_models: Models) -> None:
    encoder = tiny_models.pack
    assert encoder.encode_images([]).embeddings.shape == (0, encoder.embed_dim)
    assert encoder.encode_text([]).embeddings.shape == (0, encoder.embed_dim)


def test_the_vocabulary_has_words_and_no_pieces(tiny_models: Models) -> None:
    words = tiny_models.vocabulary()
    assert {"a", "z"} <= words
    assert all(word.isalpha() for word in words)


def test_words_are_what_was_typed_without_punctuation(tiny_models: Models) -> None:
    words = tiny_models.pack.encode_text(["A dog's ball, 12 in the SNOW!"]).words
    assert words is not None
    assert words[0].texts == ("a", "dog", "s", "ball", "12", "in", "the", "snow")
    np.testing.assert_allclose(np.linalg.norm(words[0].vectors, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("caption", ["", "!?", "\U0001f600", "狗在跑", "\x00", "a" * 5000, "dog " * 2000])
def test_any_text_has_at_least_one_word_and_a_finite_embedding(tiny_models: Models, caption: str) -> None:
    features = tiny_models.pack.encode_text([caption])
    assert features.words is not None
    assert 1 <= len(features.words[0].texts) <= TINY.max_words
    assert len(features.words[0].texts) == len(features.words[0].vectors)
    assert np.isfinite(features.embeddings).all()


def test_a_caption_is_encoded_alike_whatever_else_is_in_the_batch(tiny_models: Models) -> None:
    captions = ["dog", "a child in the snow", "two people at a table by the sea", "!"] * 20
    together = tiny_models.pack.encode_text(captions)
    for index in (0, 1, 2, 3, 70):
        alone = tiny_models.pack.encode_text([captions[index]])
        np.testing.assert_allclose(alone.embeddings[0], together.embeddings[index], atol=1e-5)
        assert alone.words is not None
        assert together.words is not None
        np.testing.assert_allclose(alone.words[0].vectors, together.words[index].vectors, atol=1e-5)


def test_many_threads_may_ask_at_once_for_models_that_are_not_loaded(tiny_pack_folder: Path) -> None:
    models = load_models(tiny_pack_folder, device="cpu")
    with ThreadPoolExecutor(8) as pool:
        rerankers = set(pool.map(lambda _: id(models.reranker), range(16)))
        list(pool.map(lambda _: models.warm_up(), range(8)))
    assert len(rerankers) == 1


def test_a_pack_with_another_seed_has_another_identity(tmp_path: Path, tiny_models: Models) -> None:
    other = load_models(tiny_pack(tmp_path / "other", seed=1), device="cpu")
    assert other.pack.pack_id != tiny_models.pack.pack_id


def test_an_altered_file_is_refused_when_it_is_needed(tmp_path: Path) -> None:
    folder = tiny_pack(tmp_path / "pack")
    (folder / "image_backbone.safetensors").write_bytes(b"")
    models = load_models(folder, device="cpu")
    models.warm_up()
    with pytest.raises(PackError, match="image_backbone"):
        models.pack.encode_images([models.pack.prepare(_photos()[0])])
    with pytest.raises(PackError, match="image_backbone"):
        models.verify()


def test_a_device_that_is_not_there_is_refused(tiny_pack_folder: Path) -> None:
    with pytest.raises(KnownError, match="no device"):
        load_models(tiny_pack_folder, device="abacus")


def test_bank_embeddings_belong_to_exactly_their_sentences(tmp_path: Path) -> None:
    folder = tiny_pack(tmp_path / "pack")
    texts = ("a dog in the snow", "a child on a swing")
    expected = load_models(folder, device="cpu").pack.encode_text(texts).embeddings
    save_bank(folder / "descriptions.safetensors", texts, expected)
    from engine.models.packs import write_manifest

    write_manifest(folder, name="tiny", config=TINY, fusion=dict(read_pack(folder).fusion))
    models = load_models(folder, device="cpu")
    stored = models.bank_embeddings(texts)
    assert stored is not None
    np.testing.assert_allclose(stored, expected, atol=0.02)
    assert models.bank_embeddings(texts[:1]) is None
    assert bank_digest(texts) != bank_digest(texts[::-1])


def test_a_pack_without_bank_has_no_bank_embeddings(tiny_models: Models) -> None:
    assert tiny_models.bank_embeddings(("a dog",)) is None


def test_searching_needs_neither_timm_nor_torchvision(tiny_pack_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from engine.models import load_models;"
        f"m = load_models(Path({str(tiny_pack_folder)!r}), device='cpu'); m.warm_up();"
        "m.coarse.encode_text(['a dog']);"
        "print([n for n in ('timm', 'torchvision', 'open_clip', 'transformers') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
