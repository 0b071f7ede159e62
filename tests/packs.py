"""A tiny model pack with random weights: the real code, small enough for every test."""

from __future__ import annotations

import string
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from engine.descriptions import bank
from engine.models import load_models
from engine.models.encoder import (
    HEADS,
    IMAGE_BACKBONE,
    SECOND_TOWER,
    TEXT_BACKBONE,
    TOKENIZER,
    image_heads,
    second_tower,
    text_backbone,
    text_heads,
)
from engine.models.image_backbone import ImageBackbone
from engine.models.models import SGRAF, similarity_encoder
from engine.models.packs import BANK, PackConfig, write_manifest
from engine.models.weights import prefixed, save_weights
from engine.training.export import save_bank

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
LETTERS = string.ascii_lowercase + string.digits
FUSION = {
    "coarse": 4.0,
    "rerank": 1.0,
    "bias": 0.0,
    "coarse_only": 5.0,
    "coarse_only_bias": 0.0,
    "cutoff": 0.5,
}

TINY = PackConfig(
    backbone="test_efficientnet",
    image_size=64,
    looks=2,
    second_backbone="test_efficientnet",
    second_size=48,
    region_towers=2,
    grid=2,
    cell_dim=256,
    concepts=10,
    text_vocab=len(SPECIAL) + 2 * len(LETTERS),
    text_dim=16,
    text_layers=1,
    text_heads=2,
    text_hidden=32,
    text_positions=96,
    max_words=64,
    embed_dim=24,
    query_bank=6,
    head_dim=16,
    head_queries=2,
    joint_dim=16,
    sim_dim=8,
    graph_steps=2,
)


def tiny_pack(folder: Path, *, seed: int = 0) -> Path:
    """Write a valid pack of random weights to `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        backbone = ImageBackbone(TINY.backbone, classes=TINY.concepts, concept_dim=TINY.text_dim)
        backbone.concept_names.normal_()
        heads = {"image.": image_heads(TINY), "text.": text_heads(TINY)}
        sgraf = {"sgr.": similarity_encoder(TINY, "SGR"), "saf.": similarity_encoder(TINY, "SAF")}
        save_weights(folder / IMAGE_BACKBONE, backbone.state_dict())
        other = second_tower(TINY)
        other.backbone.concept_names.normal_()
        save_weights(folder / SECOND_TOWER, other.state_dict())
        save_weights(folder / TEXT_BACKBONE, text_backbone(TINY).state_dict(), int8=["word.weight"])
    for name, modules in ((HEADS, heads), (SGRAF, sgraf)):
        save_weights(folder / name, prefixed(modules))
    tiny_tokenizer().save(str(folder / TOKENIZER))
    write_manifest(folder, name="tiny", config=TINY, fusion=FUSION)
    return folder


def carry_bank(folder: Path) -> Path:
    """Give a tiny pack the embeddings of the composed descriptions, as the bundled one has them."""
    embeddings = load_models(folder, device="cpu").pack.encode_text(bank()).embeddings
    save_bank(folder / BANK, bank(), embeddings)
    write_manifest(folder, name="tiny", config=TINY, fusion=FUSION)
    return folder


def tiny_tokenizer() -> Tokenizer:
    """Return a word-piece tokenizer whose pieces are single letters and digits."""
    pieces = [*SPECIAL, *LETTERS, *(f"##{c}" for c in LETTERS)]
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer
