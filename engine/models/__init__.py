"""Model packs and encoders: photos and captions → vectors."""

from __future__ import annotations

from engine.models.card import read_card
from engine.models.devices import available_devices, choose_device
from engine.models.encoder import Encoder
from engine.models.models import Models, load_models

__all__ = ["Encoder", "Models", "available_devices", "choose_device", "load_models", "read_card"]
