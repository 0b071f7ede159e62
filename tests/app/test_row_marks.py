from hypothesis import given
from hypothesis import strategies as st

from app import row_marks

COUNT = 40
ROWS = st.sets(st.integers(0, COUNT - 1))


def marks_of(rows: set[int]) -> bytearray:
    return row_marks.marked([(row, row) for row in rows], COUNT)


def rows_of(marks: bytes | bytearray) -> set[int]:
    return {row for first, last in row_marks.ranges(marks) for row in range(first, last + 1)}


def test_ranges_are_joined_where_they_touch():
    marks = row_marks.marked([(7, 9), (0, 2), (3, 3), (8, 8)], 12)
    assert row_marks.ranges(marks) == [(0, 3), (7, 9)]


def test_no_rows_have_no_ranges():
    assert row_marks.ranges(row_marks.marked([], 0)) == []
    assert row_marks.in_any(b"", b"") == row_marks.in_one(b"", b"") == b""


@given(one=ROWS, other=ROWS)
def test_they_are_joined_like_sets(one, other):
    assert rows_of(marks_of(one)) == one
    assert rows_of(row_marks.in_any(marks_of(one), marks_of(other))) == one | other
    assert rows_of(row_marks.in_one(marks_of(one), marks_of(other))) == one ^ other
