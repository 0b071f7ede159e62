"""The whole training on photos drawn on the spot, with tiny random backbones."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import KnownError, PackError
from engine.models import load_models
from engine.models.encoder import SECOND_TOWER
from engine.models.looks import at_size
from engine.models.packs import Pack
from engine.models.weights import prefixed
from engine.sgraf import Fusion
from engine.sgraf.regions import RegionCodec
from engine.training import ablation, assessment, stages
from engine.training.batches import FeatureStore
from engine.training.caption_vectors import CaptionVectors
from engine.training.captions import HALVES, SENTENCES, half_of
from engine.training.coarse import CoarseRecipe, embed_captions, embed_photos
from engine.training.distil import DistilRecipe, pass_on
from engine.training.features import BATCH, PROGRESS, Showing, extract_photos
from engine.training.image_tower import ImageRecipe
from engine.training.loop import Journal
from engine.training.measure import find_candidates, recall_of
from engine.training.paper import PaperRecipe
from engine.training.pixels import load_pixels, open_pixels
from engine.training.reranking import RerankRecipe, coarse_neighbours
from engine.training.run import (
    CALIBRATED,
    CAPTIONS,
    COARSE,
    FEATURES,
    FUSION,
    HALF,
    PIXELS,
    RERANK,
    TEACHER,
    TOWERS,
    Run,
)
from engine.training.teacher import embed_as_they_are
from engine.training.text_tower import TextRecipe
from engine.training.together import TogetherRecipe
from engine.training.variants import VARIANTS
from tests.engine.training.photos import TinyBackbones, write_source
from tests.packs import TINY


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("training")
    for name in ("coco", "nsd", "flickr30k", "ade20k", "ade20k_narratives"):
        write_source(folder / "data" / name, count=60)
    write_source(folder / "data" / "flickr8k", count=60, dev=15)
    with gzip.open(folder / "data" / SENTENCES, "wt", encoding="utf-8") as file:
        file.write("a penguin with a guitar\ntwo people in a boat\n")
    torch.manual_seed(0)
    (folder / "run").mkdir()
    run = Run(
        data=folder / "data",
        folder=folder / "run",
        backbones=SeededBackbones(folder),
        text=TextRecipe(epochs=2, batch=48),
        image=ImageRecipe(epochs=2, batch=48, chunk=24, first_block=1),
        together=TogetherRecipe(epochs=2, batch=48, chunk=24, first_block=1),
        coarse=CoarseRecipe(epochs=20, batch=64, rate=5e-3),
        rerank=RerankRecipe(epochs=2, groups=2, size=4, neighbours=8, rate=5e-3),
        distil=DistilRecipe(epochs=2, groups=2, size=4, rate=5e-3),
        paper=PaperRecipe(embed_size=16, sim_dim=8, word_dim=8, epochs=2, batch=32),
        views=2,
        share=1.0,
        device=torch.device("cpu"),
        log=lambda line: None,
    )
    stages.features(run)
    stages.coarse(run)
    stages.rerank(run)
    assessment.calibrate(run)
    return run


@pytest.fixture(scope="module")
def tuned(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same photos, learnt by the stages of `all`."""
    folder = tmp_path_factory.mktemp("tuned")
    shutil.copytree(run.folder / PIXELS, folder / PIXELS)
    tuned = replace(run, folder=folder)
    for stage in (stages.text, stages.halves, stages.teach, stages.image, stages.second, stages.features):
        stage(tuned)
    stages.rerank(tuned)
    assessment.calibrate(tuned)
    return tuned


class SeededBackbones(TinyBackbones):
    """The same random weights every time, as a pretrained file would give."""

    def text(self):  # type: ignore[no-untyped-def]
        torch.manual_seed(1)
        return super().text()

    def image(self):  # type: ignore[no-untyped-def]
        torch.manual_seed(2)
        return super().image()


def test_training_teaches_the_coarse_filter(run: Run) -> None:
    """The photo's own captions are nearer to it than others', on photos it learnt from."""
    store, photos = run.store(), run.of_split("train")[:64]
    own = []
    for network in (run.network(COARSE), untrained(run)):
        pictures = embed_photos(store, photos, network.image)
        captions = embed_captions(store, [store.captions_of(p)[0] for p in photos], network.text)
        similarity = captions @ pictures.T
        own.append(float(similarity.diag().mean() - similarity.mean()))
    assert own[0] > own[1] + 0.02


def untrained(run: Run):  # type: ignore[no-untyped-def]
    torch.manual_seed(5)
    return run.network()


