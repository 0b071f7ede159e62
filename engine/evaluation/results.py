"""The figures of an evaluation, as they are printed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.recall import Recall


@dataclass(frozen=True, slots=True)
class BothDirections:
    """Recall from captions to photos and from photos to captions."""

    text_to_image: Recall
    image_to_text: Recall

    def to_json(self) -> dict[str, dict[str, object]]:
        """Return the figures as a JSON object."""
        return {"text_to_image": self.text_to_image.to_json(), "image_to_text": self.image_to_text.to_json()}


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation found.

    Attributes:
        images: Number of photos.
        captions: Number of captions.
        candidates: How many answers of the coarse filter SGRAF looked at.
        folds: Number of equal galleries that the photos were split into; figures are means.
        coarse: The coarse filter alone.
        rerank: SGRAF alone on the candidates.
        fused: The fused strength on the candidates.
    """

    images: int
    captions: int
    candidates: int
    folds: int
    coarse: BothDirections
    rerank: BothDirections
    fused: BothDirections

    def to_json(self) -> dict[str, object]:
        """Return the report as a JSON object."""
        return {
            "images": self.images,
            "captions": self.captions,
            "candidates": self.candidates,
            "folds": self.folds,
            "coarse": self.coarse.to_json(),
            "rerank": self.rerank.to_json(),
            "fused": self.fused.to_json(),
        }
