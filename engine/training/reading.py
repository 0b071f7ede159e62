"""Many captions through a text tower, in chunks of like length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import pad

from engine.models.text_backbone import WordReader

CHUNK = 192
# Few different lengths: memory for them is then given out again and again.
_MULTIPLE = 4
Pool = Callable[[Tensor, Tensor], Tensor]


def read_padded(reader: WordReader, captions: Sequence[str], chunk: int) -> tuple[Tensor, Tensor]:
    """Return word vectors (N, L, D) float32 of captions and their mask (N, L), with gradients."""
    # The flash kernel's gradient takes half of a step for captions, which are short.
    with sdpa_kernel(SDPBackend.MATH):
        parts = [
            reader.states([captions[i] for i in places], multiple=_MULTIPLE)
            for places in _by_length(captions, chunk)
        ]
    longest = max(part.mask.shape[1] for part in parts)
    order = [i for places in _by_length(captions, chunk) for i in places]
    back = torch.tensor(order, device=parts[0].mask.device).argsort()
    vectors = torch.cat([pad(p.vectors.float(), (0, 0, 0, longest - p.mask.shape[1])) for p in parts])
    masks = torch.cat([pad(p.mask, (0, longest - p.mask.shape[1])) for p in parts])
    return vectors[back], masks[back]


@torch.inference_mode()
def pooled(reader: WordReader, captions: Sequence[str], pool: Pool, chunk: int = CHUNK) -> Tensor:
    """Return what `pool` makes of each caption's word vectors (n, L, D) and mask (n, L): (N, E) float32."""
    rows: Tensor | None = None
    for places in _by_length(captions, chunk):
        states = reader.states([captions[i] for i in places])
        row = pool(states.vectors, states.mask).float()
        if rows is None:
            rows = row.new_zeros(len(captions), row.shape[1])
        rows[places] = row
    if rows is None:
        raise ValueError("no caption")
    return rows


def mean_words(words: Tensor, mask: Tensor) -> Tensor:
    """Return the mean word vector (N, D) of captions."""
    return (words * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def _by_length(captions: Sequence[str], chunk: int) -> Iterator[list[int]]:
    order = sorted(range(len(captions)), key=lambda i: len(captions[i]))
    for start in range(0, len(order), chunk):
        yield order[start : start + chunk]
