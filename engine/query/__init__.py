"""From a typed text to a query, and back: "dog -beach folder:Trips date:2019..2021"."""

from engine.query.parse import Query, parse_query
from engine.query.refinements import (
    Refinement,
    refinement_text,
    refinements,
    refining_text,
    without,
    words_text,
)
from engine.query.words import MAX_WORD_LENGTH, MAX_WORDS, plain_caption

__all__ = [
    "MAX_WORDS",
    "MAX_WORD_LENGTH",
    "Query",
    "Refinement",
    "parse_query",
    "plain_caption",
    "refinement_text",
    "refinements",
    "refining_text",
    "without",
    "words_text",
]
