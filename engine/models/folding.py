"""Batch norms folded into the convolutions before them.

Once a network's statistics are fixed, a batch norm is a factor and an offset per
channel, which the convolution can apply itself: the same numbers with fewer passes
over memory (on two cores here, a photo took less than half the time).
"""

from __future__ import annotations

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def fold_batch_norms(network: nn.Module) -> nn.Module:
    """Fold every batch norm that directly follows a convolution, in place, and return the network.

    A batch norm with an activation inside (timm's) leaves that activation behind. The
    modules of each block must be listed in the order in which they run, as timm's are.
    """
    convolution: tuple[str, nn.Conv2d] | None = None
    for name, child in list(network.named_children()):
        if isinstance(child, nn.Conv2d):
            convolution = name, child
        elif isinstance(child, nn.BatchNorm2d) and convolution is not None:
            fused = fuse_conv_bn_eval(convolution[1].eval(), child.eval())
            setattr(network, convolution[0], fused)
            setattr(network, name, getattr(child, "act", nn.Identity()))
            convolution = None
        elif not isinstance(child, nn.Identity):
            fold_batch_norms(child)
    return network