def test_the_second_stage_leaves_the_coarse_filter_as_it_was(run: Run) -> None:
    first, second = run.network(COARSE), run.network(RERANK)
    for name, weight in first.image.coarse.state_dict().items():
        assert torch.equal(weight, second.image.coarse.state_dict()[name])
    assert not torch.equal(first.image.region.weight, second.image.region.weight)
    assert not torch.equal(first.saf.score.weight, second.saf.score.weight)


def test_calibration_never_saw_what_it_is_measured_on(run: Run) -> None:
    splits = {s: set(run.of_split(s)) for s in ("train", "tune", "dev", "dev2")}
    assert all(splits.values())
    assert sum(map(len, splits.values())) == len(set().union(*splits.values())) == len(run.photos)
    figures = json.loads((run.folder / "figures.json").read_text())
    assert set(figures) == {"hubness", "dev", "dev2"}


def test_a_share_of_the_photos_is_learnt_from_and_all_are_held_out(run: Run) -> None:
    """A quarter is part of a half; what is measured on stays whole."""
    parts = [replace(run, share=share) for share in (0.25, 0.5, 1.0)]
    quarter, half, whole = (set(part.of_split("train")) for part in parts)
    assert quarter < half < whole == set(run.of_split("train"))
    assert 0.1 < len(quarter) / len(whole) < 0.4 < len(half) / len(whole) < 0.6
    assert parts[0].of_split("dev") == run.of_split("dev")
    assert parts[0].of_split("tune") == run.of_split("tune")


def test_candidates_are_ordered_and_recall_follows_the_scores(run: Run) -> None:
    store, photos = run.store(), run.of_split("dev")
    found = find_candidates(store, photos, run.network(RERANK), 5)
    assert (np.diff(found.coarse, axis=1) <= 0).all()
    assert found.photos.shape == found.logits.shape == (2 * len(photos), 5)
    perfect = (found.photos == found.truth[:, None]).astype(np.float32)
    assert recall_of(found, perfect).r1 == recall_of(found).r5


def test_the_same_seed_gives_the_same_weights(run: Run, tmp_path: Path) -> None:
    before = (run.folder / COARSE).read_bytes()
    stages.coarse(run)
    assert (run.folder / COARSE).read_bytes() == before


