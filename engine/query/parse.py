"""What was typed → what is searched for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.filters import NO_FILTERS, Filters
from engine.query.refinements import filters_of, take_apart
from engine.query.words import MAX_CHARACTERS, normalised, notices, refusal, tidied

# Before a word it means "without": a caption that is read again must not exclude its own words.
_LEADING_DASH = re.compile(r"(?<!\S)-+(?=\w)")


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Attributes:
        caption: The words, tidied, ready to be encoded; "" where only refinements were typed.
        notice: Sentences about what was left out, or "".
        excluded: Phrases; photos that they describe well are left out.
        filters: What else narrows the search.
    """

    caption: str
    notice: str = ""
    excluded: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS


def parse_query(text: str) -> Query:
    """Read a typed text: words, and refinements among them in any order.

    ======================  =========================================================
    ``dog in the snow``     words; they describe the photo
    ``-beach -"red car"``   without photos that these words describe well
    ``date:2019-07-14``     that day; also ``2019``, ``2019-07``, ``2019..2021``,
                            ``2019..``, ``..2021``, ``"july 2019"``, ``"summer 2019"``
    ``folder:Trips``        in a folder whose name, or path below its root, has a word
                            that begins so; ``folder:Trips/Rome``, ``folder:"New York"``
    ``camera:pixel``        the camera's name contains it
    ``type:heic``           files of that type (``jpg`` means ``jpeg``, too)
    ``is:favourite``        favourites; also ``is:portrait|landscape|square``
    ``has:location``        photos that know where they were taken
    ======================  =========================================================

    Other words with a colon stay words, as does a dash that stands alone or inside a word.
    A refinement that can't be understood is left out with a notice. In words, letters of
    other scripts and emoji are left out with a notice, and a very long text is cut.

    Raises:
        QueryError: Nothing was typed, or nothing of it can be understood.
    """
    terms = take_apart(normalised(text))
    words = tidied(terms.words)
    if not (words.caption or terms.refinements or terms.problems):
        raise refusal(words)
    said = [*terms.problems[:3], *notices(words, cut=len(text) > MAX_CHARACTERS)]
    excluded = dict.fromkeys(found.value for found in terms.refinements if found.kind == "not")
    caption = _LEADING_DASH.sub("", words.caption)
    return Query(caption, " ".join(said), tuple(excluded), filters_of(terms.refinements))
