"""The photos that the grid shows, in order, and the sections they fall into."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, Qt

from app import headings, phrases
from app.grid_layout import Section
from app.indexes import Index
from app.moving_rows import MovingRows
from engine import Hit, Month, Order, Photo, Results, Strictness, in_order, matches, printable

# Once, as Qt asks for them for every row that is selected.
PHOTO_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)
KNOWN = 20_000  # photos whose details are kept: more than the window has thumbnails of
CLOSEST = 12  # photos that every answer shows at once, however few of them are good matches


class Role(IntEnum):
    """What the grid asks the model beyond Qt's own roles."""

    PHOTO_ID = Qt.ItemDataRole.UserRole + 1
    HIT = Qt.ItemDataRole.UserRole + 2
    FAVOURITE = Qt.ItemDataRole.UserRole + 3


class PhotoModel(MovingRows):
    """Rows of photos: the whole library, or the answer to a question.

    When a better order of the same answer arrives, rows are moved, not replaced, so
    that the selection and the current photo stay on their photos.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: dict[int, Hit] = {}
        self._photos: OrderedDict[int, Photo] = OrderedDict()
        self._favourites: frozenset[int] = frozenset()
        self._results: Results | None = None
        self._title = ""
        self._split = False
        self._weaker = False
        self._strictness: Strictness = "good"
        self._months: tuple[Month, ...] = ()
        self._order: Order | None = None

    @property
    def is_divided(self) -> bool:
        """Whether matches and weaker ones are told apart in what is shown."""
        return self._split and self._results is not None and bool(self._results.hits)

    @property
    def results(self) -> Results | None:
        """The answer that is shown, or None while the library is browsed."""
        return self._results

    @property
    def weaker_shown(self) -> bool:
        """Whether the weaker matches are unfolded."""
        return self._weaker

    def show_library(
        self,
        photo_ids: Sequence[int],
        title: str = "",
        *,
        months: Sequence[Month] = (),
        fresh: bool = False,
    ) -> None:
        """Show photos in the order given, none of which fits better than another.

        Args:
            photo_ids: The photos.
            title: The heading over them.
            months: The months that they fall into, in the same order.
            fresh: Whether other photos were asked for than those shown; if not, the
                selection is kept.
        """
        fresh = fresh or self._results is not None
        self._results, self._hits, self._title, self._split = None, {}, title, False
        self._months = tuple(months)
        self.become(photo_ids, fresh=fresh)

    def show_results(
        self, results: Results, *, fresh: bool, title: str = "", selected: int | None = None
    ) -> None:
        """Show an answer.

        Args:
            results: The answer, best first.
            fresh: Whether it answers another question than the one shown; if not,
                selection and unfolded state are kept.
            title: The heading over all of it; "" to divide it into good matches and
                weaker ones.
            selected: The photo that the user has selected: if it is a weaker match now,
                those are unfolded rather than taking it away.
        """
        self._results, self._title, self._split = results, title, not title
        self._hits = {hit.photo.id: hit for hit in results.hits}
        self._weaker = not fresh and (self._weaker or selected in self._folded_ids())
        self.become(self._shown_ids(), fresh=fresh)

    def show_weaker(self, shown: bool) -> None:
        """Unfold or fold the weaker matches."""
        if self._results is not None and shown != self._weaker:
            self._weaker = shown
            self.become(self._shown_ids(), fresh=False)

    def set_strictness(self, strictness: Strictness) -> None:
        """Say how sure a match must be, so as not to count as a weaker one."""
        if strictness != self._strictness:
            self._strictness = strictness
            if self._results is not None:
                self.become(self._shown_ids(), fresh=False)

    def set_order(self, order: Order | None) -> None:
        """Put answers into an order, the good matches and the weaker ones each for themselves.

        Args:
            order: The order; None for the best match first.
        """
        self._order = order
        if self._results is not None:
            self.become(self._shown_ids(), fresh=False)

    def remember(self, photo: Photo) -> None:
        """Keep the details of a photo that is browsed, for its tool tip and its name."""
        self._photos[photo.id] = photo
        self._photos.move_to_end(photo.id)
        if len(self._photos) > KNOWN:
            self._photos.popitem(last=False)
        row = self.row_of(photo.id)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.ToolTipRole])

    def forget(self) -> None:
        """Keep no details any more, because files have other names now."""
        self._photos.clear()

    def set_favourites(self, photo_ids: frozenset[int]) -> None:
        """Say which photos of the library are favourites."""
        rows = [self._rows[changed] for changed in self._favourites ^ photo_ids if changed in self._rows]
        self._favourites = photo_ids
        if rows:
            first, last = self.index(min(rows)), self.index(max(rows))
            self.dataChanged.emit(first, last, [Role.FAVOURITE, Qt.ItemDataRole.AccessibleTextRole])

    def photo(self, photo_id: int) -> Photo | None:
        """Return what is known of a photo without asking the library."""
        hit = self._hits.get(photo_id)
        return hit.photo if hit else self._photos.get(photo_id)

    def fit_of(self, photo_id: int) -> str:
        """Return how well a photo fits the description, in words; "" where the answer has no such photo."""
        hit = self._hits.get(photo_id)
        if hit is None or not self._split:
            return ""
        if hit.rank > self._matches():
            return self.tr("weaker match")
        return {"best": self.tr("one of the best"), "good": self.tr("good match"), "more": self.tr("match")}[
            self._strictness
        ]

    def sections(self) -> tuple[Section, ...]:
        """Return the sections that the rows fall into, in order."""
        if self._results is None and len(self._ids) == sum(month.photos for month in self._months):
            return headings.dated(self._months, self._title)
        if self._results is None or not self._split:
            return (Section(self._title, len(self._ids)),)
        first = self._first_section()
        weaker = len(self._ids) - first
        folded = len(self._results.hits) - max(first, self._open())
        if not self._results.hits:
            return ()
        sections = [Section(self._count_in_words(self._matches()), first)]
        if weaker or folded:
            sections.append(Section(self.tr("Weaker matches"), weaker, self._verb(folded)))
        return tuple(sections)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that photos can be selected, and dragged out."""
        return PHOTO_FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role says of a photo."""
        photo_id = self._ids[index.row()]
        if role == Role.PHOTO_ID:
            return photo_id
        if role == Role.HIT:
            return self._hits.get(photo_id)
        if role == Role.FAVOURITE:
            return photo_id in self._favourites
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            photo = self.photo(photo_id)
            name = printable(photo.path.name) if photo else self.tr("Photo")
            spoken = role == Qt.ItemDataRole.AccessibleTextRole and photo_id in self._favourites
            return self.tr("{name}, favourite").format(name=name) if spoken else name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(photo_id)
        return None

    def _first_section(self) -> int:
        assert self._results is not None
        return self._matches() or min(CLOSEST, len(self._results.hits))

    def _open(self) -> int:
        """Return how many photos are shown while the weaker matches are folded."""
        assert self._results is not None
        found = self._matches()
        if found and self._strictness == "best":
            return found
        return max(found, min(CLOSEST, len(self._results.hits)))

    def _matches(self) -> int:
        assert self._results is not None
        return matches(self._results, self._strictness)

    def _count_in_words(self, count: int) -> str:
        """Return the heading over so many matches."""
        one, many, none = {
            "best": (
                self.tr("1 of the best"),
                self.tr("{n} of the best", "", count),
                self.tr("No match is that sure. These come closest:"),
            ),
            "good": (
                self.tr("1 good match"),
                self.tr("{n} good matches", "", count),
                self.tr("No good match. These come closest:"),
            ),
            "more": (
                self.tr("1 match"),
                self.tr("{n} matches", "", count),
                self.tr("No match. These come closest:"),
            ),
        }[self._strictness]
        return one if count == 1 else many.format(n=phrases.number(count)) if count else none

    def _verb(self, folded: int) -> str:
        """Return what the heading of the weaker matches offers to do with them."""
        if not folded:
            return ""
        if self._weaker:
            return self.tr("Hide")
        return self.tr("Show {n} more", "", folded).format(n=phrases.number(folded))

    def _folded_ids(self) -> list[int]:
        assert self._results is not None
        return [hit.photo.id for hit in self._results.hits[self._open() :]] if self._split else []

    def _shown_ids(self) -> list[int]:
        assert self._results is not None
        photos = [hit.photo for hit in self._results.hits]
        if self._split:
            first = self._first_section()
            rest = photos[first:] if self._weaker else photos[first : self._open()]
            return [photo.id for part in (photos[:first], rest) for photo in self._ordered(part)]
        return [photo.id for photo in self._ordered(photos)]

    def _ordered(self, photos: list[Photo]) -> list[Photo]:
        return photos if self._order is None else in_order(photos, self._order)

    def _tool_tip(self, photo_id: int) -> str | None:
        photo = self.photo(photo_id)
        if photo is None:
            return None
        taken = photo.metadata.taken
        lines = [printable(photo.path.name), printable(photo.path.parent)]
        if taken is not None:
            lines.append(taken.strftime("%Y-%m-%d %H:%M"))
        return phrases.tool_tip("\n".join(lines))
