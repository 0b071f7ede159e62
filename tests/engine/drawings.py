"""Charts read back, as their readers see them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np


def read(path: Path) -> Xml.Element:
    """Return the document without its namespace."""
    root = Xml.parse(path).getroot()
    for element in root.iter():
        element.tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
    return root


def of_class(root: Xml.Element, tag: str, name: str) -> list[Xml.Element]:
    return [e for e in root.iter(tag) if name in e.get("class", "").split()]


def scale(root: Xml.Element, axis: str) -> Callable[[float], float]:
    """Return the function from a place on the page to a value, as a reader takes it from the marks."""
    marks = of_class(root, "text", f"{axis}-mark")
    values = [float((mark.text or "").replace(",", "")) for mark in marks]
    places = [float(mark.get(axis, "")) - (4 if axis == "y" else 0) for mark in marks]
    slope, start = np.polyfit(places, values, 1)
    assert slope > 0 if axis == "x" else slope < 0  # to the right, and upwards
    return lambda place: start + slope * place


def points(root: Xml.Element) -> list[list[tuple[float, float]]]:
    """Return the values of each line's points, read off the axes."""
    x, y = scale(root, "x"), scale(root, "y")
    lines = of_class(root, "polyline", "series")
    pairs = [[p.split(",") for p in line.get("points", "").split()] for line in lines]
    return [[(x(float(a)), y(float(b))) for a, b in line] for line in pairs]
