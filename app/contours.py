"""Lines of equal value through a grid of numbers."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]

# Which sides of a cell a line joins (top, right, bottom, left), by which corners are high
# (top left 8, top right 4, bottom right 2, bottom left 1).
_CROSSINGS: tuple[tuple[tuple[int, int], ...], ...] = (
    (),
    ((3, 2),),
    ((2, 1),),
    ((3, 1),),
    ((0, 1),),
    ((3, 0), (2, 1)),
    ((0, 2),),
    ((3, 0),),
    ((3, 0),),
    ((0, 2),),
    ((0, 1), (3, 2)),
    ((0, 1),),
    ((3, 1),),
    ((2, 1),),
    ((3, 2),),
    (),
)


def contour(rows: Sequence[Sequence[float]], level: float) -> list[tuple[Point, ...]]:
    """Return the lines along which the grid crosses a level, as joined points.

    Value (x, y) of the grid stands at the point (x + 0.5, y + 0.5). What is outside
    counts as low, so that lines close along the border.

    Args:
        rows: The grid.
        level: What counts as high.
    """
    low = [level - 255.0] * (len(rows[0]) + 2)
    padded = [low, *([low[0], *row, low[0]] for row in rows), low]
    steps: dict[Point, list[Point]] = {}
    for y in range(len(padded) - 1):
        above, below = padded[y], padded[y + 1]
        for x in range(len(above) - 1):
            corners = (above[x], above[x + 1], below[x + 1], below[x])
            kind = sum(8 >> i for i, value in enumerate(corners) if value >= level)
            for one, other in _CROSSINGS[kind]:
                start, end = _crossing(x, y, one, corners, level), _crossing(x, y, other, corners, level)
                steps.setdefault(start, []).append(end)
                steps.setdefault(end, []).append(start)
    return _joined(steps)


def _crossing(x: int, y: int, side: int, corners: tuple[float, float, float, float], level: float) -> Point:
    """Return where the level crosses a side of the cell at (x, y) of the padded grid."""
    top_left, top_right, bottom_right, bottom_left = corners
    left, top = x - 0.5, y - 0.5
    if side == 0:
        return left + _part(top_left, top_right, level), top
    if side == 1:
        return left + 1, top + _part(top_right, bottom_right, level)
    if side == 2:
        return left + _part(bottom_left, bottom_right, level), top + 1
    return left, top + _part(top_left, bottom_left, level)


def _part(one: float, other: float, level: float) -> float:
    return (level - one) / (other - one)


def _joined(steps: dict[Point, list[Point]]) -> list[tuple[Point, ...]]:
    """Join steps into closed lines: every point has a step on either side."""
    lines = []
    while steps:
        start = next(iter(steps))
        line = [start]
        while (ends := steps.get(line[-1])) is not None:
            here, there = line[-1], ends.pop()
            if not ends:
                del steps[here]
            back = steps.get(there)
            if back is not None and here in back:
                back.remove(here)
                if not back:
                    del steps[there]
            line.append(there)
        lines.append(tuple(line))
    return lines