def test_the_pack_holds_what_was_trained(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = ("a red picture", "a blue picture")
    monkeypatch.setattr(stages, "bank", lambda: sentences)
    pack = stages.pack(run, tmp_path / "pack", "drawn-1")
    pack.verify()
    models = load_models(tmp_path / "pack", device="cpu")
    stored = models.bank_embeddings(sentences)
    assert stored is not None
    np.testing.assert_allclose(stored, models.pack.encode_text(sentences).embeddings, atol=0.02)
    photo = run.photos[run.of_split("dev")[0]]
    expected = embed_photos(run.store(), run.of_split("dev")[:1], run.network(CALIBRATED).image)
    from PIL import Image

    with Image.open(photo.path) as image:
        found = models.pack.encode_images([models.pack.prepare(image.convert("RGB"))]).embeddings
    np.testing.assert_allclose(found, expected.numpy(), atol=0.05)


def test_extraction_goes_on_where_it_was_killed(run: Run, tmp_path: Path) -> None:
    """Rows that were written are kept, the others are made, and another pack starts afresh."""
    whole = run.store().features
    pixels = open_pixels(run.photos, run.config.image_size, run.folder / PIXELS)
    shutil.copytree(run.folder / FEATURES, tmp_path / "features")
    progress = tmp_path / "features" / PROGRESS
    saved = json.loads(progress.read_text())
    progress.write_text(json.dumps({**saved, "done": 2}))
    cells = np.lib.format.open_memmap(tmp_path / "features" / "cells.npy", mode="r+")
    cells[:BATCH] = 7
    cells[-BATCH:] = 0
    cells.flush()

    def extract(seed: int) -> np.ndarray:
        backbone = run.backbones.image()
        everything = np.arange(len(run.photos))
        showings = [
            Showing(0, everything, "whole", (backbone,)),
            Showing(1, everything, "closer", (backbone,)),
            Showing(2, np.array(run.of_split("train")), "whole", (backbone,)),
            Showing(3, np.array(run.of_split("train")), "random", (backbone,)),
        ]
        extract_photos(pixels, showings, run.config, tmp_path / "features", seed=seed, device=run.device)
        return np.load(tmp_path / "features" / "cells.npy")

    last = run.of_split("train")[-BATCH:]
    resumed = extract(run.coarse.seed)
    assert (resumed[:BATCH, 0] == 7).all()
    np.testing.assert_allclose(resumed[last], whole.cells[last], atol=1e-2)
    afresh = extract(run.coarse.seed + 1)
    np.testing.assert_allclose(afresh[:, :3], whole.cells[:, :3], atol=1e-2)


def test_every_variant_is_compared_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was stopped goes on with the variants that are missing, if all else is the same."""
    run = replace(run, rerank=replace(run.rerank, epochs=1))
    assessment.ablate(run)
    results = run.folder / ablation.RESULTS
    lines = results.read_text().splitlines()
    outcomes = [json.loads(line)["outcome"] for line in lines]
    lines[0] = json.dumps(outcomes[0])  # as it was written before lines told what they were made of
    assert [outcome["name"] for outcome in outcomes] == [variant.name for variant in VARIANTS]
    assert all(0 <= recall <= 100 for outcome in outcomes for recall in outcome["fused"])
    assert len({outcome["bytes"] for outcome in outcomes}) > 1
    results.write_text("\n".join(lines[:-1]) + "\n")
    assessment.ablate(run)
    again = results.read_text().splitlines()
    assert again[: len(lines) - 1] == lines[:-1]
    made = [json.loads(line)["outcome"] for line in again[-2:]]
    assert [outcome["fused"] for outcome in made] == [outcomes[0]["fused"], outcomes[-1]["fused"]]
    monkeypatch.setattr(assessment, "VARIANTS", VARIANTS[:1])
    for other in (replace(run, rerank=replace(run.rerank, epochs=2)), replace(run, share=0.5)):
        assessment.ablate(other)
    assert len(results.read_text().splitlines()) == len(again) + 2


def test_the_papers_own_network_is_measured_beside_ours(run: Run) -> None:
    assessment.paper(run)
    figures = json.loads((run.folder / "paper.json").read_text())
    assert {"dev", "dev2"} <= set(figures)
    assert (run.folder / assessment.PAPER).is_file()


def test_fine_tuned_towers_are_what_features_and_pack_are_made_of(run: Run, tuned: Run) -> None:
    before, after = run.image_backbone().state_dict(), tuned.image_backbone().state_dict()
    moved = {name for name, weight in before.items() if not torch.equal(weight, after[name])}
    assert any(name.startswith("network.blocks.") for name in moved)
    assert not [name for name in moved if "conv_dw" in name or "classifier" in name or "blocks.0." in name]
    words = {
        n
        for n, w in run.text_backbone().state_dict().items()
        if not torch.equal(w, tuned.text_backbone().state_dict()[n])
    }
    assert words
    assert all(name.startswith("encoder.") for name in words)
    assert (tuned.folder / COARSE).is_file()
    assert not (tuned.folder / "image.checkpoint.part").exists()


def test_a_second_tower_learns_the_first_one_s_words_and_has_a_share_in_embeddings_and_regions(
    tuned: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What training saw of it is what the pack computes."""
    words = (tuned.folder / COARSE).read_bytes()
    stages.second(tuned)
    assert (tuned.folder / COARSE).read_bytes() == words
    store, dev = tuned.store(), tuned.of_split("dev")[:4]
    network = tuned.network(CALIBRATED)
    together = embed_photos(store, dev, network.image)
    alone = embed_photos(FeatureStore(replace(store.features, second=None), tuned.device), dev, network.image)
    assert not torch.allclose(together, alone, atol=1e-3)
    monkeypatch.setattr(stages, "bank", lambda: ("a red picture",))
    pack = stages.pack(tuned, tmp_path / "pack", "drawn-2")
    assert pack.config.second_backbone
    models = load_models(tmp_path / "pack", device="cpu")
    found = models.pack.encode_images([load_pixels(tuned.photos[i].path, TINY.image_size) for i in dev])
    np.testing.assert_allclose(found.embeddings, together.numpy(), atol=0.05)
    with torch.inference_mode():
        seen = network.image.combine(*store.photo_features(dev))
        regions, blind = (
            network.image.regions(x) for x in (seen, seen * torch.tensor([1, 0])[:, None, None])
        )
    assert found.regions is not None
    stored, _ = RegionCodec(TINY.regions, TINY.joint_dim, 2).decode(found.regions)
    torch.testing.assert_close(stored, regions, atol=0.05, rtol=0)
    assert not torch.allclose(stored, blind, atol=0.1)


def test_a_run_without_a_second_tower_gives_a_pack_without_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "bank", lambda: ("a red picture",))
    pack = stages.pack(run, tmp_path / "pack", "drawn-1")
    config = pack.config
    assert (config.second_backbone, config.second_size, config.region_towers) == ("", 0, 1)
    assert not pack.has(SECOND_TOWER)


