"""The few facts about English that the benchmarks need: kinds of words, and ways to alter a caption.

Word lists instead of a tagger: they need no download and everyone can check them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

FUNCTION_WORDS = frozenset(
    (
        *("a", "an", "the", "this", "that", "these", "those", "some", "any", "each", "every"),
        *("all", "both", "no", "not", "and", "or", "but", "nor", "so", "as", "than", "if", "of"),
        *("in", "on", "at", "by", "to", "from", "for", "with", "without", "into", "onto", "upon"),
        *("over", "under", "above", "below", "between", "among", "through", "across", "along"),
        *("around", "behind", "beside", "near", "past", "off", "up", "down", "out", "about"),
        *("against", "during", "while", "after", "before", "toward", "towards", "inside"),
        *("outside", "within", "it", "its", "he", "his", "him", "she", "her", "they", "their"),
        *("them", "we", "our", "us", "you", "your", "i", "my", "me", "who", "whom", "whose"),
        *("which", "what", "where", "when", "there", "here", "is", "are", "was", "were", "be"),
        *("been", "being", "am", "has", "have", "had", "do", "does", "did", "can", "could"),
        *("will", "would", "may", "might", "must", "shall", "should", "s", "t", "re", "ve", "ll"),
    )
)
COLOURS = (
    *("red", "blue", "green", "yellow", "black", "white", "brown", "pink", "purple", "orange", "gray"),
    *("grey", "tan", "blond", "blonde"),
)
NUMBERS = ("two", "three", "four", "five", "six", "seven")
SAME = ({"gray", "grey"}, {"blond", "blonde"}, {"blond", "tan"}, {"blonde", "tan"})
NOUNS = (
    *("dog", "man", "woman", "boy", "girl", "child", "person", "baby", "kid", "lady", "guy", "player"),
    *("ball", "shirt", "jacket", "hat", "bike", "bicycle", "horse", "cat", "bird", "car", "boat", "truck"),
    *("tree", "rock", "mountain", "hill", "house", "building", "street", "road", "beach", "wave", "pool"),
    *("field", "park", "bench", "chair", "table", "toy", "stick", "flower", "guitar", "camera", "helmet"),
    *("sign", "wall", "fence", "rope", "tent", "bag", "skateboard", "surfboard", "swing", "slide", "trick"),
)
IRREGULAR = {"man": "men", "woman": "women", "child": "children", "person": "people"}

Alteration: TypeAlias = Callable[[str, np.random.Generator], str | None]


def words_of(caption: str) -> list[str]:
    """Return the words of a caption, lower-cased."""
    return re.findall(r"[a-z]+", caption.lower())


def is_content(word: str) -> bool:
    """Return whether a word names or describes something."""
    return word.isalpha() and word not in FUNCTION_WORDS


def plural(noun: str) -> str:
    """Return the plural of a noun by the school rules."""
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + "s"


OTHER_NUMBER = {noun: plural(noun) for noun in NOUNS} | {plural(noun): noun for noun in NOUNS}


def misspelt(caption: str, rng: np.random.Generator) -> str | None:
    """Swap two neighbouring letters of one content word of four letters or more."""
    places = [
        (found.start() + i)
        for found in re.finditer(r"[A-Za-z]{4,}", caption)
        if is_content(found.group().lower())
        for i in range(len(found.group()) - 1)
        if found.group()[i].lower() != found.group()[i + 1].lower()
    ]
    if not places:
        return None
    at = int(rng.choice(places))
    return caption[:at] + caption[at + 1] + caption[at] + caption[at + 2 :]


def other_number(caption: str, rng: np.random.Generator) -> str | None:
    """Put one noun into the plural, or back into the singular."""
    return _replace_one(caption, {noun: (other,) for noun, other in OTHER_NUMBER.items()}, rng)


def upper(caption: str, rng: np.random.Generator) -> str | None:
    """Write everything in capitals."""
    return caption.upper()


def lower(caption: str, rng: np.random.Generator) -> str | None:
    """Write everything in small letters."""
    return caption.lower()


def unpunctuated(caption: str, rng: np.random.Generator) -> str | None:
    """Leave out whatever is neither letter, digit nor space; None where there is nothing to leave out."""
    bare = " ".join(re.sub(r"[^\w\s]", " ", caption).split())
    return bare if bare != caption else None


def other_colour(caption: str, rng: np.random.Generator) -> str | None:
    """Name another colour."""
    present = set(words_of(caption))
    choices = {
        colour: tuple(
            other for other in COLOURS if other not in present and not any({colour, other} <= s for s in SAME)
        )
        for colour in COLOURS
    }
    return _replace_one(caption, choices, rng)


def other_count(caption: str, rng: np.random.Generator) -> str | None:
    """Name another number of things."""
    present = set(words_of(caption))
    return _replace_one(caption, {n: tuple(o for o in NUMBERS if o not in present) for n in NUMBERS}, rng)


def other_side(caption: str, rng: np.random.Generator) -> str | None:
    """Exchange left and right, where they name a side ("left" may also be a verb)."""
    side = r"\b(the|his|her|its|their|far|to|from|on)\s+(left|right)\b"
    swapped = re.sub(
        side,
        lambda found: f"{found.group(1)} {'right' if found.group(2).lower() == 'left' else 'left'}",
        caption,
        flags=re.IGNORECASE,
    )
    return swapped if swapped != caption else None


def _replace_one(caption: str, choices: dict[str, Sequence[str]], rng: np.random.Generator) -> str | None:
    """Return the caption with one of the words in `choices`, drawn at random, replaced."""
    found = [m for m in re.finditer(r"[A-Za-z]+", caption) if choices.get(m.group().lower())]
    if not found:
        return None
    chosen = found[int(rng.integers(len(found)))]
    return (
        caption[: chosen.start()] + str(rng.choice(choices[chosen.group().lower()])) + caption[chosen.end() :]
    )
