"""What was typed → a caption that can be encoded, or a sentence that says why not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from engine.errors import QueryError

MAX_WORDS = 64
MAX_WORD_LENGTH = 40
# Longer texts are pasted by mistake; cutting early keeps megabytes out of the loops below.
MAX_CHARACTERS = 20_000

_TYPOGRAPHIC = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": "...", "ʼ": "'"}
)


@dataclass(frozen=True, slots=True)
class Query:
    """A caption that is ready to be encoded.

    Attributes:
        caption: The words, tidied: at least one letter or digit, at most 64 words.
        notice: A sentence about what was left out, or "".
    """

    caption: str
    notice: str = ""


def parse_query(text: str) -> Query:
    """Tidy a typed caption.

    Unicode is brought into its compatibility form (NFKC), control characters and
    stray surrogates become spaces, letters of other scripts and emoji are left out
    with a notice, and a very long text is cut to its first words.

    Raises:
        QueryError: Nothing was typed, or nothing of it can be understood.
    """
    kept, left_out = _split(unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).translate(_TYPOGRAPHIC))
    words = kept.split()
    if not any(character.isalnum() for character in kept):
        if left_out:
            raise QueryError(
                "Descriptions work in English for now.",
                hint="Describe the photo in English words, such as “two dogs on a beach”.",
            )
        raise QueryError(
            "Type what is in the photo.", hint="A few plain words are enough, such as “two dogs on a beach”."
        )
    caption = " ".join(word[:MAX_WORD_LENGTH] for word in words[:MAX_WORDS])
    if not any(character.isalnum() for character in caption):
        raise QueryError("The first words hold no letters.", hint="Begin with what is in the photo.")
    shortened = len(words) > MAX_WORDS or len(text) > MAX_CHARACTERS
    shortened = shortened or any(len(word) > MAX_WORD_LENGTH for word in words)
    return Query(caption, " ".join(_notices(left_out, shortened)))


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


def _notices(left_out: list[str], shortened: bool) -> list[str]:
    notices = []
    if left_out:
        shown = ", ".join(piece[:20] for piece in left_out[:5]) + (", …" if len(left_out) > 5 else "")
        notices.append(f"Left out what isn't English: {shown}.")
    if shortened:
        notices.append(f"Only the first {MAX_WORDS} words were searched.")
    return notices
