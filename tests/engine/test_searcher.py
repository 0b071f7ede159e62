"""From a caption to ranked photos, with real models of random weights."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest
import torch

from engine.errors import FolderError, ImageError, KnownError, QueryError
from engine.image import read_example
from engine.indexer import Indexer
from engine.library import Library
from engine.models import load_models
from engine.models.packs import write_manifest
from engine.models.torchvision_compat import import_torchvision
from engine.query import parse_query
from engine.searcher import Searcher
from engine.strength import match_strength
from tests.album import draw
from tests.packs import FUSION, TINY

CAPTION = "two dogs on a beach"
TINY_CLIP = {
    "embed_dim": 20,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}


@pytest.fixture
def searcher(indexed, tiny_models):
    return Searcher(indexed, tiny_models)


def ids(results):
    return [hit.photo.id for hit in results.hits]


def test_importing_it_does_not_load_torch():
    script = "import sys, engine.searcher, engine.describe; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_coarse_results_are_the_nearest_photos(searcher, tiny_models):
    results = searcher.coarse(CAPTION, candidates=5)
    query = tiny_models.pack.encode_text([CAPTION]).embeddings[0]
    scores = searcher.gallery.similarities(query)
    order = np.lexsort((searcher.gallery.ids, -scores))[:5]
    assert ids(results) == searcher.gallery.ids[order].tolist()
    assert [hit.rank for hit in results.hits] == [1, 2, 3, 4, 5]
    assert [hit.coarse for hit in results.hits] == pytest.approx(scores[order].tolist())
    assert all(hit.rerank is None for hit in results.hits)
    assert (results.caption, results.gallery, results.reranked) == (CAPTION, 14, False)
    assert results.seconds > 0


def test_reranking_orders_the_same_photos_by_fused_strength(searcher, indexed, tiny_models):
    coarse = searcher.coarse(CAPTION)
    results = searcher.rerank(coarse)
    assert sorted(ids(results)) == sorted(ids(coarse))
    assert results.reranked
    strengths = [hit.score for hit in results.hits]
    assert strengths == sorted(strengths, reverse=True)
    words = tiny_models.pack.encode_text([CAPTION]).words[0]
    codes = indexed.region_codes(ids(results), tiny_models.pack.pack_id)
    scores = tiny_models.reranker.score(words, [codes[i] for i in ids(results)])
    assert [hit.rerank for hit in results.hits] == pytest.approx(scores.tolist(), abs=1e-6)
    cosines = np.array([hit.coarse for hit in results.hits], dtype=np.float32)
    assert strengths == pytest.approx(tiny_models.fusion.strength(cosines, scores).tolist(), abs=1e-6)


def test_strengths_know_how_large_the_library_is(searcher, indexed, tiny_pack_folder, tmp_path):
    """The same evidence says more among fourteen photos than among the thousand that were fitted on."""
    shutil.copytree(tiny_pack_folder, tmp_path / "pack")
    fusion = {**FUSION, "gallery": 1000.0, "crowding": 0.5}
    write_manifest(tmp_path / "pack", name="tiny", config=TINY, fusion=fusion)
    told = Searcher(indexed, load_models(tmp_path / "pack", device="cpu")).coarse(CAPTION)
    plain = searcher.coarse(CAPTION)
    assert ids(told) == ids(plain)
    for more, less in zip(told.hits, plain.hits, strict=True):
        gained = np.log(more.score / (1 - more.score)) - np.log(less.score / (1 - less.score))
        assert gained == pytest.approx(0.5 * np.log(1000 / 100), abs=1e-3)


def test_good_matches_are_counted_by_the_cutoff(searcher, tiny_models):
    results = searcher.search(CAPTION)
    cutoff = tiny_models.fusion.cutoff
    assert results.good == sum(hit.score >= cutoff for hit in results.hits)
    assert all(hit.score >= cutoff for hit in results.hits[: results.good])


def test_a_stopped_rerank_gives_nothing(searcher):
    coarse = searcher.coarse(CAPTION)
    assert searcher.rerank(coarse, stop=lambda: True) is None


def test_search_is_both_stages_cut_to_the_limit(searcher):
    both = searcher.rerank(searcher.coarse(CAPTION))
    assert ids(searcher.search(CAPTION, limit=4)) == ids(both)[:4]
    assert ids(searcher.search(CAPTION, limit=14, candidates=2)) == ids(both)


def test_the_coarse_order_alone_can_be_asked_for(searcher):
    results = searcher.search(CAPTION, limit=6, coarse_only=True)
    assert ids(results) == ids(searcher.coarse(CAPTION, candidates=6))
    assert not results.reranked


def test_a_folder_limits_the_search(searcher, album):
    results = searcher.search(CAPTION, folder=album / "winter")
    assert {hit.photo.path.parent.name for hit in results.hits} == {"winter"}
    assert results.gallery == len(results.hits) == 3


def test_a_folder_outside_the_library_is_named(searcher, tmp_path):
    with pytest.raises(FolderError, match="not in the library"):
        searcher.search(CAPTION, folder=tmp_path)


@pytest.mark.parametrize("caption", ["", "🐶", "犬"])
def test_captions_that_say_nothing_are_refused(searcher, caption):
    with pytest.raises(QueryError):
        searcher.search(caption)


def names(results):
    return {hit.photo.path.name for hit in results.hits}


def test_filters_limit_both_stages(searcher):
    results = searcher.search(f"{CAPTION} folder:winter")
    assert names(results) == {"described.jpg", "camera words.jpg", "last.jpg"}
    assert (results.caption, results.gallery, results.reranked) == (CAPTION, 3, True)


def test_filters_alone_give_the_newest_photos(searcher, indexed):
    results = searcher.search("is:landscape -犬", limit=3)
    assert ids(results) == indexed.present_ids()[:3]
    assert (results.caption, results.gallery, results.good, results.reranked) == ("", 14, 3, True)
    assert "English" in results.notice


def test_nothing_may_fit_the_filters(searcher):
    assert searcher.search(f"{CAPTION} is:portrait").hits == ()
    assert searcher.search("is:portrait").hits == ()


@pytest.mark.parametrize("phrase", ["a boat", "red car", "snow"])
def test_excluded_words_leave_out_the_photos_that_they_describe_best(searcher, indexed, phrase):
    nearest_first = ids(searcher.search(phrase, limit=14, coarse_only=True))
    kept = searcher.search(f'{CAPTION} -"{phrase}"', limit=14)
    hidden = 14 - kept.gallery
    assert set(ids(kept)) == set(nearest_first[hidden:])
    newest = [photo_id for photo_id in indexed.present_ids() if photo_id not in nearest_first[:hidden]]
    assert ids(searcher.search(f'-"{phrase}"', limit=14)) == newest


def test_look_alikes_and_described_alike_can_be_narrowed(searcher, indexed, album):
    photo = indexed.find(album / "plain3.jpg")
    within = parse_query("folder:winter")
    assert len(names(searcher.look_alikes(photo.id, within=within))) == 3
    narrowed = searcher.by_descriptions([CAPTION], within=within)
    assert (len(names(narrowed)), narrowed.gallery) == (3, 3)
    assert photo.id not in ids(searcher.look_alikes(photo.id, within=parse_query("folder:album")))


def test_a_text_without_words_has_nothing_to_explain(searcher, indexed):
    with pytest.raises(QueryError, match="no words"):
        searcher.explain("folder:winter", indexed.present_ids()[0])


def test_notices_reach_the_results(searcher):
    results = searcher.search("dog 犬 " + "beach " * 200)
    assert "Left out what isn't English: 犬." in results.notice
    assert "first 64 words" in results.notice


def test_an_empty_library_gives_no_hits(tmp_path, tiny_models):
    with Library.open(tmp_path / "empty.db") as library:
        searcher = Searcher(library, tiny_models)
        assert searcher.search(CAPTION).hits == ()
        assert searcher.look_alikes(draw(tmp_path / "photo.jpg", 3)).hits == ()
        assert searcher.by_descriptions([CAPTION]).hits == ()


def test_photos_added_later_are_found(searcher, indexed, tiny_models, tmp_path):
    searcher.search(CAPTION)
    photo = draw(tmp_path / "later" / "new.jpg", 50)
    Indexer(indexed, tiny_models, workers=1).run([photo.parent])
    assert photo in [hit.photo.path for hit in searcher.search(CAPTION).hits]


def test_a_photo_whose_regions_are_missing_keeps_its_coarse_strength(indexed, tiny_models):
    searcher = Searcher(indexed, tiny_models)
    coarse = searcher.coarse(CAPTION)
    lost = coarse.hits[3]
    with closing(sqlite3.connect(indexed.path)) as connection, connection:
        connection.execute(
            "DELETE FROM regions WHERE content_id = (SELECT content_id FROM photos WHERE id = ?)",
            (lost.photo.id,),
        )
    results = searcher.rerank(coarse)
    kept = next(hit for hit in results.hits if hit.photo.id == lost.photo.id)
    assert kept.rerank is None
    assert kept.score == pytest.approx(lost.score, abs=1e-6)
    with pytest.raises(KnownError, match="not been read"):
        searcher.explain(CAPTION, lost.photo.id)


def test_look_alikes_leave_the_photo_itself_out(searcher, indexed, album):
    photo = indexed.find(album / "plain3.jpg")
    results = searcher.look_alikes(photo.id, limit=5)
    assert photo.id not in ids(results)
    assert results.hits[0].photo.path.name == "copy of plain3.jpg"
    assert results.hits[0].score == pytest.approx(1, abs=2e-3)
    assert len(results.hits) == 5


def test_look_alikes_of_a_file_outside_the_library(searcher, tmp_path):
    outside = draw(tmp_path / "outside.jpg", 5)
    assert searcher.look_alikes(outside, limit=1).hits[0].photo.path.name == "plain5.jpg"


def test_a_picture_from_anywhere_finds_photos_like_it(searcher, tmp_path, album):
    results = searcher.by_picture(read_example(draw(tmp_path / "outside.jpg", 5)), limit=4)
    assert results.hits[0].photo.path.name == "plain5.jpg"
    assert (len(results.hits), results.good, results.gallery) == (4, 4, 14)
    within = parse_query("folder:winter")
    narrowed = searcher.by_picture(read_example((album / "plain3.jpg").read_bytes()), within=within)
    assert {hit.photo.path.parent.name for hit in narrowed.hits} == {"winter"}
    assert narrowed.gallery == 3


def test_a_picture_of_the_library_comes_first_itself(searcher, album):
    results = searcher.by_picture(read_example(album / "plain3.jpg"))
    assert {hit.photo.path.name for hit in results.hits[:2]} == {"plain3.jpg", "copy of plain3.jpg"}
    assert results.hits[0].score > 0.99


def test_answers_know_their_cutoff(searcher, tiny_models, album):
    coarse = searcher.coarse(CAPTION)
    assert coarse.cutoff == searcher.rerank(coarse).cutoff == tiny_models.fusion.in_gallery(14).cutoff
    assert searcher.coarse("is:landscape").cutoff is None
    assert searcher.look_alikes(album / "plain3.jpg").cutoff is None


def test_look_alikes_of_nothing_are_refused(searcher, tmp_path):
    with pytest.raises(KnownError, match="no longer in the library"):
        searcher.look_alikes(10_000)
    with pytest.raises(ImageError, match=r"gone\.jpg"):
        searcher.look_alikes(tmp_path / "gone.jpg")


def test_several_descriptions_are_averaged(searcher, tiny_models):
    texts = ["two dogs on a beach", "a red house"]
    results = searcher.by_descriptions(texts, limit=14)
    expected = dict.fromkeys(ids(results), 0.0)
    for text in texts:
        for hit in searcher.search(text, limit=14).hits:
            expected[hit.photo.id] += hit.score / 2
    assert [hit.score for hit in results.hits] == pytest.approx([expected[i] for i in ids(results)], abs=1e-6)
    assert results.caption == "two dogs on a beach; a red house"
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)


def test_the_described_photo_can_be_left_out(searcher):
    everything = searcher.by_descriptions([CAPTION], limit=20)
    first = everything.hits[0].photo.id
    assert ids(searcher.by_descriptions([CAPTION], limit=20, leave_out=first)) == ids(everything)[1:]


def test_no_description_is_refused(searcher):
    with pytest.raises(QueryError, match="no description"):
        searcher.by_descriptions([])


def test_a_match_can_be_explained(searcher):
    hit = searcher.search(CAPTION, limit=1).hits[0]
    explanation = searcher.explain(CAPTION, hit.photo.id)
    assert explanation.words == tuple(CAPTION.split())
    assert explanation.weights.sum() == pytest.approx(1, abs=1e-4)
    assert explanation.similarity == pytest.approx(hit.rerank, abs=1e-5)


def test_many_captions_do_not_fill_the_memory(searcher):
    for number in range(40):
        searcher.coarse(f"photo number {number}")
    assert len(searcher._captions) == 32


@pytest.fixture(scope="module")
def models_with_clip(tmp_path_factory, tiny_pack_folder):
    """A tiny open_clip model in front of the tiny pack."""
    import_torchvision()
    import open_clip

    folder = tmp_path_factory.mktemp("clip")
    config = {"model_cfg": TINY_CLIP, "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3}}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    torch.manual_seed(0)
    weights = open_clip.CLIP(**TINY_CLIP).state_dict()
    torch.save(weights, folder / "open_clip_pytorch_model.bin")
    return load_models(tiny_pack_folder, coarse=f"local-dir:{folder}", device="cpu")


def test_an_open_clip_model_can_choose_the_candidates(models_with_clip, tmp_path, album):
    with Library.open(tmp_path / "library.db") as library:
        Indexer(library, models_with_clip, workers=1).run([album])
        searcher = Searcher(library, models_with_clip)
        results = searcher.search(CAPTION)
    assert len(results.hits) == 14
    assert all(0 < hit.score < 1 for hit in results.hits)
    query = models_with_clip.coarse.encode_text([CAPTION]).embeddings[0]
    scores = dict(zip(searcher.gallery.ids.tolist(), searcher.gallery.similarities(query), strict=True))
    assert [hit.coarse for hit in results.hits] == pytest.approx([scores[i] for i in ids(results)])
    cosines = np.array([hit.coarse for hit in results.hits], dtype=np.float32)
    rerank = np.array([hit.rerank for hit in results.hits], dtype=np.float32)
    relative = match_strength(models_with_clip.fusion, cosines, rerank, calibrated=False)
    assert [hit.score for hit in results.hits] == pytest.approx(relative.tolist(), abs=1e-5)


def test_a_listing_leaves_out_what_excluded_words_describe(searcher: Searcher, indexed: Library) -> None:
    query = parse_query('-"two dogs"')
    listing = searcher.listing(query, "oldest")
    assert sorted(listing.ids) == sorted(searcher.newest(query))
    assert sum(month.photos for month in listing.months) == len(listing.ids)
    assert set(searcher.listing(parse_query("folder:winter"), "name").ids) < set(indexed.present_ids())
