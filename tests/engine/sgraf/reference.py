"""The paper's formulas, transcribed plainly: one caption at a time, repeated for every image.

The yardstick for the batched network, in tests for what it computes and in
`tests.benchmarks.bench_sgraf` for how fast. Eval mode only. It shares no code with
the engine; it reads the weights by their names.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import batch_norm, leaky_relu, linear

Weights = Mapping[str, Tensor]


def unit(x: Tensor, dim: int = -1) -> Tensor:
    return x / (x.pow(2).sum(dim=dim, keepdim=True).sqrt() + 1e-8)


def dense(weights: Weights, name: str, x: Tensor) -> Tensor:
    return linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def normed(weights: Weights, name: str, x: Tensor) -> Tensor:
    return batch_norm(
        x,
        weights[f"{name}.running_mean"],
        weights[f"{name}.running_var"],
        weights[f"{name}.weight"],
        weights[f"{name}.bias"],
    )


def region_global(weights: Weights, regions: Tensor) -> Tensor:
    """Section 3.1: (I, R, D) -> (I, D)."""
    name = "region_attention"
    local = torch.tanh(normed(weights, f"{name}.local_norm", dense(weights, f"{name}.local", regions)))
    average = dense(weights, f"{name}.average", regions.mean(1))
    average = torch.tanh(normed(weights, f"{name}.average_norm", average))
    average = average.unsqueeze(1).repeat(1, regions.shape[1], 1)
    attention = dense(weights, f"{name}.weigh", local * average).squeeze(2).softmax(1)
    return unit((attention.unsqueeze(2) * regions).sum(1))


def word_global(weights: Weights, words: Tensor) -> Tensor:
    """Section 3.1: (1, L, D) -> (1, D)."""
    name = "word_attention"
    local = torch.tanh(dense(weights, f"{name}.local", words))
    average = torch.tanh(dense(weights, f"{name}.average", words.mean(1)))
    average = average.unsqueeze(1).repeat(1, words.shape[1], 1)
    attention = dense(weights, f"{name}.weigh", local * average).squeeze(2).softmax(1)
    return unit((attention.unsqueeze(2) * words).sum(1))


def attention(regions: Tensor, words: Tensor) -> Tensor:
    """Section 3.2: (I, R, D), (I, L, D) -> (I, L, R)."""
    scores = leaky_relu(torch.bmm(regions, words.transpose(1, 2)), 0.1)
    return unit(scores, dim=2).transpose(1, 2).mul(9.0).softmax(2)


def graph_reasoning(weights: Weights, nodes: Tensor) -> Tensor:
    """Section 3.3: (I, N, S) -> (I, S)."""
    step = 0
    while f"reasoning.steps.{step}.query.weight" in weights:
        name = f"reasoning.steps.{step}"
        query = dense(weights, f"{name}.query", nodes)
        key = dense(weights, f"{name}.key", nodes)
        edges = torch.bmm(query, key.transpose(1, 2)).softmax(2)
        nodes = torch.relu(dense(weights, f"{name}.update", torch.bmm(edges, nodes)))
        step += 1
    return nodes[:, 0]


def filtration_weights(weights: Weights, nodes: Tensor) -> Tensor:
    """Section 3.4: (I, N, S) -> (I, 1, N)."""
    logits = dense(weights, "reasoning.weigh", nodes).transpose(1, 2)
    kept = torch.sigmoid(normed(weights, "reasoning.norm", logits))
    return kept / (kept.abs().sum(2, keepdim=True) + 1e-8)


def similarities(weights: Weights, regions: Tensor, words: Tensor, lengths: Tensor) -> Tensor:
    """Return (I, C) for images (I, R, D) and padded captions (C, L, D) of `lengths` (C,)."""
    images = len(regions)
    globals_ = region_global(weights, regions)
    columns = []
    for caption, length in zip(words, lengths.tolist(), strict=True):
        alone = caption[:length].unsqueeze(0)
        repeated = alone.repeat(images, 1, 1)
        context = unit(torch.bmm(attention(regions, repeated), regions))
        local = unit(dense(weights, "local", (context - repeated).pow(2)))
        whole = unit(dense(weights, "whole", (globals_ - word_global(weights, alone)).pow(2)))
        nodes = torch.cat([whole.unsqueeze(1), local], dim=1)
        if "reasoning.norm.weight" in weights:
            answer = unit(torch.bmm(filtration_weights(weights, nodes), nodes).squeeze(1))
        else:
            answer = graph_reasoning(weights, nodes)
        columns.append(torch.sigmoid(dense(weights, "score", answer)))
    return torch.cat(columns, dim=1)
