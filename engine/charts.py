"""Line charts as SVG, written without a plotting library, for files and for pages.

A chart paints its own ground, in the reader's light or dark, so it is readable wherever it stands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias
from xml.etree import ElementTree as Xml

Point: TypeAlias = tuple[float, float]
Lines: TypeAlias = Mapping[str, Sequence[Point]]
Interval: TypeAlias = tuple[float, float, float]
Marks: TypeAlias = Mapping[float, str]

# In light and in dark.
PAPER, INK, GRID = ("#ffffff", "#262524"), ("#1f1e1d", "#f0eeeb"), ("#e2dfdb", "#383634")
_LIGHT = ("#9c4526", "#2c6488", "#5b6d24", "#6639ba", "#0b6e69", "#a3195b")
_DARK = ("#ec9a76", "#7fb6dc", "#b3c774", "#d2a8ff", "#63cfc7", "#ff9ac0")
COLOURS = tuple(zip(_LIGHT, _DARK, strict=True))
# Of another number than the colours, so that twelve series all look different.
DASHES = ("none", "7 3", "2 3", "9 3 2 3")
_LEFT, _TOP, _BOTTOM, _HEADING, _KEY, _LETTER = 64, 16, 56, 32, 64, 7.5
_MANY_POINTS = 40
# Values closer than this, as a part of their size, are drawn as equal.
_ALIKE = 1e-9


class Axis(NamedTuple):
    """One axis: its label, and marks by the values they stand at, of which the outer two are its ends."""

    label: str
    marks: Marks

    @classmethod
    def spanning(cls, label: str, values: Sequence[float], about: int = 5) -> Axis:
        """Return an axis that holds all values, with about so many steps between round numbers."""
        return cls(label, {tick: f"{tick:,.10g}" for tick in ticks(values, about)})

    def part(self, value: float) -> float:
        """Return where a value lies: 0 at the axis' start, 1 at its end."""
        low, high = min(self.marks), max(self.marks)
        return (value - low) / (high - low) if high > low else 0.5


class Chart:
    """A chart with axes, to which series are added."""

    def __init__(self, title: str, x: Axis, y: Axis, *, width: int = 440, height: int = 280) -> None:
        self._title, self._x, self._y, self._width, self._height = title, x, y, width, height
        self._names: list[str] = []
        self._body = Xml.Element("g")
        self._draw_axes()

    def add_series(
        self, name: str, points: Sequence[Point], notes: Sequence[str], intervals: Sequence[Interval] = ()
    ) -> None:
        """Draw a line through points, a note on each, and (x, low, high) intervals of y."""
        colour, dash = f"colour{len(self._names) % len(COLOURS)}", DASHES[len(self._names) % len(DASHES)]
        for x, low, high in intervals:
            self._line(f"interval {colour}", self._at((x, low)), self._at((x, high)))
        places = [self._at(point) for point in points]
        outline = " ".join(f"{x},{y}" for x, y in places)
        _add(self._body, "polyline", f"series {colour}", points=outline, stroke_dasharray=dash)
        # Dots on a long curve would hide it; a lone point without one would not be seen.
        if len(places) <= _MANY_POINTS:
            for (x, y), note in zip(places, notes, strict=True):
                _add(_add(self._body, "circle", colour, cx=x, cy=y, r=3), "title", text=note)
        self._add_name(name, f"series {colour}", dash)

    def add_ideal(self, name: str) -> None:
        """Draw the line on which y is x."""
        start, end = (self._at((x, x)) for x in (min(self._x.marks), max(self._x.marks)))
        self._line("ink ideal", start, end, "4 4")
        self._add_name(name, "ink ideal", "4 4")

    def embed(self) -> str:
        """Return an element for an HTML page that has STYLE among its styles and a heading above."""
        return Xml.tostring(self._root(0), encoding="unicode")

    def write(self, path: Path) -> None:
        """Write an SVG file that needs nothing beside it."""
        root = self._root(_HEADING)
        root.set("xmlns", "http://www.w3.org/2000/svg")
        _add(root, "text", "ink heading", text=self._title, x=_LEFT, y=-4)
        Xml.indent(root)
        path.write_text(Xml.tostring(root, encoding="unicode") + "\n", encoding="utf-8", newline="\n")

    def _root(self, above: int) -> Xml.Element:
        width = _LEFT + self._width + _KEY + math.ceil(_LETTER * max(map(len, self._names), default=0))
        height = above + _TOP + self._height + _BOTTOM
        root = Xml.Element("svg", {"class": "chart", "role": "img", "aria-label": self._title})
        root.attrib |= {"viewBox": f"0 {-above} {width} {height}", "width": f"{width}", "height": f"{height}"}
        _add(root, "title", text=self._title)
        _add(root, "desc", text=f"{self._y.label} over {self._x.label}: {', '.join(self._names)}")
        if above:
            _add(root, "style", text=STYLE)
        _add(root, "rect", "paper", y=-above, width=width, height=height)
        root.append(self._body)
        return root

    def _at(self, point: Point) -> Point:
        x = _LEFT + self._x.part(point[0]) * self._width
        y = _TOP + (1 - self._y.part(point[1])) * self._height
        return round(x, 2), round(y, 2)

    def _draw_axes(self) -> None:
        right, bottom = _LEFT + self._width, _TOP + self._height
        for value, mark in self._x.marks.items():
            x, _ = self._at((value, 0.0))
            self._line("grid", (x, _TOP), (x, bottom))
            self._text("x-mark", mark, x, bottom + 18, "middle")
        for value, mark in self._y.marks.items():
            _, y = self._at((0.0, value))
            self._line("grid", (_LEFT, y), (right, y))
            self._text("y-mark", mark, _LEFT - 8, y + 4, "end")
        self._text("label", self._x.label, (_LEFT + right) / 2, bottom + 42, "middle")
        turned = self._text("label", self._y.label, -(_TOP + bottom) / 2, 16, "middle")
        turned.set("transform", "rotate(-90)")

    def _add_name(self, name: str, look: str, dash: str) -> None:
        x, y = _LEFT + self._width + 16, _TOP + 8 + 20 * len(self._names)
        self._names.append(name)
        self._line(f"key {look}", (x, y), (x + 28, y), dash)
        self._text("name", name, x + 36, y + 4, "start")

    def _line(self, look: str, start: Point, end: Point, dash: str = "none") -> None:
        (x1, y1), (x2, y2) = start, end
        _add(self._body, "line", look, x1=x1, y1=y1, x2=x2, y2=y2, stroke_dasharray=dash)

    def _text(self, look: str, text: str, x: float, y: float, anchor: str) -> Xml.Element:
        return _add(self._body, "text", f"ink {look}", text=text, x=x, y=y, text_anchor=anchor)


