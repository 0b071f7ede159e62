"""Typed words → a caption that can be encoded, or a sentence that says why not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from engine.errors import QueryError
from engine.filters import plain_spelling

MAX_WORDS = 64
MAX_WORD_LENGTH = 40
# Longer texts are pasted by mistake; cutting early keeps megabytes out of the loops below.
MAX_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Tidied:
    """Words made fit for the encoders.

    Attributes:
        caption: At most 64 words, or "" where no word can be searched for.
        left_out: The pieces in other scripts that are missing from it.
        shortened: Whether words beyond the limit are missing from it.
        clipped: Whether the ends of very long words are missing from it.
    """

    caption: str
    left_out: tuple[str, ...] = ()
    shortened: bool = False
    clipped: bool = False


def normalised(text: str) -> str:
    """Return a typed text in its plain spelling, of a length that can be handled."""
    return plain_spelling(text[:MAX_CHARACTERS])


def tidied(text: str) -> Tidied:
    """Tidy words that `normalised` has been through.

    Letters of other scripts and emoji are left out, and a very long text is cut to its
    first words.
    """
    kept, left_out = _split(text)
    words = kept.split()
    caption = " ".join(word[:MAX_WORD_LENGTH] for word in words[:MAX_WORDS])
    clipped = any(len(word) > MAX_WORD_LENGTH for word in words[:MAX_WORDS])
    return Tidied(caption if has_letters(caption) else "", tuple(left_out), len(words) > MAX_WORDS, clipped)


def has_letters(text: str) -> bool:
    """Return whether a text holds a letter or a digit."""
    return any(letter.isalnum() for letter in text)


def plain_caption(text: str) -> str:
    """Return a text that is a caption from beginning to end, tidied.

    Raises:
        QueryError: Nothing of it can be understood.
    """
    words = tidied(normalised(text))
    if not words.caption:
        raise refusal(words)
    return words.caption


def refusal(words: Tidied) -> QueryError:
    """Return why words without a caption can't be searched for, in words that help."""
    if words.shortened or words.clipped:
        return QueryError("The first words hold no letters.", hint="Begin with what is in the photo.")
    if words.left_out:
        return QueryError(
            "Descriptions work in English for now.",
            hint="Describe the photo in English words, such as “two dogs on a beach”.",
        )
    return QueryError(
        "Type what is in the photo.", hint="A few plain words are enough, such as “two dogs on a beach”."
    )


def notices(words: Tidied, *, cut: bool) -> list[str]:
    """Return what the user should know about words that are missing from a caption."""
    said = []
    if words.left_out:
        shown = ", ".join(piece[:20] for piece in words.left_out[:5])
        said.append(f"Left out what isn't English: {shown}{', …' if len(words.left_out) > 5 else ''}.")
    if words.shortened or cut:
        said.append(f"Only the first {MAX_WORDS} words were searched.")
    if words.clipped:
        said.append(f"Only the first {MAX_WORD_LENGTH} letters of a very long word were searched.")
    return said


def _split(text: str) -> tuple[str, list[str]]:
    """Return the text with spaces for what can't be understood, and the foreign pieces."""
    kept, pieces = [], [""]
    for character in text:
        kind = _kind(character)
        kept.append(character if kind == "known" else "" if kind == "joiner" else " ")
        if kind == "foreign":
            pieces[-1] += character
        elif kind != "joiner" and pieces[-1]:
            pieces.append("")
    return "".join(kept), [piece for piece in dict.fromkeys(pieces) if piece]


def _kind(character: str) -> str:
    """Classify one character: "known", "space", "joiner" (invisible) or "foreign"."""
    if " " <= character <= "~":
        return "known"
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf") or character == "\ufe0f":
        return "joiner"
    if category[0] in "ZC" and category not in ("Cn", "Co"):
        return "space"
    if category[0] == "L":
        return "known" if unicodedata.name(character, "").startswith("LATIN") else "foreign"
    return "space" if category[0] == "P" else "foreign"
