from datetime import date

import pytest
from PySide6.QtCore import QLocale

from app import headings
from app.grid_layout import Section
from engine import Month


@pytest.fixture(autouse=True)
def plain_locale():
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    yield
    QLocale.setDefault(before)


def months(**counts: int) -> list[Month]:
    return [Month(date(int(key[1:5]), int(key[5:]), 1), count) for key, count in counts.items()]


def shown(sections: tuple[Section, ...]) -> list[tuple[str, int, str]]:
    return [(section.title, section.rows, section.detail) for section in sections]


def test_each_month_has_a_heading_and_its_number_of_photos():
    found = headings.dated([*months(m201907=20, m201906=8), Month(None, 3)])
    assert shown(found) == [("July 2019", 20, "20"), ("June 2019", 8, "8"), ("No date", 3, "3")]
    assert not any(section.ruled for section in found)


def test_a_year_with_few_photos_is_not_divided():
    found = headings.dated(months(m202001=30, m201911=2, m201907=5, m201902=1, m201812=2))
    assert shown(found) == [("January 2020", 30, "30"), ("2019", 8, "8"), ("December 2018", 2, "2")]


def test_a_title_stands_over_all_months():
    found = headings.dated(months(m201907=20, m201906=9), "29 photos")
    assert shown(found) == [("29 photos", 0, ""), ("July 2019", 20, "20"), ("June 2019", 9, "9")]


def test_a_title_over_a_single_month_is_enough():
    assert shown(headings.dated(months(m201907=20), "20 photos")) == [("20 photos", 20, "July 2019")]


def test_no_months_no_headings():
    assert headings.dated([]) == ()


@pytest.mark.parametrize("counts", [{"m201907": 1}, {"m201912": 3, "m201911": 2, "m200101": 9}])
def test_every_photo_is_under_a_heading(counts):
    assert sum(section.rows for section in headings.dated(months(**counts))) == sum(counts.values())
