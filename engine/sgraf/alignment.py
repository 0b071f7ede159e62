"""Word-to-region alignment (the paper's section 3.2), for all pairs at once or pair by pair.

Padding never takes part: the valid words of all captions are packed into one list
of T rows before anything is computed, so the cost follows the number of words and
a padded position can't influence a result.

Letters in shapes: P photos, C captions, N aligned pairs, R regions, L words of the
longest caption, T valid words of all captions, D the joint space.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.sgraf.products import linear

EPSILON = 1e-8
LEAKY_SLOPE = 0.1
TEMPERATURE = 9.0
_TINY_SQUARE = 1e-24


def l2norm(x: Tensor) -> Tensor:
    """Return `x / (sqrt(sum x^2) + 1e-8)` over the last axis, summed in float32."""
    norms = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
    # A factor and not a divisor: the gradient of a division takes several times as long.
    return torch.mul(x, (norms + EPSILON).reciprocal()).to(x.dtype)


def l1norm(x: Tensor) -> Tensor:
    """Return `x / (sum |x| + 1e-8)` over the last axis, summed in float32."""
    sums = x.abs().sum(dim=-1, keepdim=True, dtype=torch.float32)
    return torch.div(x, sums + EPSILON).to(x.dtype)


@dataclass(frozen=True)
class Packing:
    """Where the valid words of a padded batch of captions are.

    Attributes:
        lengths: (C,) words per caption.
        word: (T,) position of each valid word among the C*L padded positions.
        caption: (T,) caption of each valid word.
        longest: L, words of the longest caption.
        uniform: Whether all captions have the same length (nothing is padded).
    """

    lengths: Tensor
    word: Tensor
    caption: Tensor
    longest: int
    uniform: bool

    @classmethod
    def of(cls, lengths: Tensor, width: int) -> Packing:
        """Describe captions of `lengths` words in rows of `width` positions."""
        valid = torch.arange(width, device=lengths.device) < lengths[:, None]
        caption, position = valid.nonzero(as_tuple=True)
        counts = lengths.tolist()
        longest = max(counts, default=0)
        uniform = all(count == longest for count in counts)
        return cls(lengths, caption * width + position, caption, longest, uniform)

    @property
    def captions(self) -> int:
        """C, the number of captions."""
        return len(self.lengths)

    def pack(self, padded: Tensor) -> Tensor:
        """Return the valid rows (T, D) of a padded batch (C, L, D)."""
        return padded.flatten(0, 1).index_select(0, self.word)

    def node_mask(self) -> Tensor | None:
        """Return (C, L+1) True where a node (the global one, then the words) exists.

        None stands for "all of them".
        """
        if self.uniform:
            return None
        return torch.arange(self.longest + 1, device=self.lengths.device) <= self.lengths[:, None]

    def nodes(self, global_: Tensor, local: Tensor) -> Tensor:
        """Join global (..., C, S) and packed local (..., T, S) vectors into (..., C, L+1, S).

        Positions beyond a caption's last word repeat its global node; the mask hides them.
        """
        if self.uniform:
            words = local.view(*local.shape[:-2], self.captions, self.longest, local.shape[-1])
            return torch.cat([global_.unsqueeze(-2), words], dim=-2)
        first = torch.arange(self.captions, device=local.device)[:, None]
        source = first.repeat(1, self.longest + 1)
        start = self.lengths.cumsum(0) - self.lengths
        position = self.caption.new_tensor(range(len(self.caption))) - start[self.caption]
        source[self.caption, position + 1] = self.captions + torch.arange(
            len(self.caption), device=local.device
        )
        joined = torch.cat([global_, local], dim=-2).index_select(-2, source.flatten())
        return joined.view(*joined.shape[:-2], *source.shape, joined.shape[-1])


def attend_all(regions: Tensor, words: Tensor, packing: Packing) -> Tensor:
    """Return where each word looks in each photo, for all pairs.

    Args:
        regions: (P, R, D) unit rows.
        words: (T, D) unit rows, packed.
        packing: The captions that the words belong to.

    Returns:
        (T, P, R) attention, each row over R sums to 1.
    """
    photos, count, _ = regions.shape
    scores = F.leaky_relu(linear(words, regions.flatten(0, 1)), LEAKY_SLOPE).float()  # (T, P*R)
    scores = _normalise_by_caption(scores, packing)
    attention = torch.softmax(scores.view(-1, photos, count) * TEMPERATURE, dim=-1)
    return attention.to(regions.dtype)


def differences_all(regions: Tensor, words: Tensor, packing: Packing) -> Tensor:
    """Return `(context - word)^2` (P, T, D) of every word with its attended context in every photo."""
    attention = attend_all(regions, words, packing).transpose(0, 1).contiguous()  # (P, T, R)
    return squared_difference(attention @ regions, words)


def attend_pairs(regions: Tensor, words: Tensor, packing: Packing) -> Tensor:
    """Return where each word looks in its own caption's photo.

    Args:
        regions: (N, R, D) unit rows.
        words: (N, L', D) padded, unit rows where valid.
        packing: The N captions.

    Returns:
        (T, R) attention of the valid words.
    """
    scores = F.leaky_relu(words @ regions.transpose(1, 2), LEAKY_SLOPE).float()  # (N, L', R)
    scores = packing.pack(scores)
    scores = _normalise_by_caption(scores, packing)
    return torch.softmax(scores * TEMPERATURE, dim=-1).to(regions.dtype)


def differences_pairs(regions: Tensor, words: Tensor, packing: Packing) -> Tensor:
    """Return `(context - word)^2` (T, D) of the valid words of N aligned pairs."""
    attention = attend_pairs(regions, words, packing)
    padded = attention.new_zeros(words.shape[0] * words.shape[1], attention.shape[-1])
    padded = padded.index_copy(0, packing.word, attention).view(*words.shape[:2], -1)
    return squared_difference(packing.pack(padded @ regions), packing.pack(words))


def squared_difference(context: Tensor, words: Tensor) -> Tensor:
    """Return `(l2norm(context) - words)^2`, in place where no gradient is wanted."""
    if torch.is_grad_enabled():
        return (l2norm(context) - words).square()
    norms = torch.linalg.vector_norm(context, dim=-1, keepdim=True, dtype=torch.float32) + EPSILON
    return context.div_(norms.to(context.dtype)).sub_(words).square_()


def _normalise_by_caption(scores: Tensor, packing: Packing) -> Tensor:
    """Return scores (T, X) divided by their L2 norm over the words of each caption."""
    if packing.uniform:
        grouped = scores.view(packing.captions, packing.longest, -1)
        squares = grouped.square().sum(dim=1, keepdim=True)
        return (grouped / _root(squares)).flatten(0, 1)
    squares = scores.new_zeros(packing.captions, scores.shape[-1])
    squares = squares.index_add(0, packing.caption, scores.square())
    return scores / _root(squares).index_select(0, packing.caption)


def _root(squares: Tensor) -> Tensor:
    return squares.clamp_min(_TINY_SQUARE).sqrt() + EPSILON  # clamped: sqrt has no gradient at 0
