"""The coarse filter through open_clip: any of its models, from a local checkpoint.

Nothing is downloaded: the weights are a file or a folder that the user has. A folder
may name a tokenizer and configure it, but no code of its own is ever run.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn.functional import normalize

from engine.errors import PackError
from engine.models.once import once
from engine.models.torchvision_compat import import_torchvision
from engine.types import FloatArray, ImageFeatures, TextFeatures

LOCAL_FOLDER = "local-dir:"
CAPTION_BATCH = 64
_HINT = (
    "Give NAME=CHECKPOINT (for example ViT-B-32=/models/vit_b_32.safetensors; for OpenAI's weights the name"
    " ends in -quickgelu) or local-dir:FOLDER; a model with a tokenizer of its own, such as SigLIP, needs the"
    " folder, and the package transformers."
)
_CONFIG = "open_clip_config.json"
_CODE = "trust_remote_code"


class OpenClipEncoder:
    """An open_clip model as coarse encoder: embeddings of whole photos, no regions.

    Args:
        source: `NAME=CHECKPOINT` or `local-dir:FOLDER` (open_clip's own folder layout).
        device: A torch device name.

    Raises:
        PackError: The checkpoint or folder doesn't exist, or the source is malformed.
    """

    def __init__(self, source: str, device: str = "cpu") -> None:
        self._device = torch.device(device)
        self._lock = threading.RLock()
        self._name, self._weights = _parse(source)
        self._pack_id = f"openclip-{_label(self._name)}-{_fingerprint(self._weights)}"

    @property
    def pack_id(self) -> str:
        """Identity: the model's name with a digest of its checkpoint."""
        return self._pack_id

    @property
    def embed_dim(self) -> int:
        """Width of the embeddings."""
        return int(self.encode_text(["a"]).embeddings.shape[1])

    def prepare(self, image: Image.Image) -> NDArray[Any]:
        """Apply the model's own preprocessing: `(3, S, S)` float32."""
        array: FloatArray = self._model[1](image).numpy()
        return array

    def encode_images(self, batch: Sequence[NDArray[Any]]) -> ImageFeatures:
        """Encode prepared photos; there are no region codes."""
        if not batch:
            return ImageFeatures(np.zeros((0, self.embed_dim), np.float32))
        with torch.inference_mode():
            pixels = torch.from_numpy(np.stack(batch)).to(self._device)
            return ImageFeatures(_unit_rows(self._model[0].encode_image(pixels)))

    def encode_text(self, captions: Sequence[str]) -> TextFeatures:
        """Encode captions; there are no words."""
        model, _, tokenizer = self._model
        rows = []
        with torch.inference_mode():
            for start in range(0, len(captions), CAPTION_BATCH):
                tokens = tokenizer(list(captions[start : start + CAPTION_BATCH])).to(self._device)
                rows.append(_unit_rows(model.encode_text(tokens)))
        return TextFeatures(np.concatenate(rows) if rows else np.zeros((0, self.embed_dim), np.float32))

    def warm_up(self) -> None:
        """Load the model."""
        _ = self._model

    @once
    def _model(self) -> tuple[Any, Any, Any]:
        import_torchvision()
        import open_clip

        _never_ask_for_code()
        try:
            checkpoint = {"pretrained": str(self._weights)}
            if self._name.startswith(LOCAL_FOLDER):
                _refuse_code(self._weights / _CONFIG)
                checkpoint = {}
            model, _, transform = open_clip.create_model_and_transforms(
                self._name, **checkpoint, weights_only=True
            )
            tokenizer = open_clip.get_tokenizer(self._name)
        except PackError:
            raise
        except Exception as error:
            # open_clip raises a bare RuntimeError, KeyError or UnpicklingError for a bad
            # name or file: all of them are the user's to mend.
            raise PackError(
                f"open_clip can't load this model ({error}).", path=self._weights, hint=_HINT
            ) from error
        return model.eval().requires_grad_(False).to(self._device), transform, tokenizer


def _parse(source: str) -> tuple[str, Path]:
    """Split a source into open_clip's model name and the file or folder of its weights."""
    if source.startswith(LOCAL_FOLDER):
        weights = Path(source.removeprefix(LOCAL_FOLDER)).expanduser()
        if not weights.is_dir():
            raise PackError("this folder of an open_clip model doesn't exist.", path=weights, hint=_HINT)
        return f"{LOCAL_FOLDER}{weights}", weights
    name, separator, checkpoint = source.partition("=")
    # A name with a scheme is a place on the net, and open_clip would leave the checkpoint for it.
    if not (name and separator and checkpoint) or ":" in name:
        raise PackError(f"“{source}” doesn't name an open_clip model.", hint=_HINT)
    # The whole path: by a bare name, such as “openai”, open_clip means weights on the net.
    weights = Path(checkpoint).expanduser().absolute()
    if not weights.is_file():
        raise PackError("this open_clip checkpoint doesn't exist.", path=weights, hint=_HINT)
    return name, weights


def _refuse_code(config: Path) -> None:
    """Read a model folder's configuration, which open_clip hands on to transformers.

    Raises:
        PackError: It lets code of the folder, or of the net, run.
        OSError: It can't be read.
        ValueError: It is no JSON.
    """
    keys: set[str] = set()
    json.loads(config.read_text(encoding="utf-8"), object_hook=keys.update)
    if _CODE in keys:
        raise PackError(
            f"this model wants to run code of its own ({_CODE}), which is never allowed.",
            path=config,
            hint="Take another model, or remove that entry if the model does without.",
        )


def _never_ask_for_code() -> None:
    """Let transformers refuse models that bring code, where it would ask on the terminal."""
    with suppress(ImportError):
        from transformers import dynamic_module_utils

        dynamic_module_utils.TIME_OUT_REMOTE_CODE = 0  # no time to answer


def _label(name: str) -> str:
    return Path(name.removeprefix(LOCAL_FOLDER)).name if name.startswith(LOCAL_FOLDER) else name


def _fingerprint(weights: Path) -> str:
    """Digest what tells one checkpoint from another without reading gigabytes."""
    digest = hashlib.sha256()
    paths = sorted(p for p in weights.rglob("*") if p.is_file()) if weights.is_dir() else [weights]
    for path in paths:
        digest.update(f"{path.name} {path.stat().st_size} ".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 20))
            file.seek(max(0, path.stat().st_size - (1 << 20)))
            digest.update(file.read())
    return digest.hexdigest()[:12]


def _unit_rows(vectors: torch.Tensor) -> FloatArray:
    array: FloatArray = normalize(vectors.float(), dim=-1).cpu().numpy()
    return array
