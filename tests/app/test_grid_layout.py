from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from app.grid_layout import GAP, HEADING, MARGIN, GridLayout, Section

CELL = QSize(200, 150)
layouts = st.builds(
    lambda counts, width: GridLayout([Section(title, rows) for title, rows in counts], width, CELL),
    st.lists(st.tuples(st.sampled_from(["", "A heading"]), st.integers(0, 40)), max_size=4),
    st.integers(50, 2500),
)


@given(layouts)
def test_cells_never_overlap_and_lie_inside(layout):
    rects = [layout.rect(row) for row in range(layout.rows)]
    for rect in rects:
        assert rect.top() >= 0
        assert rect.bottom() < layout.height
    for before, after in pairwise(rects):
        assert not before.intersects(after)
        assert (after.top(), after.left()) > (before.top(), before.left())


@given(layouts)
def test_the_row_under_the_middle_of_a_cell_is_its_row(layout):
    for row in range(layout.rows):
        assert layout.row_at(layout.rect(row).center()) == row


@given(layouts, st.integers(0, 3000), st.integers(0, 2000))
def test_rows_between_are_exactly_those_that_touch_the_band(layout, top, height):
    rows = [
        row
        for row in range(layout.rows)
        if layout.rect(row).top() < top + height and layout.rect(row).bottom() >= top
    ]
    found = list(layout.rows_between(top, top + height))
    assert set(rows) <= set(found)
    # A band that ends in the gap between two lines may bring one line more, never others.
    assert len(found) - len(rows) <= 2 * layout.columns * len(layout.sections)


@given(layouts)
def test_up_leads_back_from_down(layout):
    for row in range(layout.rows):
        below = layout.below(row)
        assert below == row or layout.rect(below).top() > layout.rect(row).top()
        above = layout.above(row)
        assert above == row or layout.rect(above).top() < layout.rect(row).top()
    for row in range(layout.rows - layout.columns):
        if layout.rect(layout.below(row)).left() == layout.rect(row).left():
            assert layout.above(layout.below(row)) == row


def test_a_folded_section_keeps_its_heading():
    layout = GridLayout([Section("2 good matches", 2), Section("Weaker matches", 0, "Show 9")], 900, CELL)
    heading = layout.heading(1)
    assert heading.height() == HEADING
    assert heading.top() > layout.rect(1).bottom()
    assert layout.height > heading.bottom()
    assert layout.below(1) == 1


def test_headings_start_where_the_cells_start():
    layout = GridLayout([Section("A", 5)], 1000, CELL)
    assert layout.heading(0).left() == layout.rect(0).left()
    assert layout.rect(1).left() - layout.rect(0).right() == GAP + 1


def test_a_narrow_window_still_has_a_column():
    layout = GridLayout([Section("", 3)], 10, CELL)
    assert layout.columns == 1
    assert layout.rect(0).left() == MARGIN


@given(layouts)
def test_a_line_fills_the_width(layout):
    assert layout.cell.width() >= CELL.width()
    used = layout.columns * (layout.cell.width() + GAP) - GAP
    assert layout.heading(0).width() - used < layout.columns if layout.sections else True


def test_stretched_cells_keep_their_proportions():
    layout = GridLayout([Section("", 3)], 1000, CELL)
    assert layout.columns == 4
    assert layout.cell == QSize(236, 177)


def test_nothing_lies_beside_the_cells():
    layout = GridLayout([Section("", 3)], 1000, CELL)
    assert layout.row_at(QPoint(MARGIN - 1, 50)) == -1
    assert layout.row_at(layout.rect(2).center() + QPoint(layout.cell.width() + GAP, 0)) == -1


def test_down_crosses_into_the_next_section_in_the_same_column():
    layout = GridLayout([Section("A", 2), Section("B", 3)], 900, CELL)
    assert layout.columns == 4
    assert layout.below(1) == 3
    assert layout.above(3) == 1
    assert layout.above(4) == 1  # there is no third photo in the line above


def test_the_cells_that_a_rectangle_touches():
    """Against every cell looked at one by one."""
    layout = GridLayout([Section("Good", 7), Section("", 0), Section("Weaker", 10)], 830, QSize(184, 138))
    assert layout.columns == 4
    for left, top, right, bottom in product(
        (-20, 10, 205, 300), (-20, 40, 200, 330), (150, 215, 620, 900), (20, 210, 480, 900)
    ):
        rect = QRect(QPoint(left, top), QPoint(right, bottom))
        if not rect.isValid():
            continue
        touched = [row for row in range(17) if layout.rect(row).intersects(rect)]
        ranges = list(layout.ranges_in(rect))
        assert [row for first, last in ranges for row in range(first, last + 1)] == touched
    assert list(layout.ranges_in(QRect(0, 0, 830, 5000))) == [(0, 6), (7, 16)]
    assert list(layout.ranges_in(QRect(0, 0, 10, 5000))) == []
