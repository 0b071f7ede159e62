"""The photos that the grid shows, in order, and the sections they fall into."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app import phrases
from app.grid_layout import Section
from engine import Hit, Photo, Results, printable

Index = QModelIndex | QPersistentModelIndex

CLOSEST = 12  # photos that every answer shows at once, however few of them are good matches


class Role(IntEnum):
    """What the grid asks the model beyond Qt's own roles."""

    PHOTO_ID = Qt.ItemDataRole.UserRole + 1
    HIT = Qt.ItemDataRole.UserRole + 2
    FAVOURITE = Qt.ItemDataRole.UserRole + 3


class PhotoModel(QAbstractListModel):
    """Rows of photos: the whole library, or the answer to a question.

    When a better order of the same answer arrives, rows are moved, not replaced, so
    that the selection and the current photo stay on their photos.

    Signals:
        sections_changed: The headings are other ones; rows may be the same.
    """

    sections_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: list[int] = []
        self._rows: dict[int, int] = {}
        self._hits: dict[int, Hit] = {}
        self._photos: dict[int, Photo] = {}
        self._favourites: frozenset[int] = frozenset()
        self._results: Results | None = None
        self._title = ""
        self._split = False
        self._weaker = False

    @property
    def results(self) -> Results | None:
        """The answer that is shown, or None while the library is browsed."""
        return self._results

    @property
    def weaker_shown(self) -> bool:
        """Whether the weaker matches are unfolded."""
        return self._weaker

    def show_library(self, photo_ids: Sequence[int], title: str = "", *, fresh: bool = False) -> None:
        """Show photos in the order given, none of which fits better than another.

        Args:
            photo_ids: The photos.
            title: The heading over them.
            fresh: Whether other photos were asked for than those shown; if not, the
                selection is kept.
        """
        fresh = fresh or self._results is not None
        self._results, self._hits, self._title, self._split = None, {}, title, False
        self._become(photo_ids, fresh=fresh)

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
        self._become(self._shown_ids(), fresh=fresh)

    def show_weaker(self, shown: bool) -> None:
        """Unfold or fold the weaker matches."""
        if self._results is not None and shown != self._weaker:
            self._weaker = shown
            self._become(self._shown_ids(), fresh=False)

    def remember(self, photo: Photo) -> None:
        """Keep the details of a photo that is browsed, for its tool tip and its name."""
        self._photos[photo.id] = photo
        row = self.row_of(photo.id)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.ToolTipRole])

    def set_favourites(self, photo_ids: frozenset[int]) -> None:
        """Say which photos of the library are favourites."""
        rows = [self._rows[changed] for changed in self._favourites ^ photo_ids if changed in self._rows]
        self._favourites = photo_ids
        if rows:
            first, last = self.index(min(rows)), self.index(max(rows))
            self.dataChanged.emit(first, last, [Role.FAVOURITE, Qt.ItemDataRole.AccessibleTextRole])

    def row_of(self, photo_id: int) -> int:
        """Return the row of a photo, or -1 where it is not shown."""
        return self._rows.get(photo_id, -1)

    def photo_id(self, row: int) -> int:
        """Return the id of the photo in a row."""
        return self._ids[row]

    def photo(self, photo_id: int) -> Photo | None:
        """Return what is known of a photo without asking the library."""
        hit = self._hits.get(photo_id)
        return hit.photo if hit else self._photos.get(photo_id)

    def sections(self) -> tuple[Section, ...]:
        """Return the sections that the rows fall into, in order."""
        if self._results is None or not self._split:
            return (Section(self._title, len(self._ids)),)
        first = self._first_section()
        weaker = len(self._ids) - first
        folded = len(self._results.hits) - max(first, self._open())
        if not self._results.hits:
            return ()
        if self._results.good:
            count = phrases.number(self._results.good)
            title = self.tr("1 good match") if first == 1 else self.tr("{n} good matches").format(n=count)
        else:
            title = self.tr("No good match. These come closest:")
        sections = [Section(title, first)]
        if weaker or folded:
            sections.append(Section(self.tr("Weaker matches"), weaker, self._verb(folded)))
        return tuple(sections)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (Qt's signature)
        """Return the number of photos shown."""
        return 0 if parent.isValid() else len(self._ids)

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
        return self._results.good or min(CLOSEST, len(self._results.hits))

    def _open(self) -> int:
        """Return how many photos are shown while the weaker matches are folded."""
        assert self._results is not None
        return max(self._results.good, min(CLOSEST, len(self._results.hits)))

    def _verb(self, folded: int) -> str:
        """Return what the heading of the weaker matches offers to do with them."""
        if not folded:
            return ""
        return self.tr("Hide") if self._weaker else self.tr("Show {n} more").format(n=phrases.number(folded))

    def _folded_ids(self) -> list[int]:
        assert self._results is not None
        return [hit.photo.id for hit in self._results.hits[self._open() :]] if self._split else []

    def _shown_ids(self) -> list[int]:
        assert self._results is not None
        ids = [hit.photo.id for hit in self._results.hits]
        return ids if self._weaker or not self._split else ids[: self._open()]

    def _tool_tip(self, photo_id: int) -> str | None:
        photo = self.photo(photo_id)
        if photo is None:
            return None
        taken = photo.metadata.taken
        lines = [printable(photo.path.name), printable(photo.path.parent)]
        if taken is not None:
            lines.append(taken.strftime("%Y-%m-%d %H:%M"))
        return "\n".join(lines)

    def _become(self, photo_ids: Sequence[int], *, fresh: bool) -> None:
        """Show exactly these photos: anew, or by moving, removing and adding rows.

        Rows leave and arrive at the end, in one step each, and are moved to their places:
        a thousand photos that came in all over the library cost no more than one.
        """
        wanted = list(photo_ids)
        if fresh or not self._ids:
            self.beginResetModel()
            self._set_ids(wanted)
            self.endResetModel()
        else:
            keep = set(wanted)
            gone = [photo_id for photo_id in self._ids if photo_id not in keep]
            kept = [photo_id for photo_id in wanted if photo_id in self._rows]
            self._permute(kept + gone)
            self._cut(len(kept))
            shown = set(kept)
            self._extend([photo_id for photo_id in wanted if photo_id not in shown])
            self._permute(wanted)
        self.sections_changed.emit()

    def _set_ids(self, ids: list[int]) -> None:
        self._ids = ids
        self._rows = {photo_id: row for row, photo_id in enumerate(ids)}

    def _permute(self, order: list[int]) -> None:
        """Put the rows into another order, with every persistent index (so the selection, too)."""
        if order == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._ids[index.row()] for index in before]
        self._set_ids(order)
        self.changePersistentIndexList(before, [self.index(self._rows[photo_id]) for photo_id in ids])
        self.layoutChanged.emit()

    def _cut(self, count: int) -> None:
        if count < len(self._ids):
            self.beginRemoveRows(QModelIndex(), count, len(self._ids) - 1)
            self._set_ids(self._ids[:count])
            self.endRemoveRows()

    def _extend(self, ids: list[int]) -> None:
        if ids:
            self.beginInsertRows(QModelIndex(), len(self._ids), len(self._ids) + len(ids) - 1)
            self._set_ids(self._ids + ids)
            self.endInsertRows()
