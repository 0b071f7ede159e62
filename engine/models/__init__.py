"""Model packs and encoders: photos and captions → vectors."""

from __future__ import annotations

from engine.models.encoder import Encoder
from engine.models.models import Models, choose_device, load_models

__all__ = ["Encoder", "Models", "choose_device", "load_models"]
