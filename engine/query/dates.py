"""Dates as people type them: 2019, 2019-07-14, 2019..2021, "summer 2019".

Seasons are those of the northern hemisphere, by whole months: spring from March, summer
from June, autumn from September, winter from December. A winter carries the year in which
it begins: "winter 2019" ends in February 2020.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from engine.filters import DateSpan

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?", re.ASCII)
_YEARS = re.compile(r"\d{4}-\d{4}", re.ASCII)
_NAMED = re.compile(r"(?:(?P<name>[a-z]+) (?P<year>\d{4})|(?P<first>\d{4}) (?P<then>[a-z]+))", re.ASCII)
_DOTS = re.compile(r"\.{2,}")


def parse_dates(text: str) -> DateSpan | None:
    """Return the days that a text means, or None where it can't be understood."""
    text = " ".join(text.lower().split())
    sides = text.split("-") if _YEARS.fullmatch(text) else [side.strip() for side in _DOTS.split(text)]
    try:
        periods = [_period(side) if side else None for side in sides]
    except ValueError:
        return None
    known = [period for period in periods if period is not None]
    if not known or len(periods) > 2:
        return None
    if len(periods) == 2 and len(known) == 1:
        first, last = known[0]
        return DateSpan(None, last) if periods[0] is None else DateSpan(first, None)
    return DateSpan(min(first for first, _ in known), max(last for _, last in known))


def _period(text: str) -> tuple[date, date]:
    """Return the first and the last day of a year, month, day or season.

    Raises:
        ValueError: It is none.
    """
    if found := _NUMBERS.fullmatch(text):
        year, month, day = (int(part) if part else None for part in found.groups())
        if year is not None and month is not None and day is not None:
            return date(year, month, day), date(year, month, day)
        if year is not None:
            return _months(year, month or 1, 1 if month else 12)
    if found := _NAMED.fullmatch(text):
        name, year = found["name"] or found["then"], int(found["year"] or found["first"])
        if name in _SEASONS:
            return _months(year, _SEASONS[name], 3)
        months = [at for at, month in enumerate(_MONTHS, 1) if name in (month, month[:3])]
        if months:
            return _months(year, months[0], 1)
    raise ValueError(text)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    later, end = divmod(month + count - 2, 12)
    return date(year, month, 1), date(year + later, end + 1, monthrange(year + later, end + 1)[1])
