"""What each part of SGRAF's input brings: every variant trained and measured in the same way.

Each variant learns from the same photos, neighbourhoods and captions for the same number
of epochs, then orders the same candidates of the coarse filter on the photos called
"tune". A variant that has its line in `ablation.jsonl`, of the same recipe and inputs, is
not trained again.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import normalize

from engine.models.packs import PackConfig
from engine.recall import Recall
from engine.sgraf.regions import RegionCodec
from engine.training.batches import FeatureStore, Neighbourhoods
from engine.training.calibrate import fit_fusion
from engine.training.loop import Journal, Log
from engine.training.measure import CoarseAnswers, look_at, recall_of
from engine.training.reranking import RerankNetwork, RerankRecipe, train_reranker
from engine.training.variants import Variant, VariantStore, variant_network

RESULTS = "ablation.jsonl"
_TIMED = 200
_WORDS = 12
_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a variant reached.

    Attributes:
        name: The variant's.
        alone: Text→image R@1, R@5, R@10 of SGRAF on the candidates, in percent.
        fused: The same together with the coarse filter, the mix fitted on these photos.
        bytes: Size of the region cache of one photo, were it stored as the pack's is.
        milliseconds: To score 200 photos for a caption of twelve words, on this machine now.
    """

    name: str
    alone: tuple[float, float, float]
    fused: tuple[float, float, float]
    bytes: int
    milliseconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What all variants have in common.

    Attributes:
        store: The cached features.
        bare: The same with words that don't know their context, for a GRU to read.
        neighbourhoods: From `coarse_neighbours`.
        answers: What the coarse filter found for the captions to measure with.
        config: The pack's architecture.
        recipe: How each variant is trained.
        inputs: Digest of what the run gives them (`engine.training.inputs`).
        folder: The run folder.
        log: Takes lines of progress.
    """

    store: FeatureStore
    bare: FeatureStore
    neighbourhoods: Neighbourhoods
    answers: CoarseAnswers
    config: PackConfig
    recipe: RerankRecipe
    inputs: str
    folder: Path
    log: Log

    def outcomes(self, variants: Sequence[Variant]) -> list[Outcome]:
        """Train and measure variants, and keep their outcomes in the run folder."""
        path, made_of = self.folder / RESULTS, {"recipe": asdict(self.recipe), "inputs": self.inputs}
        known = {outcome.name: outcome for outcome in _read(path, made_of)}
        for variant in variants:
            if variant.name not in known:
                known[variant.name] = outcome = self._outcome(variant)
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({**made_of, "outcome": asdict(outcome)}) + "\n")
                self.log(table([outcome]))
        return [known[variant.name] for variant in variants]

    def _outcome(self, variant: Variant) -> Outcome:
        torch.manual_seed(self.recipe.seed)
        store = VariantStore(self.bare if variant.recurrent else self.store, variant)
        network = variant_network(self.config, variant)
        for module in network.modules.values():
            module.to(store.device)
        recipe = replace(self.recipe, loss=variant.loss)
        train_reranker(store, self.neighbourhoods, network, recipe, Journal(variant.name, None, self.log))
        for module in network.modules.values():
            module.eval()
        candidates = look_at(self.answers, store, network)
        fusion = fit_fusion(store, candidates)
        mixed = fusion.coarse * candidates.coarse + fusion.rerank * candidates.logits
        return Outcome(
            name=variant.name,
            alone=_three(recall_of(candidates, candidates.logits)),
            fused=_three(recall_of(candidates, mixed)),
            bytes=RegionCodec(variant.regions(self.config.regions), self.config.joint_dim, 2).nbytes,
            milliseconds=_time_to_score(variant, network, self.config, store.device),
        )


def table(outcomes: Sequence[Outcome]) -> str:
    """Return outcomes as rows of a Markdown table."""
    return "\n".join(
        f"| {o.name} | {_recalls(o.alone)} | {_recalls(o.fused)} | {o.bytes:,} | {o.milliseconds:.0f} |"
        for o in outcomes
    )


@torch.inference_mode()
def _time_to_score(
    variant: Variant, network: RerankNetwork, config: PackConfig, device: torch.device
) -> float:
    """Return the median milliseconds that one caption with `_TIMED` photos takes."""
    regions = normalize(
        torch.randn(_TIMED, variant.regions(config.regions), config.joint_dim, device=device), dim=-1
    )
    words = normalize(torch.randn(1, _WORDS, config.joint_dim, device=device), dim=-1)
    lengths = torch.tensor([_WORDS], device=device)
    known = [(encoder, encoder.region_globals(regions)) for encoder in (network.sgr, network.saf)]
    taken = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        for encoder, globals_ in known:
            encoder(regions, words, lengths, region_globals=globals_).cpu()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def _three(recall: Recall) -> tuple[float, float, float]:
    return recall.r1, recall.r5, recall.r10


def _recalls(values: Sequence[float]) -> str:
    return " / ".join(f"{value:.1f}" for value in values)


def _read(path: Path, made_of: dict[str, Any]) -> Iterator[Outcome]:
    """Yield the outcomes that were made of the same."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            saved = json.loads(line)
            outcome = saved.pop("outcome", None)
            if outcome is not None and saved == made_of:
                yield Outcome(
                    **{**outcome, "alone": tuple(outcome["alone"]), "fused": tuple(outcome["fused"])}
                )
