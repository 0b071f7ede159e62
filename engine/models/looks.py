"""Further looks at a photo: closer, so that what stands in its middle counts more, or by a second tower.

The coarse embedding of a photo is the mean of those of its looks. A small network sees
differently where the same thing lies otherwise on its grid, and another network sees
other things; the mean is steadier.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import interpolate

MARGIN = 0.1


def closer_look(photos: Tensor) -> Tensor:
    """Return photos `(N, S, S, 3)` uint8 without a tenth at each side, enlarged to the same size."""
    side = photos.shape[1]
    edge = round(side * MARGIN)
    middle = photos[:, edge : side - edge, edge : side - edge].permute(0, 3, 1, 2).float()
    return _scaled(middle, side).permute(0, 2, 3, 1).to(photos.dtype)


def at_size(photos: Tensor, side: int) -> Tensor:
    """Return photos `(N, S, S, 3)` uint8 as `(N, side, side, 3)`."""
    if photos.shape[1] == side:
        return photos
    return _scaled(photos.permute(0, 3, 1, 2).float(), side).permute(0, 2, 3, 1).to(photos.dtype)


def _scaled(pixels: Tensor, side: int) -> Tensor:
    return interpolate(pixels, size=(side, side), mode="bilinear", align_corners=False).round()
