"""Reliability diagrams, which show whether strength means what it promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.charts import Axis, Chart
from engine.training.reliability import Bin

IDEAL = "as promised"


def reliability_chart(path: Path, tables: Mapping[str, Sequence[Bin]], title: str) -> None:
    """Write a reliability diagram: share relevant over mean strength, with 95 % intervals.

    Args:
        path: The SVG file.
        tables: Bins by the name of what they were measured on.
        title: What it shows.
    """
    x_axis = Axis.spanning("strength shown", (0.0, 1.0), about=10)
    y_axis = Axis.spanning("share judged relevant", (0.0, 1.0), about=10)
    chart = Chart(title, x_axis, y_axis, width=360, height=360)
    chart.add_ideal(IDEAL)
    for name, bins in tables.items():
        notes = [
            f"{name}, {b.low:g} to {b.high:g}: {b.count} matches, {b.relevant:.0%} relevant" for b in bins
        ]
        intervals = [(b.strength, *b.interval) for b in bins]
        chart.add_series(name, [(b.strength, b.relevant) for b in bins], notes, intervals)
    chart.write(path)
