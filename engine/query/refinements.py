"""The parts of a typed text that narrow a search: `folder:Trips`, `date:2019..2021`, `-beach`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from engine.filters import FILE_TYPES, Filters, Orientation
from engine.query.dates import parse_dates
from engine.query.words import normalised, tidied

Kind = Literal["not", "date", "folder", "camera", "type", "is", "has"]

_KEYS = tuple(kind for kind in get_args(Kind) if kind != "not")
_TERM = re.compile(
    rf"(?<!\S)(?:(?P<minus>-)(?:(?P<refused>{'|'.join(_KEYS)}):)?|(?P<key>{'|'.join(_KEYS)}):)"
    r'(?:"(?P<quoted>(?:[^"]|"")*)(?:"|\Z)|(?P<plain>\S*))',
    re.IGNORECASE | re.ASCII,  # without ASCII, "İs" would be "is"
)
_SHAPES: dict[str, Orientation] = {shape: shape for shape in get_args(Orientation)}
_STATES = {
    **dict.fromkeys(("favourite", "favorite", "favourites", "favorites"), "favourite"),
    **{shape: shape for shape in _SHAPES},
}
_POSSESSIONS = dict.fromkeys(("location", "place", "gps"), "location")
_HINTS = {
    "date": 'Try date:2019, date:2019-07, date:2019..2021 or date:"summer 2019".',
    "folder": "Name a folder, such as folder:Trips.",
    "camera": "Name a camera, such as camera:Pixel.",
    "type": f"Try type:{', type:'.join(FILE_TYPES)}.",
    "is": "Try is:favourite, is:portrait, is:landscape or is:square.",
    "has": "Try has:location.",
}


@dataclass(frozen=True, slots=True)
class Refinement:
    """One part of a text that narrows the search.

    Attributes:
        kind: What it is about; "not" leaves out what its value describes.
        value: What comes after the colon or the dash, without quotes.
        start: Where it begins in the normalised text.
        end: Where it ends there.
    """

    kind: Kind
    value: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """A normalised text, taken apart.

    Attributes:
        words: What is left for the caption.
        refinements: The parts that narrow the search, in order.
        problems: A sentence for each part that looks like one and can't be understood.
    """

    words: str
    refinements: tuple[Refinement, ...]
    problems: tuple[str, ...]


def take_apart(text: str) -> Terms:
    """Divide a normalised text into words and refinements."""
    words: list[str] = []
    found: list[Refinement] = []
    problems: list[str] = []
    place = 0
    for match in _TERM.finditer(text):
        value = _value_of(match)
        if match["minus"] and not match["refused"] and not tidied(value).caption[:1].isalnum():
            continue  # a dash between words, or before what is no word
        words.append(text[place : match.start()])
        place = match.end()
        refinement = _refinement(match, value)
        if refinement is None:
            problems.append(_problem(match))
        else:
            found.append(refinement)
    return Terms(" ".join([*words, text[place:]]), tuple(found), tuple(problems))


def refinements(text: str) -> tuple[Refinement, ...]:
    """Return the parts of a typed text that narrow the search, in order."""
    return take_apart(normalised(text)).refinements


def without(text: str, refinement: Refinement) -> str:
    """Return a typed text without one of its `refinements`."""
    text = normalised(text)
    return f"{text[: refinement.start].rstrip()} {text[refinement.end :].lstrip()}".strip()


def refinement_text(kind: str, value: str) -> str:
    """Return a refinement (a `Kind` and its value) as it is typed, in quotes where it needs them."""
    value = normalised(value)
    spaced = any(letter.isspace() for letter in value)
    if spaced or value.startswith('"') or (kind == "not" and ":" in value):  # -date:x excludes no words
        value = '"' + value.replace('"', '""') + '"'
    return f"-{value}" if kind == "not" else f"{kind}:{value}"


def refining_text(text: str) -> str:
    """Return only the parts of a typed text that narrow the search."""
    return " ".join(refinement_text(found.kind, found.value) for found in refinements(text))


def words_text(text: str) -> str:
    """Return a typed text without the parts that narrow the search."""
    return " ".join(take_apart(normalised(text)).words.split())


def filters_of(found: Sequence[Refinement]) -> Filters:
    """Return what refinements ask for, besides the words they leave out."""

    def values(kind: Kind) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.value for one in found if one.kind == kind))

    spans = (parse_dates(value) for value in values("date"))
    states = values("is")
    return Filters(
        dates=tuple(dict.fromkeys(span for span in spans if span is not None)),
        folders=values("folder"),
        cameras=values("camera"),
        types=values("type"),
        orientations=tuple(_SHAPES[state] for state in states if state in _SHAPES),
        favourite="favourite" in states,
        located=bool(values("has")),
    )


def _value_of(match: re.Match[str]) -> str:
    quoted, plain = match["quoted"], match["plain"]
    return (plain if quoted is None else quoted.replace('""', '"')).strip()


def _refinement(match: re.Match[str], value: str) -> Refinement | None:
    """Return what a match means, with its value in one spelling, or None."""
    if match["refused"]:
        return None
    kind: Kind = "not" if match["minus"] else _kind(match["key"])
    understood: str | None = value
    if kind == "not":
        understood = tidied(value).caption
    elif kind == "date":
        understood = value if parse_dates(value) else None
    elif kind == "type":
        suffix = value.lower().removeprefix(".")
        understood = next((name for name, suffixes in FILE_TYPES.items() if suffix in suffixes), None)
    elif kind in ("is", "has"):
        understood = (_STATES if kind == "is" else _POSSESSIONS).get(value.lower())
    return Refinement(kind, understood, *match.span()) if understood else None


def _kind(key: str) -> Kind:
    return next(kind for kind in get_args(Kind) if kind == key.lower())


def _problem(match: re.Match[str]) -> str:
    shown = match[0] if len(match[0]) <= 40 else match[0][:39] + "…"
    if match["refused"]:
        return f"“{shown}” was left out: only words can be excluded, such as -beach."
    return f"“{shown}” is not understood. {_HINTS[match['key'].lower()]}"
