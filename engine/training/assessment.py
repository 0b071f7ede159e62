"""The stages that measure what was trained, and compare it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from safetensors.torch import save_file
from tokenizers import Tokenizer

from engine.errors import KnownError
from engine.models.text_backbone import WordReader
from engine.models.weights import prefixed
from engine.sgraf import Fusion
from engine.training.ablation import Comparison, table
from engine.training.batches import FeatureStore
from engine.training.calibrate import fit_fusion, reliability_of
from engine.training.captions import Split
from engine.training.curves import draw_curves
from engine.training.distil import pass_on
from engine.training.features import extract_captions
from engine.training.hubs import fit_hubness
from engine.training.measure import Candidates, figures_of, find_candidates, search_coarsely
from engine.training.paper import MODULES, caption_tokens, paper_model, train_paper
from engine.training.paper_figures import paper_report
from engine.training.paper_step import parts
from engine.training.plots import reliability_chart
from engine.training.reliability import Bin
from engine.training.reranking import coarse_neighbours
from engine.training.run import CALIBRATED, COARSE, FEATURES, FUSION, RERANK, SEEN, TEACHER, Run
from engine.training.variants import VARIANTS, BareWords
from engine.training.vocabulary import build_vocabulary

PAPER = "paper.safetensors"
PAPER_VOCABULARY = "paper_vocab.json"
CANDIDATES = 100


def calibrate(run: Run) -> None:
    """Fit hubness and fusion on the "tune" photos; print both dev sets' figures, and draw reliability."""
    store, network = run.store(), run.network(RERANK)
    crowd, tune = run.of_split("train"), run.of_split("tune")
    tried = fit_hubness(store, network, train=crowd, tune=tune, seed=run.rerank.seed)
    save_file(prefixed(network.modules), run.folder / CALIBRATED)
    library = [*tune, *crowd]
    fusion = fit_fusion(
        store,
        find_candidates(store, tune, network, CANDIDATES, gallery=library),
        find_candidates(store, tune, network, CANDIDATES),
    )
    (run.folder / FUSION).write_text(json.dumps(fusion.to_json(), indent=1) + "\n")
    figures: dict[str, object] = {"hubness": {str(w): recall.to_json() for w, recall in tried.items()}}
    tables: dict[str, tuple[Bin, ...]] = {}
    splits: tuple[Split, ...] = ("dev", "dev2")
    for split in splits:
        photos = run.of_split(split)
        candidates = find_candidates(store, photos, network, CANDIDATES)
        library = [*photos, *crowd]
        among = find_candidates(store, photos, network, CANDIDATES, gallery=library)
        alone = reliability_of(store, candidates, fusion)
        crowded = reliability_of(store, among, fusion)
        tables[f"{split} among {len(library):,} photos"] = crowded.bins
        figures[split] = {
            **figures_of(candidates, fusion),
            "reliability": {str(len(photos)): alone.to_json(), str(len(library)): crowded.to_json()},
        }
    reliability_chart(run.folder / "reliability.svg", tables, "Strength, and the share judged relevant")
    draw_curves(run.folder)
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    run.log(json.dumps({"fusion": fusion.to_json(), **figures}, indent=1))


def distil(run: Run) -> None:
    """Teach the coarse filter what SGRAF and it think together, and print what that brings on "tune"."""
    store, network, teacher = run.store(), run.network(CALIBRATED), run.teacher()
    if teacher is None:
        raise KnownError("there is no teacher in this run.", path=run.folder, hint="Run the stage `teach`.")
    train, tune = run.of_split("train"), run.of_split("tune")
    fusion = Fusion.from_json(json.loads((run.folder / FUSION).read_text()))
    neighbourhoods = coarse_neighbours(store, train, network, run.rerank.neighbours)
    figures = {"before": figures_of(find_candidates(store, tune, network, CANDIDATES), fusion)}
    journal = run.journal("distil", train, CALIBRATED, FUSION, *SEEN, TEACHER)
    pass_on(store, neighbourhoods, network, fusion, teacher, run.distil, journal)
    figures["after"] = figures_of(find_candidates(store, tune, network, CANDIDATES), fusion)
    run.log(json.dumps(figures, indent=1))


def ablate(run: Run) -> None:
    """Compare ways to make regions and words, and print the table."""
    store, network, train = run.store(), run.network(COARSE), run.of_split("train")
    comparison = Comparison(
        store=store,
        bare=_bare_words(run, store),
        neighbourhoods=coarse_neighbours(store, train, network, run.rerank.neighbours),
        answers=search_coarsely(store, run.of_split("tune"), network, CANDIDATES),
        config=run.config,
        recipe=run.rerank,
        inputs=run.inputs(train, COARSE, *SEEN),
        folder=run.folder,
        log=run.log,
    )
    run.log(table(comparison.outcomes(VARIANTS)))


def _bare_words(run: Run, store: FeatureStore) -> FeatureStore:
    """Return the same features with words that don't know their context."""
    folder = run.folder / FEATURES / "bare"
    if not (folder / "sentences.npy").is_file():
        backbone = run.backbones.text().to(run.device)
        backbone.encoder = BareWords()
        tokenizer = Tokenizer.from_file(str(run.backbones.tokenizer))
        reader = WordReader(tokenizer, backbone, max_words=run.config.max_words)
        extract_captions(run.photos, reader, reader, folder)
    words = np.load(folder / "words.npy")
    return FeatureStore(replace(store.features, words=words), run.device)


def paper(run: Run) -> None:
    """Train the paper's own SGRAF on the same features, and write its figures beside ours."""
    store, network = run.store(), run.network(CALIBRATED)
    train, tune = run.of_split("train"), run.of_split("tune")
    captions = [caption for photo in run.photos for caption in photo.captions]
    known = [captions[c] for photo in train for c in store.captions_of(photo)]
    vocabulary = build_vocabulary(known, run.folder / PAPER_VOCABULARY)
    tokens = caption_tokens(vocabulary, captions, run.paper)
    models = [
        paper_model(store, len(vocabulary), module, run.paper, run.folder / PAPER) for module in MODULES
    ]
    for model in models:
        journal = run.journal(f"paper_{model.similarity.config.module.lower()}", train, *SEEN)
        train_paper(store, train, tokens, model, run.paper, journal)
    save_file(prefixed(parts(models)), run.folder / PAPER)

    def searched(photos: list[int], gallery: list[int]) -> Candidates:
        return find_candidates(store, photos, network, CANDIDATES, gallery=gallery)

    splits: tuple[Split, ...] = ("dev", "dev2")
    report = paper_report(
        store,
        tokens,
        models,
        searched(tune, [*tune, *train]),
        {split: searched(run.of_split(split), run.of_split(split)) for split in splits},
    )
    (run.folder / "paper.json").write_text(json.dumps(report, indent=1) + "\n")
    run.log(json.dumps(report, indent=1))
