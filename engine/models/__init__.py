"""Model packs and encoders: photos and captions → vectors."""

from __future__ import annotations

import os

from engine.models.card import read_card
from engine.models.devices import available_devices, choose_device
from engine.models.encoder import Encoder
from engine.models.models import Models, load_models

# huggingface_hub reads this once, when timm or open_clip import it: a tokenizer that is not
# there would be fetched.
os.environ["HF_HUB_OFFLINE"] = "1"

__all__ = ["Encoder", "Models", "available_devices", "choose_device", "load_models", "read_card"]
