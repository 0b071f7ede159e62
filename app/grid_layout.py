"""Where the cells of the photo grid are: plain arithmetic over sections of equal cells.

Cells of at least a given size are stretched so that a line fills the width.

Rows of the model run through the sections in order. Every rectangle is in content
coordinates: (0, 0) is the top left of the whole grid, however far it is scrolled.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

MARGIN = 16
GAP = 8
HEADING = 40


@dataclass(frozen=True, slots=True)
class Section:
    """A run of photos under one heading.

    Attributes:
        title: The heading; "" for none.
        rows: Number of photos shown.
        action: What a press on the heading's button does, in words; "" for no button.
        detail: What stands behind the title, quieter.
        ruled: Whether a line divides it from the section before.
    """

    title: str
    rows: int
    action: str = ""
    detail: str = ""
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class _Block:
    """A section in its place: its first model row, and the y of its heading and its first cell."""

    first: int
    rows: int
    top: int
    cells: int


class GridLayout:
    """The geometry of a grid of a given width.

    Attributes:
        sections: What it lays out.
        columns: Cells in a line.
        cell: Size of every cell.
        height: Height of everything.
        rows: Number of cells in all sections.
    """

    def __init__(
        self, sections: Sequence[Section], width: int, smallest: QSize, *, mirrored: bool = False
    ) -> None:
        """Lay out the sections.

        Args:
            sections: Their headings and numbers of photos.
            width: Width to fill.
            smallest: Size of a cell before it is stretched; gives the proportions.
            mirrored: Whether lines run from right to left.
        """
        self.sections = tuple(sections)
        room = max(width - 2 * MARGIN, smallest.width())
        self.columns = (room + GAP) // (smallest.width() + GAP)
        self._room = room
        self._mirrored = mirrored
        side = (room + GAP) // self.columns - GAP
        self.cell = QSize(side, round(side * smallest.height() / smallest.width()))
        self._pitch = self.cell.height() + GAP
        self._blocks: list[_Block] = []
        self.height = self._place()
        self._firsts = [block.first for block in self._blocks]
        self._tops = [block.top for block in self._blocks]
        self.rows = sum(section.rows for section in self.sections)

    def rect(self, row: int) -> QRect:
        """Return the cell of a model row."""
        block = self._block_of(row)
        line, column = divmod(row - block.first, self.columns)
        x = MARGIN + column * (self.cell.width() + GAP)
        return self._visual(QRect(QPoint(x, block.cells + line * self._pitch), self.cell))

    def heading(self, section: int) -> QRect:
        """Return the heading of a section; empty where it has no title."""
        block = self._blocks[section]
        return QRect(MARGIN, block.top, self._room, block.cells - block.top)

    def sections_between(self, top: int, bottom: int) -> range:
        """Return the sections that touch the band from `top` to `bottom` (exclusive)."""
        return range(max(0, bisect_right(self._tops, top) - 1), bisect_left(self._tops, bottom))

    def section_at(self, y: int) -> int:
        """Return the last section that begins at or above `y`; -1 where there is none."""
        return bisect_right(self._tops, y) - 1

    def row_at(self, point: QPoint) -> int:
        """Return the row whose cell covers a point, or -1."""
        for row in self.rows_between(point.y(), point.y() + 1):
            if self.rect(row).contains(point):
                return row
        return -1

    def rows_between(self, top: int, bottom: int) -> Iterator[int]:
        """Yield the rows whose cells touch the band from `top` to `bottom` (exclusive)."""
        for at in self.sections_between(top, bottom):
            block = self._blocks[at]
            lines = -(-block.rows // self.columns)
            first = max(0, (top - block.cells) // self._pitch)
            last = min(lines, -(-(bottom - block.cells) // self._pitch))
            start = min(first * self.columns, block.rows)
            yield from range(block.first + start, block.first + min(last * self.columns, block.rows))

    def ranges_in(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """Yield the rows whose cells touch a rectangle, as (first, last) of each line or whole block."""
        pitch, rect = self.cell.width() + GAP, self._visual(rect)
        left = max(0, -(-(rect.left() - MARGIN - self.cell.width() + 1) // pitch))
        right = min(self.columns - 1, (rect.right() - MARGIN) // pitch)
        if left > right:
            return
        for block in self._blocks:
            first = max(0, -(-(rect.top() - block.cells - self.cell.height() + 1) // self._pitch))
            last = min((block.rows - 1) // self.columns, (rect.bottom() - block.cells) // self._pitch)
            if left == 0 and right == self.columns - 1 and first <= last:
                end = min((last + 1) * self.columns, block.rows) - 1
                yield block.first + first * self.columns, block.first + end
                continue
            for line in range(first, last + 1):
                start, end = line * self.columns + left, min(line * self.columns + right, block.rows - 1)
                if start <= end:
                    yield block.first + start, block.first + end

    def above(self, row: int) -> int:
        """Return the row one line up (in the section before, where it is the first line)."""
        block = self._block_of(row)
        column = (row - block.first) % self.columns
        if row - self.columns >= block.first:
            return row - self.columns
        before = [other for other in self._blocks if other.rows and other.first < block.first]
        return self._on_last_line(before[-1], column) if before else row

    def below(self, row: int) -> int:
        """Return the row one line down (in the next section, where it is the last line)."""
        block = self._block_of(row)
        column = (row - block.first) % self.columns
        last_line = (block.rows - 1) // self.columns
        if (row - block.first) // self.columns < last_line:
            return min(row + self.columns, block.first + block.rows - 1)
        after = [other for other in self._blocks if other.rows and other.first > block.first]
        return after[0].first + min(column, after[0].rows - 1) if after else row

    def _place(self) -> int:
        """Put the sections under each other; return the whole height."""
        y, first = MARGIN, 0
        for section in self.sections:
            cells = y + (HEADING if section.title else 0)
            self._blocks.append(_Block(first, section.rows, y, cells))
            lines = -(-section.rows // self.columns)
            y = cells + lines * self._pitch
            first += section.rows
        return y - GAP + MARGIN if first else y + MARGIN

    def _visual(self, rect: QRect) -> QRect:
        """Return where a rectangle is in lines from right to left, or the other way round."""
        if not self._mirrored:
            return rect
        return QRect(QPoint(2 * MARGIN + self._room - 1 - rect.right(), rect.top()), rect.size())

    def _block_of(self, row: int) -> _Block:
        # Empty sections share their first row with the next one: the last of equals has the cells,
        # unless the empty ones come last.
        at = bisect_right(self._firsts, row) - 1
        while not self._blocks[at].rows:
            at -= 1
        return self._blocks[at]

    def _on_last_line(self, block: _Block, column: int) -> int:
        start = (block.rows - 1) // self.columns * self.columns
        return block.first + min(start + column, block.rows - 1)
