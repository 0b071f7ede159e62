from __future__ import annotations

import torch
from torch import nn

from engine.models.folding import fold_batch_norms
from engine.models.image_backbone import timm_network


def lively(network: nn.Module) -> nn.Module:
    """Give every batch norm statistics and factors that matter."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 2)
            nn.init.normal_(module.bias)
    return network.eval()


@torch.inference_mode()
def test_a_folded_network_gives_the_same_features_without_batch_norms() -> None:
    torch.manual_seed(0)
    network = lively(timm_network("test_efficientnet", 10))
    photos = torch.randn(2, 3, 64, 64)
    expected = network.forward_features(photos)  # type: ignore[operator]
    folded = fold_batch_norms(network)
    torch.testing.assert_close(folded.forward_features(photos), expected, rtol=1e-3, atol=1e-3)  # type: ignore[operator]
    assert not [m for m in folded.modules() if isinstance(m, nn.BatchNorm2d)]


@torch.inference_mode()
def test_activations_outside_and_batch_norms_on_their_own_stay() -> None:
    torch.manual_seed(0)
    network = lively(nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU()))
    photos = torch.randn(2, 3, 8, 8)
    expected = network(photos)
    folded = fold_batch_norms(network)
    torch.testing.assert_close(folded(photos), expected, rtol=1e-4, atol=1e-5)
    assert [type(m).__name__ for m in folded] == ["BatchNorm2d", "Conv2d", "Identity", "ReLU"]  # type: ignore[attr-defined]
