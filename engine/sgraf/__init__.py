"""SGRAF: similarity graph reasoning and attention filtration between photos and captions."""

from engine.sgraf.fusion import Fusion
from engine.sgraf.network import SimilarityConfig, SimilarityEncoder
from engine.sgraf.regions import RegionCodec
from engine.sgraf.reranker import Reranker

__all__ = ["Fusion", "RegionCodec", "Reranker", "SimilarityConfig", "SimilarityEncoder"]
