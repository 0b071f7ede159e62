"""The grammar of the composed descriptions: who or what × doing × where.

A `Scene` lists subjects, actions and places that all go together, so that every
combination is something a photo may show. The grammar only takes care of
agreement: "is" or "are", and whose ("{their}") hat it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what a sentence is about.

    Attributes:
        phrase: The noun phrase, with its article.
        verb: The form of "to be" that agrees with it.
        their: The possessive that refers back to it.
    """

    phrase: str
    verb: Literal["is", "are"] = "is"
    their: str = "its"


Subjects: TypeAlias = tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Subjects, actions and places that may be combined freely.

    Attributes:
        who: The subjects.
        doing: What follows "is" or "are"; may hold "{their}".
        where: Places or times, each with its preposition.
        alone: Whether the sentence is also complete without a place.
    """

    who: Subjects
    doing: tuple[str, ...]
    where: tuple[str, ...]
    alone: bool = False

    def sentences(self) -> Iterator[str]:
        """Yield every sentence of the scene, subjects outermost."""
        for subject in self.who:
            for action in self.doing:
                clause = f"{subject.phrase} {subject.verb} {action.format(their=subject.their)}"
                if self.alone:
                    yield clause
                for place in self.where:
                    yield f"{clause} {place}"


def phrases(text: str) -> tuple[str, ...]:
    """Split a list of phrases at its semicolons; line breaks don't count."""
    return tuple(" ".join(part.split()) for part in text.split(";") if part.strip())


def one(text: str, their: str = "its") -> Subjects:
    """Return the singular subjects of a list such as "a man; a woman"."""
    return tuple(Subject(phrase, "is", their) for phrase in phrases(text))


def many(text: str) -> Subjects:
    """Return the plural subjects of a list such as "two men; two women"."""
    return tuple(Subject(phrase, "are", "their") for phrase in phrases(text))


def scene(who: Subjects, doing: str, where: str = "", *, alone: bool = False) -> Scene:
    """Return a scene from lists of phrases separated by semicolons."""
    return Scene(who, phrases(doing), phrases(where), alone or not where)
