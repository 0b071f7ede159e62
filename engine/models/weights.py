"""Reading and writing weights as safetensors: float16, or int8 with a scale per row.

A tensor `name` stored as int8 is accompanied by `name.scale`, float16 of shape
`(rows, 1)`; its value is `int8 * scale`. Everything is float32 once loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from engine.errors import PackError

SCALE = ".scale"


def quantise_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return int8 codes `(rows, columns)` and float16 scales `(rows, 1)` of a matrix."""
    scale = (weight.abs().amax(dim=1, keepdim=True) / 127).clamp_min(1e-7).half()
    codes = (weight / scale.float()).round().clamp(-127, 127).to(torch.int8)
    return codes, scale


def save_weights(path: Path, state: Mapping[str, Tensor], *, int8: Collection[str] = ()) -> None:
    """Write a state dict; floats become float16, those named in `int8` become int8 rows."""
    stored: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if name in int8:
            stored[name], stored[name + SCALE] = quantise_rows(tensor.detach().float())
        elif tensor.is_floating_point():
            stored[name] = tensor.detach().half().contiguous()
        else:
            stored[name] = tensor.detach().contiguous()
    save_file(stored, path)


def load_weights(path: Path) -> dict[str, Tensor]:
    """Read a state dict written by `save_weights`, as float32.

    Raises:
        PackError: The file is missing or is not a safetensors file.
    """
    try:
        stored = load_file(path)
    except (OSError, SafetensorError) as error:
        raise PackError(
            "this weights file can't be read.", path=path, hint="Install Sgraffito again."
        ) from error
    state: dict[str, Tensor] = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE):
            continue
        scale = stored.get(name + SCALE)
        if scale is not None:
            state[name] = tensor.float() * scale.float()
        else:
            state[name] = tensor.float() if tensor.is_floating_point() else tensor
    return state


def prefixed(modules: Mapping[str, nn.Module]) -> dict[str, Tensor]:
    """Return one state dict of several modules, each under its prefix."""
    with torch.no_grad():
        return {
            prefix + name: tensor.cpu().contiguous()
            for prefix, module in modules.items()
            for name, tensor in module.state_dict().items()
        }


def part(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return what `prefixed` put under one prefix, under its own names again."""
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


def digest(state: Mapping[str, Tensor]) -> str:
    """Return a SHA-256 that changes with any weight of a state dict."""
    sha = hashlib.sha256()
    for name, tensor in sorted(state.items()):
        sha.update(name.encode())
        sha.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return sha.hexdigest()


def load_into(module: nn.Module, state: Mapping[str, Tensor], path: Path) -> None:
    """Load `state` into `module`, every key and shape checked.

    Raises:
        PackError: A weight is missing, unexpected, or of another shape.
    """
    try:
        module.load_state_dict(dict(state), strict=True)
    except RuntimeError as error:
        raise PackError(
            f"these weights don't fit the model: {error}", path=path, hint="Install Sgraffito again."
        ) from error
    module.eval().requires_grad_(False)
