"""Small files in the authors' formats, under the authors' names."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

IMG, WORD, EMBED, SIM, REGIONS = 12, 7, 16, 6, 9
WORDS = ["<pad>", "<start>", "<end>", "<unk>", "a", "dog", "cat", "runs", "sleeps", "red", "ball", "."]

Shapes = dict[str, tuple[int, ...]]


def image_shapes() -> Shapes:
    return {"fc.weight": (EMBED, IMG), "fc.bias": (EMBED,)}


def text_shapes(vocabulary: int = len(WORDS), directions: int = 2) -> Shapes:
    shapes: Shapes = {"embed.weight": (vocabulary, WORD)}
    for suffix in ("", "_reverse")[:directions]:
        shapes[f"cap_rnn.weight_ih_l0{suffix}"] = (3 * EMBED, WORD)
        shapes[f"cap_rnn.weight_hh_l0{suffix}"] = (3 * EMBED, EMBED)
        shapes[f"cap_rnn.bias_ih_l0{suffix}"] = (3 * EMBED,)
        shapes[f"cap_rnn.bias_hh_l0{suffix}"] = (3 * EMBED,)
    return shapes


def _linear(name: str, outputs: int, inputs: int) -> Shapes:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _norm(name: str, size: int) -> Shapes:
    shapes: Shapes = {f"{name}.{part}": (size,) for part in ("weight", "bias", "running_mean", "running_var")}
    return {**shapes, f"{name}.num_batches_tracked": ()}


def similarity_shapes(module: str) -> Shapes:
    shapes = {
        **_linear("v_global_w.embedding_local.0", EMBED, EMBED),
        **_norm("v_global_w.embedding_local.1", REGIONS),
        **_linear("v_global_w.embedding_global.0", EMBED, EMBED),
        **_norm("v_global_w.embedding_global.1", EMBED),
        **_linear("v_global_w.embedding_common.0", 1, EMBED),
        **_linear("t_global_w.embedding_local.0", EMBED, EMBED),
        **_linear("t_global_w.embedding_global.0", EMBED, EMBED),
        **_linear("t_global_w.embedding_common.0", 1, EMBED),
        **_linear("sim_tranloc_w", SIM, EMBED),
        **_linear("sim_tranglo_w", SIM, EMBED),
        **_linear("sim_eval_w", 1, SIM),
    }
    if module == "SAF":
        return {**shapes, **_linear("SAF_module.attn_sim_w", 1, SIM), **_norm("SAF_module.bn", 1)}
    for step in range(3):
        for part in ("graph_query_w", "graph_key_w", "sim_graph_w"):
            shapes.update(_linear(f"SGR_module.{step}.{part}", SIM, SIM))
    return shapes


def random_state(shapes: Shapes) -> dict[str, Tensor]:
    state = {name: torch.randn(shape) * 0.3 for name, shape in shapes.items()}
    for name in state:
        if name.endswith("running_var"):
            state[name] = torch.rand(shapes[name]) + 0.5
        elif name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(7)
    return state


def checkpoint(module: str, **options: Any) -> dict[str, Any]:
    """What the authors' train.py saves."""
    states = [random_state(shapes) for shapes in (image_shapes(), text_shapes(), similarity_shapes(module))]
    opt = argparse.Namespace(module_name=module, embed_size=EMBED, **options)
    return {"epoch": 3, "model": states, "best_rsum": 401.5, "opt": opt, "Eiters": 99}


def write_checkpoint(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def write_vocabulary(path: Path, words: list[str] = WORDS) -> Path:
    table = {
        "word2idx": {word: row for row, word in enumerate(words)},
        "idx2word": {str(row): word for row, word in enumerate(words)},
        "idx": len(words),
    }
    path.write_text(json.dumps(table), encoding="utf-8")
    return path


def write_split(folder: Path, split: str, images: int, *, repeated: bool = False) -> np.ndarray:
    """Write captions and regions of `images` images; return the regions, once each."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(images)
    regions = generator.standard_normal((images, REGIONS, IMG)).astype(np.float32)
    np.save(folder / f"{split}_ims.npy", np.repeat(regions, 5, axis=0) if repeated else regions)
    lines = [" ".join(generator.choice(WORDS[4:], generator.integers(1, 9))) for _ in range(5 * images)]
    (folder / f"{split}_caps.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return regions
