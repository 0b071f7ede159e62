"""Dates as people type them, and back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.filters import DateSpan
from engine.query.dates import parse_dates
from tests.engine.query.test_words import patient


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("2019-07", "2019-07-01", "2019-07-31"),
        ("2019-7", "2019-07-01", "2019-07-31"),
        ("2020/02", "2020-02-01", "2020-02-29"),
        ("2019-07-14", "2019-07-14", "2019-07-14"),
        ("2019..2021", "2019-01-01", "2021-12-31"),
        ("2019 .. 2021", "2019-01-01", "2021-12-31"),
        ("2019...2021", "2019-01-01", "2021-12-31"),
        ("2019-2021", "2019-01-01", "2021-12-31"),
        ("2021..2019", "2019-01-01", "2021-12-31"),
        ("2019-03..2019-07-14", "2019-03-01", "2019-07-14"),
        ("2019..", "2019-01-01", None),
        ("..2019-07", None, "2019-07-31"),
        ("july 2019", "2019-07-01", "2019-07-31"),
        ("Jul 2019", "2019-07-01", "2019-07-31"),
        ("2019 December", "2019-12-01", "2019-12-31"),
        ("spring 2019", "2019-03-01", "2019-05-31"),
        ("Summer  2019", "2019-06-01", "2019-08-31"),
        ("autumn 2019", "2019-09-01", "2019-11-30"),
        ("fall 2019", "2019-09-01", "2019-11-30"),
        ("winter 2019", "2019-12-01", "2020-02-29"),
        ("summer 2018..winter 2019", "2018-06-01", "2020-02-29"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_dates_are_understood(typed, first, last):
    ends = [None if day is None else date.fromisoformat(day) for day in (first, last)]
    assert parse_dates(typed) == DateSpan(*ends)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "..",
        "foo",
        "summer",
        "2019-13",
        "2019-02-30",
        "19",
        "0000",
        "2019..2020..2021",
        "winter 9999",
        "٢٠١٩",
    ],
)
def test_what_is_no_date_is_not_understood(typed):
    assert parse_dates(typed) is None


@patient
@given(st.text(max_size=30))
def test_no_text_fails(typed):
    span = parse_dates(typed)
    assert span is None or span.first or span.last
