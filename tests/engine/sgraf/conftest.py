"""Small random networks and vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn

from engine.sgraf import SimilarityConfig, SimilarityEncoder
from engine.sgraf.alignment import l2norm

EMBED, SIM, REGIONS = 24, 10, 9


@pytest.fixture(autouse=True)
def _one_thread_one_seed() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(11)
    yield
    torch.set_num_threads(threads)


def liven(network: nn.Module) -> None:
    """Give batch norms statistics and all biases values, as training would."""
    for name, tensor in network.state_dict().items():
        if name.endswith(("bias", "running_mean")):
            tensor.normal_(std=0.2)
        elif name.endswith("running_var") or (tensor.dim() == 1 and name.endswith("weight")):
            tensor.uniform_(0.5, 1.5)


@pytest.fixture
def make_encoder() -> Callable[..., SimilarityEncoder]:
    def make(module: str, **sizes: int) -> SimilarityEncoder:
        shape = {"embed_size": EMBED, "sim_dim": SIM, "regions": REGIONS, **sizes}
        encoder = SimilarityEncoder(SimilarityConfig(module=module, **shape))
        liven(encoder)
        return encoder.eval()

    return make


@pytest.fixture(params=["SGR", "SAF"])
def encoder(
    request: pytest.FixtureRequest, make_encoder: Callable[..., SimilarityEncoder]
) -> SimilarityEncoder:
    return make_encoder(request.param)


@pytest.fixture
def photos() -> Tensor:
    """(7, 9, 24) unit rows."""
    return l2norm(torch.randn(7, REGIONS, EMBED))


@pytest.fixture
def captions() -> tuple[Tensor, Tensor]:
    """Words (6, 8, 24), meaningless beyond each caption's length, and lengths (6,)."""
    lengths = torch.tensor([8, 1, 5, 5, 3, 7])
    return l2norm(torch.randn(6, 8, EMBED)), lengths