def test_sgraf_learns_from_towers_that_never_saw_the_photo(tuned: Run) -> None:
    cells, looks = tuned.store().features.cells, tuned.config.looks
    pixels = open_pixels(tuned.photos, TINY.image_size, tuned.folder / PIXELS)
    for place, (which, side) in enumerate(zip(TOWERS, (TINY.image_size, TINY.second_size), strict=True)):
        seen = {half: tuned.tower(which, half) for half in HALVES}
        for photo in tuned.of_split("train")[:20]:
            shown = at_size(torch.from_numpy(np.array(pixels[[photo]])), side)
            half = half_of(tuned.photos[photo])
            found = {h: tower.backbone(shown)[0][0].detach().numpy() for h, tower in seen.items() if tower}
            off = {h: np.abs(cell - cells[photo, looks, place]).mean() for h, cell in found.items()}
            assert off[half] < 0.5 * off[1 - half]
    assert not cells[tuned.of_split("dev"), looks:].any()


def test_halves_of_one_tower_only_are_not_learnt_from(tuned: Run, tmp_path: Path) -> None:
    """Regions that one tower knows by heart and the other never saw would teach neither."""
    part = replace(tuned, folder=Path(shutil.copytree(tuned.folder, tmp_path / "run")))
    for half in HALVES:
        (part.folder / HALF.format("second", half)).unlink()
    stages.features(part)
    cells, train = part.store().features.cells, part.of_split("train")[:8]
    np.testing.assert_allclose(cells[train, part.config.looks], cells[train, 0], atol=1e-2)


def test_the_teacher_never_saw_what_it_speaks_of(tuned: Run) -> None:
    teacher = tuned.teacher()
    assert teacher is not None
    pixels = open_pixels(tuned.photos, TINY.image_size, tuned.folder / PIXELS)
    for half in HALVES:
        photos = [i for i in tuned.of_split("train") if half_of(tuned.photos[i]) == half][:8]
        found = [tuned.tower(which, half) for which in TOWERS]
        towers = [(t, s) for t, s in zip(found, (TINY.image_size, TINY.second_size), strict=True) if t]
        expected = embed_as_they_are(pixels, photos, towers, tuned.device)
        torch.testing.assert_close(teacher.photos[photos], expected, atol=1e-3, rtol=0)
    assert not teacher.photos[tuned.of_split("dev")].any()
    assert len(teacher.captions) == sum(len(photo.captions) for photo in tuned.photos)


def test_what_came_of_other_photos_or_towers_is_not_taken_for_a_stages_own(run: Run, tmp_path: Path) -> None:
    run = replace(run, folder=Path(shutil.copytree(run.folder, tmp_path / "run")))
    for stage in (stages.coarse, stages.rerank):
        stage(run)
        with pytest.raises(KnownError, match="other settings, photos or weights"):
            stage(replace(run, share=0.5))
    heads = load_file(run.folder / COARSE)
    save_file({name: weight * 1.01 for name, weight in heads.items()}, run.folder / COARSE)
    with pytest.raises(KnownError, match="other settings, photos or weights"):
        stages.rerank(run)


def test_what_another_teacher_taught_is_not_taken_for_a_stages_own(tuned: Run, tmp_path: Path) -> None:
    tuned = replace(tuned, folder=Path(shutil.copytree(tuned.folder, tmp_path / "run")))
    stages.second(tuned)
    taught = load_file(tuned.folder / TEACHER)
    save_file({"embedded": -taught["embedded"]}, tuned.folder / TEACHER)
    with pytest.raises(KnownError, match="other settings, photos or weights"):
        stages.second(tuned)


def test_what_was_learnt_of_other_sentences_is_not_taken_for_the_text_towers_own(
    tuned: Run, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(tuned.data, tmp_path / "data"))
    with gzip.open(data / SENTENCES, "at", encoding="utf-8") as file:
        file.write("a third of them\n")
    with pytest.raises(KnownError, match="other settings, photos or weights"):
        stages.text(replace(tuned, data=data))