def line_chart(
    title: str, lines: Lines, x_label: str, y_label: str, marks: Marks | None = None, from_zero: bool = False
) -> Chart:
    """Return a chart of lines, such as learning curves.

    Args:
        title: What it shows.
        lines: Points (x, y) by name, in order of x. Points that aren't finite are left out.
        x_label: What x is.
        y_label: What y is.
        marks: Marks on the x axis, both ends among them; round numbers if left out.
        from_zero: Whether the y axis holds 0 even if no point is there.

    Raises:
        ValueError: There is no finite point.
    """
    finite = {name: [p for p in line if all(map(math.isfinite, p))] for name, line in lines.items()}
    points = [p for line in finite.values() for p in line]
    if not points:
        raise ValueError(f"nothing to draw in “{title}”: there is no finite point")
    x_axis = Axis(x_label, marks) if marks else Axis.spanning(x_label, [x for x, _ in points])
    chart = Chart(title, x_axis, Axis.spanning(y_label, [y for _, y in points] + [0.0] * from_zero))
    for name, line in finite.items():
        chart.add_series(name, line, [f"{name}: {x_axis.marks.get(x, f'{x:g}')}, {y:.4g}" for x, y in line])
    return chart


def ticks(values: Sequence[float], about: int = 5) -> tuple[float, ...]:
    """Return at least two round numbers at equal distances, from the least value or below to the greatest."""
    low, high = min(values), max(values)
    if high - low <= _ALIKE * max(1.0, abs(low), abs(high)):
        margin = abs(low) / 2
        low, high = (low - margin, high + margin) if margin > _ALIKE else (0.0, 1.0)
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10, 20) if m * power >= rough * (1 - _ALIKE))
    first, last = math.floor(low / step + _ALIKE), math.ceil(high / step - _ALIKE)
    return tuple(float(f"{i * step:.12g}") for i in range(first, last + 1))


def _add(
    parent: Xml.Element, tag: str, look: str = "", *, text: str | None = None, **attributes: object
) -> Xml.Element:
    named = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    element = Xml.SubElement(parent, tag, {"class": look} | named if look else named)
    element.text = text
    return element


def _colours(dark: bool) -> str:
    named = {"paper": PAPER, "ink": INK, "grid": GRID} | {f"colour{i}": c for i, c in enumerate(COLOURS)}
    return "\n".join(f".chart .{name} {{ fill: {c[dark]}; stroke: {c[dark]}; }}" for name, c in named.items())


STYLE = f"""
{_colours(dark=False)}
@media (prefers-color-scheme: dark) {{
{_colours(dark=True)}
}}
.chart text.ink {{ stroke: none; font: 12px system-ui, sans-serif; }}
.chart text.heading {{ font-size: 15px; font-weight: 600; }}
.chart .series {{ fill: none; stroke-width: 2; stroke-linejoin: round; }}
"""
