"""The authors' checkpoints: read without running anything in them, checked to the last shape."""

from __future__ import annotations

import argparse
import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import PackError
from engine.sgraf.network import SimilarityConfig, SimilarityEncoder
from engine.sgraf.regions import RegionProjection
from engine.sgraf.text import WordEncoder

_HINT = "Choose a checkpoint that the SGRAF authors' train.py has saved (model_best.pth.tar)."
_REGION_NAMES = {r"fc\.": "linear."}
_WORD_NAMES = {r"embed\.": "embed.", r"cap_rnn\.": "gru."}
_SIMILARITY_NAMES = {
    r"v_global_w\.": "region_attention.",
    r"t_global_w\.": "word_attention.",
    r"embedding_local\.0\.": "local.",
    r"embedding_local\.1\.": "local_norm.",
    r"embedding_global\.0\.": "average.",
    r"embedding_global\.1\.": "average_norm.",
    r"embedding_common\.0\.": "weigh.",
    r"sim_tranloc_w\.": "local.",
    r"sim_tranglo_w\.": "whole.",
    r"sim_eval_w\.": "score.",
    r"SGR_module\.": "reasoning.steps.",
    r"graph_query_w\.": "query.",
    r"graph_key_w\.": "key.",
    r"sim_graph_w\.": "update.",
    r"SAF_module\.attn_sim_w\.": "reasoning.weigh.",
    r"SAF_module\.bn\.": "reasoning.norm.",
}


@dataclass(frozen=True)
class OfficialModel:
    """The three networks of one checkpoint, in eval mode.

    Attributes:
        path: The checkpoint.
        regions: Precomputed features to region vectors.
        words: Tokens to word vectors.
        similarity: Vectors to similarities.
    """

    path: Path
    regions: RegionProjection
    words: WordEncoder
    similarity: SimilarityEncoder

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.similarity.score.weight.device

    def to(self, device: str) -> OfficialModel:
        """Move the networks to `device`, and return self."""
        for network in (self.regions, self.words, self.similarity):
            network.to(device)
        return self


def read_checkpoint(path: Path) -> OfficialModel:
    """Read a checkpoint, its sizes taken from the shapes of its weights.

    Raises:
        PackError: The file is missing, damaged, holds code, or isn't an SGRAF checkpoint.
    """
    content = _load(path)
    states = content.get("model") if isinstance(content, Mapping) else None
    if not isinstance(states, list | tuple) or len(states) != 3:
        raise PackError("this is not a checkpoint of three state dicts.", path=path, hint=_HINT)
    options = content.get("opt")
    image, text, similarity = (_State(path, state) for state in states)
    embed_size, img_dim = image.shape("fc.weight", 2)
    model = OfficialModel(
        path,
        RegionProjection(img_dim, embed_size, normalise=not getattr(options, "no_imgnorm", False)),
        _word_encoder(text, normalise=not getattr(options, "no_txtnorm", False)),
        SimilarityEncoder(_similarity_config(similarity)),
    )
    image.load_into(model.regions, _REGION_NAMES)
    text.load_into(model.words, _WORD_NAMES)
    similarity.load_into(model.similarity, _SIMILARITY_NAMES)
    return model


def _load(path: Path) -> Any:
    if not path.is_file():
        raise PackError("there is no such checkpoint.", path=path, hint=_HINT)
    try:
        with torch.serialization.safe_globals([argparse.Namespace]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise PackError(
            "this checkpoint holds more than weights, or is damaged; nothing in it was run.",
            path=path,
            hint=_HINT,
        ) from error
    except Exception as error:  # a damaged archive makes torch raise almost anything
        raise PackError("this file can't be read as a checkpoint.", path=path, hint=_HINT) from error


class _State:
    """One state dict under the authors' names, not trusted yet."""

    def __init__(self, path: Path, state: object) -> None:
        if not isinstance(state, Mapping) or not all(isinstance(value, Tensor) for value in state.values()):
            raise PackError("this is not a checkpoint of three state dicts.", path=path, hint=_HINT)
        self.path = path
        self.weights: dict[str, Tensor] = {str(name): value for name, value in state.items()}

    def shape(self, name: str, axes: int) -> tuple[int, ...]:
        """Return the shape of a weight that must be there."""
        weight = self.weights.get(name)
        if weight is None:
            raise PackError(f"the checkpoint lacks the weight “{name}”.", path=self.path, hint=_HINT)
        if weight.dim() != axes or not weight.numel():
            raise PackError(f"the weight “{name}” has the wrong shape.", path=self.path, hint=_HINT)
        return tuple(weight.shape)

    def load_into(self, network: nn.Module, names: Mapping[str, str]) -> None:
        """Copy the weights into `network`; every name and every shape must agree."""
        renamed = {_rename(name, names): (name, weight) for name, weight in self.weights.items()}
        expected = network.state_dict()
        if missing := sorted(expected.keys() - renamed.keys()):
            raise PackError(
                f"the checkpoint lacks the weight for “{missing[0]}”.", path=self.path, hint=_HINT
            )
        if unknown := sorted(renamed.keys() - expected.keys()):
            name = renamed[unknown[0]][0]
            raise PackError(f"the checkpoint has an unknown weight “{name}”.", path=self.path, hint=_HINT)
        for ours, (name, weight) in renamed.items():
            if weight.shape != expected[ours].shape:
                raise PackError(
                    f"the weight “{name}” has the shape {tuple(weight.shape)}, "
                    f"not {tuple(expected[ours].shape)}.",
                    path=self.path,
                    hint=_HINT,
                )
            if not weight.isfinite().all():
                raise PackError(f"the weight “{name}” holds values that are not numbers.", path=self.path)
        network.load_state_dict({ours: weight for ours, (_, weight) in renamed.items()})
        network.eval().requires_grad_(False)


def _rename(name: str, names: Mapping[str, str]) -> str:
    for theirs, ours in names.items():
        name = re.sub(rf"(^|(?<=\.)){theirs}", ours, name, count=1)
    return name


def _word_encoder(state: _State, *, normalise: bool) -> WordEncoder:
    vocabulary, word_dim = state.shape("embed.weight", 2)
    embed_size = state.shape("cap_rnn.weight_hh_l0", 2)[1]
    layers = sum(1 for name in state.weights if re.fullmatch(r"cap_rnn\.weight_ih_l\d+", name))
    both = "cap_rnn.weight_ih_l0_reverse" in state.weights
    return WordEncoder(
        vocabulary, word_dim, embed_size, layers=layers, bidirectional=both, normalise=normalise
    )


def _similarity_config(state: _State) -> SimilarityConfig:
    sim_dim, embed_size = state.shape("sim_tranloc_w.weight", 2)
    (regions,) = state.shape("v_global_w.embedding_local.1.weight", 1)
    steps = {match[1] for name in state.weights if (match := re.match(r"SGR_module\.(\d+)\.", name))}
    return SimilarityConfig(
        embed_size=embed_size,
        sim_dim=sim_dim,
        regions=regions,
        module="SGR" if steps else "SAF",
        graph_steps=len(steps),
    )