def test_all_views_are_made_anew_for_more_photos(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run.folder / PIXELS, folder / PIXELS)
    stages.features(replace(run, folder=folder, share=0.5))
    stages.features(replace(run, folder=folder))
    cells = np.load(folder / FEATURES / "cells.npy")[run.of_split("train")]
    assert np.abs(cells).max(axis=(2, 3, 4)).all()


def test_what_sgraf_knows_is_passed_on_to_the_coarse_head_alone(tuned: Run) -> None:
    lines: list[str] = []
    assessment.distil(replace(tuned, log=lines.append))
    assert set(json.loads(lines[-1])) == {"before", "after"}
    store, network, teacher = tuned.store(), tuned.network(CALIBRATED), tuned.teacher()
    neighbourhoods = coarse_neighbours(store, tuned.of_split("train"), network, 8)
    assert teacher is not None
    fusion = Fusion.from_json(json.loads((tuned.folder / FUSION).read_text()))
    before = {k: v.clone() for name, m in network.modules.items() for k, v in prefixed({name: m}).items()}
    pass_on(store, neighbourhoods, network, fusion, teacher, tuned.distil, Journal("distil"))
    after = {k: v for name, m in network.modules.items() for k, v in prefixed({name: m}).items()}
    moved = {name for name, weight in before.items() if not torch.equal(weight, after[name])}
    assert moved
    assert all(name.startswith("image.coarse.") for name in moved)


def test_without_a_teacher_nothing_can_be_passed_on(run: Run) -> None:
    with pytest.raises(KnownError, match="teacher"):
        assessment.distil(run)


@pytest.fixture
def packed(tuned: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    monkeypatch.setattr(stages, "bank", lambda: ("a red picture",))
    return stages.pack(tuned, tmp_path / "pack", "drawn-3")


def test_a_run_can_begin_with_the_towers_of_a_finished_pack(tuned: Run, packed: Pack, tmp_path: Path) -> None:
    """As if it had trained them, but for the rounding of a pack."""
    begun = replace(tuned, folder=tmp_path / "run")
    begun.folder.mkdir()
    stages.adopt(begun, packed)
    for left, right in zip(trained_in(begun), trained_in(tuned), strict=True):
        assert left.keys() == right.keys()
        for name, weight in left.items():
            torch.testing.assert_close(weight, right[name], atol=0.02, rtol=0.01)
    left, right = (CaptionVectors.read(run.folder / CAPTIONS) for run in (begun, tuned))
    assert (left.embedded * right.embedded).sum(1).min() > 0.95
    torch.testing.assert_close(left.meanings, right.meanings)


def trained_in(run: Run) -> list[dict[str, torch.Tensor]]:
    """Return the weights of all towers of a run and of its coarse filter."""
    towers = [tower for which in TOWERS if (tower := run.tower(which)) is not None]
    assert len(towers) == len(TOWERS)
    return [module.state_dict() for module in (*towers, run.text_backbone())] + [
        prefixed(run.network(COARSE).filter_modules)
    ]


def test_a_pack_of_another_shape_is_no_beginning(tuned: Run, packed: Pack, tmp_path: Path) -> None:
    wider = SeededBackbones(tmp_path)
    wider.config = replace(TINY, head_dim=2 * TINY.head_dim)
    with pytest.raises(PackError, match="don't fit"):
        stages.adopt(replace(tuned, folder=tmp_path, backbones=wider), packed)


def test_a_text_tower_that_learns_along_changes_the_captions_of_the_run(tuned: Run, tmp_path: Path) -> None:
    """What is learnt later is learnt for its new captions; a second call is refused, and changes nothing."""
    part = replace(tuned, folder=Path(shutil.copytree(tuned.folder, tmp_path / "run")))
    before = CaptionVectors.read(part.folder / CAPTIONS)
    stages.together(part)
    files = {path.name: path.read_bytes() for path in part.folder.glob("*.safetensors")}
    after, words = CaptionVectors.read(part.folder / CAPTIONS), part.text_tower()
    captions = [caption for photo in part.photos for caption in photo.captions]
    expected = words.embed(part.reader(words.backbone), captions)
    assert (after.embedded * expected).sum(1).min() > 0.99
    assert not torch.allclose(before.embedded, after.embedded, atol=1e-2)
    assert torch.equal(before.meanings, after.meanings)
    for name, weight in part.network(COARSE).text.coarse.state_dict().items():
        assert torch.equal(weight, words.heads.coarse.state_dict()[name])
    with pytest.raises(KnownError, match=r"together\.checkpoint\.pt"):
        stages.together(part)
    assert {path.name: path.read_bytes() for path in part.folder.glob("*.safetensors")} == files
