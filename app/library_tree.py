"""What the library can be browsed by, as a tree: favourites, folders, years, saved searches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QLocale

from app.phrases import tr
from engine import FolderCount, Month, parse_query, printable, refinement_text, refinements, without

if TYPE_CHECKING:
    from engine import Library

Kind = Literal["all", "place", "search", "heading"]
FAVOURITES = "is:favourite"


@dataclass(slots=True, eq=False)
class Entry:
    """A line of the tree.

    Attributes:
        key: What it stands for; the same in the next tree.
        label: Its name.
        kind: What choosing it does.
        text: The refinement or search that it stands for.
        photos: Number of photos; None where that is not known.
        children: The lines below it.
        above: The line that it is below.
        row: Its place among its siblings.
    """

    key: tuple[str, ...]
    label: str
    kind: Kind = "heading"
    text: str = ""
    photos: int | None = None
    children: list[Entry] = field(default_factory=list)
    above: Entry | None = None
    row: int = 0

    def add(self, child: Entry) -> Entry:
        """Put a line below this one; return it."""
        child.above, child.row = self, len(self.children)
        self.children.append(child)
        return child

    def walk(self) -> Iterator[Entry]:
        """Yield every line below this one."""
        for child in self.children:
            yield child
            yield from child.walk()


def read(library: Library, searches: Sequence[str]) -> Entry:
    """Make the tree of a library and saved searches (on a worker)."""
    favourites = len(library.passing_ids(parse_query(FAVOURITES).filters))
    top = Entry((), "")
    top.add(Entry(("all",), tr("All photos"), "all", photos=library.counts().photos))
    top.add(Entry(("favourites",), tr("Favourites"), "place", FAVOURITES, favourites))
    for heading in (
        _folders(library.folder_counts()),
        _years(library.month_counts()),
        _searches(searches),
    ):
        if heading.children:
            top.add(heading)
    return top


def moved_to(text: str, place: str) -> str:
    """Return a typed text with one place (a folder, a date, the favourites) instead of those in it."""
    while places := [found for found in refinements(text) if _is_place(found.kind, found.value)]:
        text = without(text, places[0])
    return f"{text} {place}".strip()


def place_of(text: str) -> str:
    """Return the one place that a typed text names, as an entry has it; "" for none or several."""
    places = [
        refinement_text(found.kind, found.value)
        for found in refinements(text)
        if _is_place(found.kind, found.value)
    ]
    return places[0] if len(places) == 1 else ""


def _is_place(kind: str, value: str) -> bool:
    return kind in ("folder", "date") or (kind, value) == ("is", "favourite")


def _folders(counts: Sequence[FolderCount]) -> Entry:
    heading = Entry(("folders",), tr("Folders"))
    known: dict[tuple[str, ...], Entry] = {}
    names = [count.root.name for count in {count.root: count for count in counts}.values()]
    for count in sorted(counts, key=lambda count: (count.root.name.casefold(), str(count.root))):
        label = printable(count.root.name or count.root)
        if names.count(count.root.name) > 1:
            label = f"{label} ({printable(count.root.parent)})"
        entry = heading
        key: tuple[str, ...] = ("folder", str(count.root))
        for depth, part in enumerate(("", *count.parts)):
            key = (*key, part) if depth else key
            if key not in known:
                value = "/".join((count.top, *count.parts[:depth], ""))
                shown = printable(part) if depth else label
                known[key] = entry.add(Entry(key, shown, "place", refinement_text("folder", value), 0))
            entry = known[key]
            entry.photos = (entry.photos or 0) + count.photos
    return heading


def _years(months: Sequence[Month]) -> Entry:
    heading = Entry(("years",), tr("Years"))
    dated = [(month.first, month.photos) for month in months if month.first is not None]
    for year, run in groupby(dated, key=lambda pair: pair[0].year):
        of_year = list(run)
        photos = sum(count for _, count in of_year)
        entry = heading.add(Entry(("year", f"{year:04}"), f"{year:04}", "place", f"date:{year:04}", photos))
        for first, count in of_year:
            text = f"date:{year:04}-{first.month:02}"
            name = QLocale().standaloneMonthName(first.month)
            entry.add(Entry(("month", text), name, "place", text, count))
    return heading


def _searches(texts: Sequence[str]) -> Entry:
    heading = Entry(("searches",), tr("Searches"))
    for text in texts:
        heading.add(Entry(("search", text), printable(text), "search", text))
    return heading
