"""The headings of the grid: which there are over photos in an order of dates, and how they are painted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from PySide6.QtCore import QLocale, QRect, Qt
from PySide6.QtGui import QGuiApplication, QPainter

from app import phrases
from app.grid_layout import GridLayout, Section
from app.phrases import tr
from app.theme import Theme
from engine import Month

FEW = 6  # photos a month on average, below which a year is not divided
BETWEEN = 12  # pixels from a title to what stands behind it


def dated(months: Sequence[Month], title: str = "") -> tuple[Section, ...]:
    """Return a section for each month, or for a year with few photos, under a title for all of them."""
    sections = tuple(_sections(months))
    if not title:
        return sections
    if len(sections) == 1:
        return (Section(title, sections[0].rows, detail=sections[0].title),)
    return (Section(title, 0), *sections)


def month_name(first: date | None) -> str:
    """Return "July 2019", or that there is no date."""
    if first is None:
        return tr("No date")
    return tr("{month} {year}").format(month=QLocale().standaloneMonthName(first.month), year=first.year)


def paint(painter: QPainter, layout: GridLayout, offset: int, height: int, theme: Theme) -> None:
    """Paint the headings in sight."""
    bold, plain = painter.font(), painter.font()
    bold.setBold(True)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
    for at in layout.sections_between(offset, offset + height):
        section, place = layout.sections[at], layout.heading(at).translated(0, -offset)
        if section.title:
            painter.setFont(bold)
            painter.setPen(theme.colour("text"))
            painter.drawText(place, flags, section.title)
        if section.detail:
            after = painter.fontMetrics().horizontalAdvance(section.title) + BETWEEN
            painter.setFont(plain)
            painter.setPen(theme.colour("subdued"))
            behind = QRect(place)
            behind.setWidth(place.width() - after)
            if not QGuiApplication.isRightToLeft():
                behind.translate(after, 0)
            painter.drawText(behind, flags, section.detail)
        if at and section.ruled:
            painter.setPen(theme.colour("line"))
            painter.drawLine(place.topLeft(), place.topRight())


def _sections(months: Sequence[Month]) -> Iterator[Section]:
    for year, run in groupby(months, key=lambda month: month.first and month.first.year):
        of_year = list(run)
        photos = sum(month.photos for month in of_year)
        if year is not None and len(of_year) > 1 and photos < FEW * len(of_year):
            yield _section(str(year), photos)
        else:
            yield from (_section(month_name(month.first), month.photos) for month in of_year)


def _section(title: str, photos: int) -> Section:
    return Section(title, photos, detail=phrases.number(photos), ruled=False)
