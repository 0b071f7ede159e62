"""Why a photo matched, in words: how much each word decided, and one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.phrases import tr
from app.word_light import WordLight
from engine import Explanation

Decided = Literal["much", "some", "little"]

MUCH = 0.66  # of what the word that decided most did
SOME = 0.33
NAMED = 3  # words in the sentence
ARTICLES = frozenset(["a", "an", "the", "this", "that", "these", "those"])
_LITTLE = (
    "and or is are",
    "in on at of to by for from with into over near",
)
LITTLE_WORDS = ARTICLES.union(*(words.split() for words in _LITTLE))


@dataclass(frozen=True, slots=True, eq=False)
class WordReason:
    """What one word of a caption did for a photo.

    Attributes:
        word: As it was typed, in small letters.
        share: How much it decided, against the word that decided most: 0 to 1.
        light: Where in the photo it was found.
    """

    word: str
    share: float
    light: WordLight

    @property
    def decided(self) -> Decided:
        """How much it decided, in a word."""
        return "much" if self.share >= MUCH else "some" if self.share >= SOME else "little"

    @property
    def spoken(self) -> str:
        """The word and how much it decided, as a screen reader says it."""
        text = {
            "much": tr("{word}, decided much"),
            "some": tr("{word}, decided some"),
            "little": tr("{word}, decided little"),
        }[self.decided]
        return text.format(word=self.word)


def reasons_of(explanation: Explanation) -> tuple[WordReason, ...]:
    """Return what each word did, in the order of the caption (on a worker).

    An article stands for the words that follow, as the network reads it in context: what
    "the" of "the dog" decided counts for "dog".
    """
    weights = _passed_on(explanation.words, explanation.weights.tolist())
    most = max(weights, default=0.0) or 1.0
    return tuple(
        WordReason(word, weight / most, WordLight.of(grid.tolist()))
        for word, weight, grid in zip(explanation.words, weights, explanation.maps, strict=True)
    )


def _passed_on(words: Sequence[str], weights: Sequence[float]) -> list[float]:
    """Return weights with those of articles given to the next word that is none."""
    given, carried = list(weights), 0.0
    last = max((at for at, word in enumerate(words) if word not in ARTICLES), default=-1)
    for at in range(last + 1):
        if words[at] in ARTICLES:
            carried, given[at] = carried + given[at], 0.0
        else:
            given[at], carried = given[at] + carried, 0.0
    return given


def found_by(reasons: tuple[WordReason, ...]) -> tuple[str, ...]:
    """Return the words that a photo was found by most, in quotation marks.

    Words like "the" say nothing to a reader, so they are named only where there is no other.
    """
    telling = [reason for reason in reasons if reason.word not in LITTLE_WORDS] or list(reasons)
    ranked = sorted(telling, key=lambda reason: -reason.share)
    most = ranked[0].share if ranked else 0.0
    named = list(dict.fromkeys(reason.word for reason in ranked if reason.share >= MUCH * most))[:NAMED]
    return tuple(tr("“{word}”").format(word=word) for word in named)


def sentence(reasons: tuple[WordReason, ...]) -> str:
    """Return "Found mostly by “snowman” and “kids”."."""
    quoted = found_by(reasons)
    if not quoted:
        return ""
    if len(quoted) == 1:
        return tr("Found mostly by {word}.").format(word=quoted[0])
    text = tr("Found mostly by {words} and {last}.")
    return text.format(words=", ".join(quoted[:-1]), last=quoted[-1])
