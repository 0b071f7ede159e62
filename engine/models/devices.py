"""Where networks compute: the devices of this machine, and the choice among them."""

from __future__ import annotations

import torch

from engine.errors import KnownError
from engine.types import Device


def available_devices() -> tuple[Device, ...]:
    """Return the devices of this machine, the one that "auto" takes first."""
    found = []
    if torch.cuda.is_available():
        found.append(Device("cuda", torch.cuda.get_device_name()))
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple GPU"))
    return (*found, Device("cpu", "CPU"))


def choose_device(name: str) -> str:
    """Return the torch device for "auto", "cpu", "cuda" or "mps".

    Raises:
        KnownError: The device isn't there.
    """
    there = [device.name for device in available_devices()]
    if name == "auto":
        return there[0]
    if name not in there:
        raise KnownError(f"this machine has no device “{name}”.", hint="Use --device auto or cpu.")
    return name
