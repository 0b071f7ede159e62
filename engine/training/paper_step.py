"""What a step of the paper's training computes: the similarities that its loss looks at.

Letters in shapes: B pairs of a batch, R regions, C channels of a region, L tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from engine.sgraf.checkpoints import OfficialModel

CHUNK = 4


@dataclass(frozen=True, slots=True, eq=False)
class PaperBatch:
    """B photos, each with one caption.

    Attributes:
        regions: (B, R, C) region features.
        tokens: (B, L) padded token ids, the shortest caption first.
        lengths: (B,) tokens per caption.
    """

    regions: Tensor
    tokens: Tensor
    lengths: Tensor


def parts(models: Sequence[OfficialModel]) -> dict[str, nn.Module]:
    """Return the networks of several models under the prefixes of their weights."""
    return {
        f"{model.similarity.config.module.lower()}.{name}.": network
        for model in models
        for name, network in networks(model).items()
    }


def telling_similarities(model: OfficialModel, batch: PaperBatch, *, hardest: bool) -> Tensor:
    """Return the similarities (B, B) float32 that the loss of a batch looks at, -inf elsewhere.

    The loss knows only pairs and their hardest negatives, at most 3 B of B^2
    similarities. So all are scored without gradients first, and only these again with
    gradients: the same loss and the same step for a quarter of the time. In the second
    pass SAF's batch norm has its running statistics, for the hardest pairs are no
    sample of all.

    Args:
        model: In training.
        batch: B pairs.
        hardest: Whether negatives are the hardest of the batch, or any.
    """
    device = model.device
    lengths = batch.lengths.to(device)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        regions = model.regions(batch.regions.to(device))
        words = model.words(batch.tokens.to(device), batch.lengths).to(regions.dtype)
        photos = model.similarity.region_globals(regions)
        captions = model.similarity.word_globals(words, lengths)
        if hardest:
            with torch.no_grad():
                order = _all_similarities(model, regions, words, lengths, photos, captions)
        else:
            order = torch.rand(len(words), len(words), device=device)
        rows, columns = hard_pairs(order)
        model.similarity.reasoning.train(not hardest)
        scores = model.similarity.score_pairs(
            regions[rows],
            words[columns],
            lengths[columns],
            region_globals=photos[rows],
            word_globals=captions[columns],
        )
        model.similarity.reasoning.train()
    nothing = torch.full_like(order, -torch.inf)
    return nothing.index_put((rows, columns), scores.float())


def hard_pairs(similarity: Tensor) -> tuple[Tensor, Tensor]:
    """Return rows and columns of (B, B) similarities: the pairs, and the hardest negatives of each."""
    paired = torch.eye(len(similarity), dtype=torch.bool, device=similarity.device)
    others = similarity.masked_fill(paired, -torch.inf)
    chosen = paired.scatter(1, others.argmax(dim=1, keepdim=True), True)
    chosen = chosen.scatter(0, others.argmax(dim=0, keepdim=True), True)
    rows, columns = chosen.nonzero(as_tuple=True)
    return rows, columns


def _all_similarities(
    model: OfficialModel, regions: Tensor, words: Tensor, lengths: Tensor, photos: Tensor, captions: Tensor
) -> Tensor:
    """Return (B, B) similarities, scored in chunks of captions of like length.

    Mixed lengths would be padded, which costs as much as words. What SAF's batch norm
    counts over is a chunk; it is one caption in the authors' code. The order is random,
    since its running statistics remember the last few chunks only.
    """
    columns = torch.empty(len(regions), len(words), device=regions.device)
    starts = np.arange(0, len(words), CHUNK)
    for start in starts[torch.randperm(len(starts)).numpy()].tolist():
        part = slice(start, start + CHUNK)
        own = lengths[part]
        columns[:, part] = model.similarity(
            regions, words[part, : int(own.max())], own, region_globals=photos, word_globals=captions[part]
        )
    return columns


def networks(model: OfficialModel) -> dict[str, nn.Module]:
    """Return the networks of a model by name."""
    return {"regions": model.regions, "words": model.words, "similarity": model.similarity}
