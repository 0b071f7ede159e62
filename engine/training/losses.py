"""Losses over the similarities of a batch's photos with its captions."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import relu


def hardest_triplet(similarity: Tensor, margin: float) -> Tensor:
    """Return the bidirectional hinge loss with the hardest negatives of the batch (section 3.5).

    Every pair should beat, by `margin`, the caption that its photo is most wrongly
    given and the photo that its caption is most wrongly given. Summed over the batch
    and not averaged, as the authors have it: with their limit on the gradient's norm
    that isn't only a matter of scale.

    Args:
        similarity: (B, B) of photos (rows) with captions (columns), pairs on the diagonal.
        margin: In the unit of the similarities, which are 0 to 1 in the paper.

    Returns:
        () float32, at least 0; exactly 0 where there is no negative (B = 1).
    """
    similarity = similarity.float()
    own = similarity.diagonal()
    paired = torch.eye(len(similarity), dtype=torch.bool, device=similarity.device)
    others = similarity.masked_fill(paired, -torch.inf)
    captions = relu(margin + others.amax(dim=1) - own)
    photos = relu(margin + others.amax(dim=0) - own)
    return captions.sum() + photos.sum()
