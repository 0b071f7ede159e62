"""What the grid can be asked to show, and the places one can go back to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from engine import Month, Picture, Query, QueryError, Results, parse_query, words_text


@dataclass(frozen=True, slots=True)
class Browse:
    """The whole library, newest first."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Photos that fit a text: a sentence, what narrows it, or both."""

    text: str


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Photos with the colours and shapes of one (`name` is its file's), among those that fit `within`."""

    photo_id: int
    name: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class DescribedAlike:
    """Photos that would be described like one (`name` is its file's), among those that fit `within`."""

    photo_id: int
    name: str
    descriptions: tuple[str, ...]
    within: str = ""


@dataclass(frozen=True, slots=True)
class LikePicture:
    """Photos with the colours and shapes of a picture from outside, among those that fit `within`.

    Attributes:
        picture: Its pixels.
        name: What the user would call it.
        within: What narrows it.
        notice: A sentence on how it was chosen.
    """

    picture: Picture
    name: str
    within: str = ""
    notice: str = field(default="", compare=False)


Alike: TypeAlias = LookAlikes | DescribedAlike | LikePicture
Question: TypeAlias = Browse | Caption | Alike


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a question.

    Attributes:
        question: What was asked.
        photo_ids: The photos, in order, where there are no words that some fit better.
        months: The months that those fall into.
        results: The hits of every other question.
        notice: A sentence for the user that is not in the results.
        first: Whether it is the first answer to its question (a better order may follow).
        last: Whether nothing better follows.
    """

    question: Question
    photo_ids: tuple[int, ...] = ()
    months: tuple[Month, ...] = ()
    results: Results | None = None
    notice: str = ""
    first: bool = True
    last: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where one was.

    Attributes:
        question: What was shown.
        scroll: How far one had scrolled, in pixels.
        selected: The photo that was selected.
        weaker: Whether the weaker matches were unfolded.
    """

    question: Question
    scroll: int = 0
    selected: int | None = None
    weaker: bool = False


def text_of(question: Question) -> str:
    """Return what stands in the search field with a question."""
    if isinstance(question, Browse):
        return ""
    return question.text if isinstance(question, Caption) else question.within


def narrowed(question: Alike, text: str) -> Alike:
    """Return the question after photos like the same one, among those that fit a text."""
    if isinstance(question, LikePicture):
        return replace(question, within=text, notice="")
    return replace(question, within=text)


def query_of(question: Question) -> Query | None:
    """Return a question's text as the engine reads it, or None where there is nothing to read."""
    try:
        return parse_query(text_of(question))
    except QueryError:
        return None


def description_of(question: Question) -> str:
    """Return the text with the description that a question looks for; "" where there are no words."""
    return question.text if isinstance(question, Caption) and words_text(question.text) else ""


def needs_models(question: Question) -> bool:
    """Return whether a question can't be answered before the models are loaded."""
    query = query_of(question)
    narrows_only = isinstance(question, Caption) and query is not None and not query.caption
    return not isinstance(question, Browse) and (not narrows_only or bool(query and query.excluded))


class History:
    """The places to go back to, newest last."""

    def __init__(self, limit: int = 50) -> None:
        self._places: list[Place] = []
        self._limit = limit

    def __len__(self) -> int:
        return len(self._places)

    def leave(self, place: Place, towards: Question, *, chosen: bool = False) -> None:
        """Remember a place that is left, unless one is only typing on in the same search."""
        typing = not chosen and _is_typing_on(place.question, towards)
        if not typing and place.question != towards:
            self._places = [*self._places, place][-self._limit :]

    def back(self) -> Place | None:
        """Return the newest place and forget it; None if there is none."""
        return self._places.pop() if self._places else None


def _is_typing_on(question: Question, towards: Question) -> bool:
    if isinstance(question, Browse) or isinstance(towards, Browse):
        return False
    if isinstance(question, Caption) or isinstance(towards, Caption):
        return type(question) is type(towards)
    return replace(question, within="") == replace(towards, within="")
