"""Typed words that look misspelt, and what was probably meant.

A word is left alone if anything speaks for it: a list of English words, the model's own
vocabulary, the captions of the user's photos, a known word that it is a form of or two that
it is made of, a list of another language. So are names (anything with a capital letter),
what stands in quotes, and what narrows the search. Nothing here changes what is searched for.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from engine.descriptions import bank
from engine.query import refinements
from engine.query.words import normalised

OTHER_LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")
SHORTEST = 4  # letters; a shorter word has too many neighbours
LONG = 7  # letters from which two slips are believed, where they left the letters the same
MOST = 3  # words worth correcting in one text; more of them are another language
COMMON = 400  # times in the list of English words, for a word to be offered
RARE = 50  # the lists' lowest count: many such entries are mistakes themselves
FAMILIAR = 20_000  # what being in a caption of the library counts for
LIKELY = 30  # how much likelier a word is that describes photos

_ENTRY = re.compile(rb'"([a-z]+)": ?(\d+)')
_WORD = re.compile(r"(?<![\w'’@#./\\:-])[a-z]{4,24}(?!['’@/\\:-]?\w)")  # see SHORTEST
_QUOTED = re.compile(r'"[^"]*(?:"|\Z)|“[^”]*(?:”|\Z)|(?<!\w)\'[^\']*\'(?!\w)')
# What a form ends in, with what the word itself ends in.
_FORMS = (
    (re.compile(r"(?<=[^s])s\Z"), ""),
    (re.compile(r"(?:(?<=[sxz])|(?<=[cs]h))es\Z"), ""),
    (re.compile(r"ies\Z"), "y"),
    (re.compile(r"(?:ed|ing|ers?)\Z"), "e"),
    (re.compile(r"(?<![^aeiou][aeiou][bdgmnprt])(?:ed|ing|ers?)\Z"), ""),  # not "swiming"
    (re.compile(r"ly\Z"), ""),
    (re.compile(r"(?:ful|less|like|ness)\Z"), ""),
)
# Nobody shall read a rude word that they did not type.
_RUDE = frozenset(
    (
        *("arse", "arsed", "bastard", "bitch", "bitches", "boobs", "cock", "cocks", "cunt", "cunts"),
        *("damn", "dick", "dicks", "fuck", "fucked", "fucker", "fucking", "nigga", "nigger", "penis"),
        *("piss", "pissed", "porn", "prick", "pussy", "rape", "raped", "shit", "shits", "shitty"),
        *("slut", "sluts", "tits", "whore", "whores"),
    )
)
_PART = 4  # letters of a part of a compound, at least
_PART_COUNT = 1000


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that looks misspelt.

    Attributes:
        word: As it was typed.
        better: What was probably meant.
        start: Where it begins in the normalised text.
        end: Where it ends there.
    """

    word: str
    better: str
    start: int
    end: int


class Speller:
    """Offers corrections; used from any thread, not quite at once the first time."""

    def __init__(self, vocabulary: Iterable[str] = (), captions: Iterable[str] = ()) -> None:
        """Remember the words to trust besides the list of English ones.

        Args:
            vocabulary: Words that the model knows.
            captions: Texts whose words the user knows.
        """
        self._vocabulary = frozenset(vocabulary)
        self._familiar = _words_of(captions)

    def corrections(self, text: str) -> tuple[Correction, ...]:
        """Return the words of a typed text that look misspelt, in order."""
        plain = normalised(text)
        unknown = [match for match in _words(plain) if not self._is_known(match[0])]
        if len(unknown) > MOST:
            return ()
        found = ((match, self._better(match[0])) for match in unknown)
        return tuple(Correction(match[0], better, *match.span()) for match, better in found if better)

    def _is_known(self, word: str) -> bool:
        return word in self._counts or self._is_form(word) or self._is_compound(word)

    def _is_form(self, word: str) -> bool:
        """Return whether it is a known word with an ending."""
        for ending, instead in _FORMS:
            stem = ending.sub(instead, word)
            common = self._counts.get(stem, 0) >= COMMON or stem in self._vocabulary
            if stem != word and common and len(stem) >= SHORTEST:
                return True
        return False

    def _is_compound(self, word: str) -> bool:
        parts = ((word[:at], word[at:]) for at in range(_PART, len(word) - _PART + 1))
        return any(all(self._counts.get(part, 0) >= _PART_COUNT for part in pair) for pair in parts)

    def _better(self, word: str) -> str:
        """Return the likeliest known word that a few slips lead away from; "" where there is none."""
        most = 2 if len(word) >= LONG else 1
        near = process.extract(word, self._offered, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked = sorted(
            (self._unlikeliness(word, found, slips), found)
            for found, slips, _ in near
            if slips == 1 or set(found) == set(word)
        )
        return ranked[0][1] if ranked and not _is_foreign(word) else ""

    def _unlikeliness(self, word: str, meant: str, slips: int) -> float:
        """Return what speaks against a candidate: slips, another first letter; and how rare it is."""
        same_letters = set(word) == set(meant)  # a letter doubled, dropped from a pair, or changed places
        first = word[0] != meant[0]
        likely = LIKELY if meant in _photographic() or meant in self._familiar else 1
        return (
            (30.0 if same_letters else 1000.0) ** slips
            * (30 if first else 1)
            / (self._counts[meant] * likely)
        )

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        counts: dict[str, int] = dict.fromkeys(self._vocabulary, RARE) | dict(_english())
        for word in self._familiar:
            counts[word] = max(counts.get(word, 0), FAMILIAR)
        return counts

    @cached_property
    def _offered(self) -> Sequence[str]:
        common = (word for word, count in self._counts.items() if count >= COMMON)
        return [word for word in common if len(word) >= SHORTEST - 1 and word not in _RUDE]


def corrected(text: str, corrections: Sequence[Correction]) -> str:
    """Return a typed text with words replaced."""
    plain = normalised(text)
    for correction in reversed(corrections):
        plain = plain[: correction.start] + correction.better + plain[correction.end :]
    return plain


def _words(plain: str) -> Iterator[re.Match[str]]:
    """Yield the words of a normalised text that may be judged."""
    spared = [(found.start, found.end) for found in refinements(plain)]
    spared += [match.span() for match in _QUOTED.finditer(plain)]
    for match in _WORD.finditer(plain):
        if not any(start <= match.start() < end for start, end in spared):
            yield match


@cache
def _english() -> Mapping[str, int]:
    """Return English words with how often they were counted."""
    # One by one, so that the window's thread gets its turn in between.
    return {match[1].decode(): int(match[2]) for match in _ENTRY.finditer(_list("en"))}


@cache
def _photographic() -> frozenset[str]:
    return _words_of(bank())


@cache
def _is_foreign(word: str) -> bool:
    entry = re.compile(rf'"{word}": ?(\d+)'.encode())
    found = (entry.search(_list(language)) for language in OTHER_LANGUAGES)
    return any(match and int(match[1]) > RARE for match in found)


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))


def _list(language: str) -> bytes:
    """Return a word list that comes with pyspellchecker, as JSON."""
    place = resources.files("spellchecker") / "resources" / f"{language}.json.gz"
    return gzip.decompress(place.read_bytes())
