"""SGRAF: similarity graph reasoning and attention filtration between photos and captions."""

from engine.sgraf.network import SimilarityConfig, SimilarityEncoder

__all__ = ["SimilarityConfig", "SimilarityEncoder"]
