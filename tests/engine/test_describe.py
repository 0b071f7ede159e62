"""Descriptions of photos, ranked by real models of random weights."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PIL import Image

from engine import places
from engine.describe import MAX_LIBRARY_CAPTIONS, Describer, describing
from engine.description_bank import BankEmbeddings
from engine.errors import ImageError, KnownError, QueryError
from engine.gallery import Gallery
from engine.library import Library
from engine.types import PhotoMetadata
from tests.album import DESCRIBED, draw
from tests.engine.library.records import reading
from tests.small_disk import fill, small_disk

SENTENCES = tuple(
    f"{who} {what} {where}"
    for who in ("a man is", "a dog is", "a child is", "a horse is", "two women are")
    for what in ("running", "sleeping", "jumping", "eating")
    for where in ("on a beach", "in a park", "at home", "on a street", "in the snow")
)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setattr(places, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def describer(indexed, tiny_models, cache):
    return Describer(indexed, tiny_models, sentences=SENTENCES)


def content_words(text):
    little = {"a", "an", "the", "is", "are", "in", "on", "at", "two"}
    return {word for word in text.lower().split() if word not in little}


def test_descriptions_come_best_first_and_differ(describer, indexed):
    found = describer.describe(indexed.present_ids()[0])
    scores = [description.score for description in found]
    assert 3 <= len(found) <= 8
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)
    for one, other in itertools.combinations([content_words(d.text) for d in found], 2):
        assert len(one & other) <= len(one | other) / 2


def test_the_strength_is_the_fused_one(describer, indexed, tiny_models):
    photo = indexed.present_ids()[2]
    best = describer.describe(photo)[0]
    features = tiny_models.pack.encode_text([best.text])
    gallery = Gallery(indexed, tiny_models.pack.pack_id)
    gallery.refresh()
    code = indexed.region_codes([photo], tiny_models.pack.pack_id)[photo]
    rerank = tiny_models.reranker.score_captions(features.words, code)
    strength = tiny_models.fusion.strength(features.embeddings @ gallery.embedding(photo), rerank)
    assert best.score == pytest.approx(float(strength[0]), abs=1e-3)


def test_every_source_is_named(indexed, tiny_models, cache):
    indexed.add_search("a yellow boat near the harbor -dog folder:Trips")
    indexed.add_search("犬")
    describer = Describer(indexed, tiny_models, sentences=SENTENCES[:3])
    found = describer.describe(indexed.present_ids()[0], limit=20)
    sources = {description.text: description.source for description in found}
    assert sources[DESCRIBED] == "caption"
    assert sources["a yellow boat near the harbor"] == "search"
    assert "composed" in sources.values()
    assert set(sources) <= {DESCRIBED, "a yellow boat near the harbor", *SENTENCES[:3]}


def test_a_sentence_from_several_places_counts_once(indexed, tiny_models, cache):
    indexed.add_search(DESCRIBED)
    describer = Describer(indexed, tiny_models, sentences=(DESCRIBED,))
    found = describer.describe(indexed.present_ids()[0])
    assert [(description.text, description.source) for description in found] == [(DESCRIBED, "caption")]


def test_a_file_outside_the_library_is_read(describer, indexed, album, tmp_path):
    outside = tmp_path / "outside.jpg"
    outside.write_bytes((album / "plain4.jpg").read_bytes())
    stored = describer.describe(album / "plain4.jpg")
    fresh = describer.describe(outside)
    assert [d.text for d in fresh] == [d.text for d in stored]
    assert [d.score for d in fresh] == pytest.approx([d.score for d in stored], abs=5e-3)


def test_stored_features_serve_while_the_file_is_away(indexed, tiny_models, cache, tmp_path):
    from engine.indexer import Indexer

    photo = draw(tmp_path / "drive" / "photo.jpg", 70)
    Indexer(indexed, tiny_models, workers=1).run([photo.parent])
    describer = Describer(indexed, tiny_models, sentences=SENTENCES)
    photo.unlink()
    assert describer.describe(photo)


def test_what_is_no_photo_is_refused(describer, tmp_path):
    (tmp_path / "notes.jpg").write_text("not a photo")
    with pytest.raises(ImageError, match=r"notes\.jpg"):
        describer.describe(tmp_path / "notes.jpg")
    with pytest.raises(ImageError, match=r"gone\.jpg"):
        describer.describe(tmp_path / "gone.jpg")
    with pytest.raises(KnownError, match="no longer in the library"):
        describer.describe(987_654)


def test_a_gallery_of_the_same_pack_is_shared(indexed, tiny_models):
    gallery = Gallery(indexed, tiny_models.pack.pack_id)
    assert Describer(indexed, tiny_models, gallery=gallery)._gallery is gallery
    other = Gallery(indexed, "another-pack")
    assert Describer(indexed, tiny_models, gallery=other)._gallery is not other


def test_an_empty_library_still_describes(tmp_path, tiny_models, cache):
    Image.new("RGB", (64, 64), "red").save(tmp_path / "red.png")
    with Library.open(tmp_path / "empty.db") as library:
        describer = Describer(library, tiny_models, sentences=SENTENCES)
        assert all(d.source == "composed" for d in describer.describe(tmp_path / "red.png"))


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["SONY DSC", "OLYMPUS DIGITAL CAMERA", "IMG_1234", "", "犬", "DSC_0001.JPG"], []),
        (["Grandma laughing", "Grandma  laughing"], ["Grandma laughing"]),
        (["the kids 🐶 in the snow"], ["the kids in the snow"]),
    ],
)
def test_only_texts_that_describe_something_are_kept(texts, kept):
    assert describing(texts) == kept


class TestBankEmbeddings:
    """The bank's embeddings: the pack's, the cache's, or made now."""

    def test_they_are_the_encoders_and_kept(self, tiny_models, cache):
        made = BankEmbeddings(tiny_models, SENTENCES).load()
        np.testing.assert_allclose(made, tiny_models.pack.encode_text(SENTENCES).embeddings, atol=1e-5)
        kept = BankEmbeddings(tiny_models, SENTENCES)
        assert [file.name for file in cache.iterdir()] == [kept.cache_file.name]
        np.testing.assert_allclose(kept.load(), made, atol=1e-3)

    def test_the_cache_is_used(self, tiny_models, cache):
        bank = BankEmbeddings(tiny_models, SENTENCES[:2])
        cache.mkdir()
        np.save(bank.cache_file, np.full((2, 24), 0.25, dtype=np.float16))
        assert bank.load().tolist() == np.full((2, 24), 0.25).tolist()

    @pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"no array", None])
    def test_a_damaged_cache_is_made_again(self, tiny_models, cache, damage):
        bank = BankEmbeddings(tiny_models, SENTENCES[:2])
        cache.mkdir()
        if damage is None:
            np.save(bank.cache_file, np.zeros((5, 24)))
        else:
            bank.cache_file.write_bytes(damage)
        assert bank.load().shape == (2, 24)
        assert np.load(bank.cache_file).shape == (2, 24)

    def test_a_cache_that_can_not_be_written_only_costs_time(self, tiny_models, tmp_path, monkeypatch):
        (tmp_path / "file").write_text("in the way")
        monkeypatch.setattr(places, "cache_folder", lambda: tmp_path / "file" / "cache")
        assert BankEmbeddings(tiny_models, SENTENCES[:2]).load().shape == (2, 24)

    def test_a_full_disk_only_costs_time_and_nothing_stays_behind(self, tiny_models, tmp_path, monkeypatch):
        with small_disk(tmp_path / "Small", 64) as disk:
            monkeypatch.setattr(places, "cache_folder", lambda: disk / "cache")
            (disk / "cache").mkdir()
            fill(disk)
            assert BankEmbeddings(tiny_models, SENTENCES[:2]).load().shape == (2, 24)
            assert list((disk / "cache").iterdir()) == []

    def test_by_default_it_is_the_whole_bank(self, tiny_models):
        assert len(BankEmbeddings(tiny_models).sentences) >= 20_000


