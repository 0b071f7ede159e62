from __future__ import annotations

import pytest
import torch
from torch import nn

from engine.models.clipping import QuickReLU6, with_quick_activations
from engine.models.image_backbone import timm_network
from tests.packs import TINY

DTYPES = (torch.float32, torch.bfloat16, torch.float16)


def every_number() -> torch.Tensor:
    """Every bfloat16 number that is not NaN."""
    bits = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16)
    numbers = bits.view(torch.bfloat16)
    return numbers[~numbers.isnan()]


def test_clipped_bits_are_clipped_numbers() -> None:
    numbers = every_number()
    expected = nn.ReLU6()(numbers.clone())
    values = numbers.clone()
    assert torch.equal(QuickReLU6()(values), expected)
    assert torch.equal(values, expected)  # in place


@pytest.mark.parametrize("dtype", DTYPES)
def test_values_and_gradients_are_those_of_relu6(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    photos = (4 * torch.randn(2, 3, 5, 7)).to(dtype).contiguous(memory_format=torch.channels_last)
    photos[0, 0, 0, :3] = torch.tensor([0.0, 6.0, -0.0])
    passed = torch.randn(2, 3, 5, 7).to(dtype)
    found = []
    for layer in (nn.ReLU6(), QuickReLU6()):
        given = photos.clone().requires_grad_(True)
        values = layer(given * 1)  # a leaf can't be changed in place
        values.backward(passed)
        found.append((values.detach(), given.grad))
    for ours, theirs in zip(*found, strict=True):
        assert ours is not None
        assert theirs is not None
        assert torch.equal(ours, theirs)


def test_a_network_answers_as_before() -> None:
    torch.manual_seed(0)
    network = timm_network(TINY.backbone, 10).eval().to(torch.bfloat16)
    network.bn1.act = nn.ReLU6()
    photos = torch.randn(2, 3, 64, 64, dtype=torch.bfloat16)
    with torch.inference_mode():
        expected = network(photos)
        with_quick_activations(network)
        assert isinstance(network.bn1.act, QuickReLU6)
        assert torch.equal(network(photos), expected)


def test_no_relu6_is_left_in_a_network() -> None:
    network = with_quick_activations(timm_network("tf_efficientnet_lite0", 10))
    kinds = [type(module) for module in network.modules()]
    assert nn.ReLU6 not in kinds
    assert kinds.count(QuickReLU6) > 30
