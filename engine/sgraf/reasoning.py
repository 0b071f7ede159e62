"""From similarity vectors to one vector per pair: SGR and SAF (the paper's sections 3.3 and 3.4).

Letters in shapes: B pairs, N nodes (the global one first, then the words), S the
similarity space.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.sgraf.alignment import l1norm, l2norm
from engine.sgraf.products import linear


class GraphStep(nn.Module):
    """One step of similarity graph reasoning.

    `(s Wq)(s Wk)^T` is computed as `(s M + u) s^T` with `M = Wq^T Wk` and
    `u = Wk^T bq`: one product with an S x S matrix, not two. The terms left out are
    equal for all nodes that a node looks at, so the softmax cancels them.
    """

    def __init__(self, sim_dim: int) -> None:
        super().__init__()
        self.query = nn.Linear(sim_dim, sim_dim)
        self.key = nn.Linear(sim_dim, sim_dim)
        self.update = nn.Linear(sim_dim, sim_dim)
        self._fold: tuple[tuple[object, ...], Tensor, Tensor] | None = None

    def folded(self) -> tuple[Tensor, Tensor]:
        """Return `(M^T, u)` for `linear`; kept between calls while no gradient is wanted."""
        if torch.is_grad_enabled():
            return self._compute_fold()
        sources = (self.query.weight, self.query.bias, self.key.weight)
        state = tuple(
            (source.data_ptr(), source.dtype, 0 if source.is_inference() else source._version)
            for source in sources
        )
        if self._fold is None or self._fold[0] != state:
            self._fold = (state, *self._compute_fold())
        return self._fold[1], self._fold[2]

    def _compute_fold(self) -> tuple[Tensor, Tensor]:
        key = self.key.weight.T
        return key @ self.query.weight, key @ self.query.bias

    def edges(self, nodes: Tensor, mask: Tensor | None, rows: int) -> Tensor:
        """Return how much the first `rows` nodes draw on every node, (B, rows, N)."""
        matrix, bias = self.folded()
        queries = linear(nodes[:, :rows].contiguous(), matrix, bias)  # else torch repeats the matrix
        scores = (queries @ nodes.transpose(1, 2)).float()
        if mask is not None:
            scores = scores.masked_fill(~mask.unsqueeze(1), -torch.inf)
        return scores.softmax(dim=-1).to(nodes.dtype)

    def forward(self, nodes: Tensor, mask: Tensor | None, rows: int) -> Tensor:
        """Return the first `rows` nodes (B, rows, S) after this step."""
        drawn = self.edges(nodes, mask, rows) @ nodes
        return linear(drawn, self.update.weight, self.update.bias).relu_()


class GraphReasoning(nn.Module):
    """Similarity graph reasoning (SGR): the answer is the global node after all steps."""

    def __init__(self, sim_dim: int, steps: int) -> None:
        super().__init__()
        self.steps = nn.ModuleList(GraphStep(sim_dim) for _ in range(steps))

    def forward(self, nodes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return (B, S) from similarity vectors (B, N, S); `mask` (B, N) is True where a node exists.

        Only the global node is read at the end, so the last step computes no other.
        """
        for number, step in enumerate(self.steps, start=1):
            nodes = step(nodes, mask, 1 if number == len(self.steps) else nodes.shape[1])
        return nodes[:, 0]

    def last_edges(self, nodes: Tensor) -> Tensor:
        """Return the edges (B, N, N) of the last step for unpadded nodes (B, N, S)."""
        *before, last = self.steps
        for step in before:
            nodes = step(nodes, None, nodes.shape[1])
        assert isinstance(last, GraphStep)
        return last.edges(nodes, None, nodes.shape[1])


class AttentionFiltration(nn.Module):
    """Similarity attention filtration (SAF): a weighted sum that leaves out what doesn't matter."""

    def __init__(self, sim_dim: int) -> None:
        super().__init__()
        self.weigh = nn.Linear(sim_dim, 1)
        self.norm = nn.BatchNorm1d(1)

    def weights(self, nodes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the weight of each node (B, N), summing to 1 over the nodes that exist.

        In training the batch statistics are those of existing nodes only.
        """
        logits = self.weigh(nodes).squeeze(-1)  # (B, N)
        if mask is None:
            return l1norm(torch.sigmoid(self.norm(logits.view(-1, 1)).view_as(logits)))
        chosen = torch.sigmoid(self.norm(logits[mask].unsqueeze(1)).squeeze(1))
        return l1norm(torch.zeros_like(logits, dtype=chosen.dtype).masked_scatter(mask, chosen))

    def forward(self, nodes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return (B, S) unit vectors from similarity vectors (B, N, S)."""
        weights = self.weights(nodes, mask).to(nodes.dtype)
        return l2norm((weights.unsqueeze(1) @ nodes).squeeze(1))