def test_a_typed_text_is_measured_like_a_description(describer, indexed):
    photo = indexed.present_ids()[1]
    for description in describer.describe(photo)[:3]:
        assert describer.strength(description.text, photo) == pytest.approx(description.score, abs=1e-5)
    best = describer.describe(photo)[0].text
    assert describer.strength(f"{best} folder:winter", photo) == describer.strength(best, photo)


@pytest.mark.parametrize("text", ["", "folder:winter", "犬"])
def test_a_text_without_words_has_no_strength(describer, indexed, text):
    with pytest.raises(QueryError):
        describer.strength(text, indexed.present_ids()[0])


def test_a_photo_s_own_caption_is_found_among_any_number(tmp_path, tiny_models, cache):
    """Only so many captions of a library are compared, but its own always is."""
    own = "a grey cat asleep on a piano"
    with Library.open(tmp_path / "captioned.db") as library:
        root = library.add_root(draw(tmp_path / "photos" / "0.jpg", 1).parent)
        for number in range(MAX_LIBRARY_CAPTIONS + 1):
            text = own if number == MAX_LIBRARY_CAPTIONS else f"a dog and {number} balls in a park"
            metadata = PhotoMetadata(64, 48, description=text)
            library.record([reading(root, f"{number}.jpg", number, metadata=metadata)])
        photo = draw(tmp_path / "photos" / f"{MAX_LIBRARY_CAPTIONS}.jpg", 2)
        last = max(library.present_ids())
        assert library.photo(last).path == photo
        found = Describer(library, tiny_models, sentences=SENTENCES[:1]).describe(last, limit=50)
    assert own in {description.text for description in found}
