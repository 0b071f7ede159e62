"""What the grid can be asked to show, and the places one can go back to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine import Results


@dataclass(frozen=True, slots=True)
class Browse:
    """The whole library, newest first."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Photos that fit a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Photos with the colours and shapes of one (`name` is its file's)."""

    photo_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DescribedAlike:
    """Photos that would be described like one (`name` is its file's)."""

    photo_id: int
    name: str
    descriptions: tuple[str, ...]


Question: TypeAlias = Browse | Caption | LookAlikes | DescribedAlike


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a question.

    Attributes:
        question: What was asked.
        photo_ids: The photos of a browsed library, in order.
        results: The hits of every other question.
        first: Whether it is the first answer to its question (a better order may follow).
        last: Whether nothing better follows.
    """

    question: Question
    photo_ids: tuple[int, ...] = ()
    results: Results | None = None
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


class History:
    """The places to go back to, newest last."""

    def __init__(self, limit: int = 50) -> None:
        self._places: list[Place] = []
        self._limit = limit

    def __len__(self) -> int:
        return len(self._places)

    def leave(self, place: Place, towards: Question) -> None:
        """Remember a place that is left, unless one is only typing on in the same search."""
        typing_on = isinstance(place.question, Caption) and isinstance(towards, Caption)
        if not typing_on and place.question != towards:
            self._places = [*self._places, place][-self._limit :]

    def back(self) -> Place | None:
        """Return the newest place and forget it; None if there is none."""
        return self._places.pop() if self._places else None
