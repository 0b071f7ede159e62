"""Charts: well-formed, within their bounds, true to the numbers, and readable."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import charts
from engine.charts import Axis, Chart, line_chart, ticks
from tests.engine.drawings import of_class, points, read, scale

CURVES = {"train": [(1, 4.0), (2, 2.5), (3, 2.0)], "dev": [(1, 4.2), (2, 3.0), (3, 2.9)]}
HEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=8)


def drawn(chart: Chart) -> Xml.Element:
    return Xml.fromstring(chart.embed())


def written(chart: Chart, path: Path) -> Xml.Element:
    chart.write(path)
    return read(path)


def test_points_land_where_the_axes_say():
    root = drawn(line_chart("Loss", CURVES, "epoch", "loss"))
    for found, given_points in zip(points(root), CURVES.values(), strict=True):
        np.testing.assert_allclose(found, given_points, atol=0.02)
    dots = of_class(root, "circle", "colour0") + of_class(root, "circle", "colour1")
    assert len(dots) == 6
    assert dots[0].findtext("title") == "train: 1, 4"


def test_marks_of_its_own_stand_where_they_belong():
    marks = {0.0: "1", 1.0: "10", 2.0: "<100>"}
    root = drawn(line_chart("Recall", {"R@1": [(0, 20.0), (1, 40.0)]}, "x", "y", marks, from_zero=True))
    assert [mark.text for mark in of_class(root, "text", "x-mark")] == ["1", "10", "<100>"]
    places = [float(mark.get("x", "")) for mark in of_class(root, "text", "x-mark")]
    line = [tuple(map(float, p.split(","))) for p in root.find(".//polyline").get("points").split()]
    assert [x for x, _ in line] == places[:2]
    assert of_class(root, "text", "y-mark")[0].text == "0"
    assert [dot.findtext("title") for dot in root.iter("circle")] == ["R@1: 1, 20", "R@1: 10, 40"]


@pytest.mark.parametrize("alone", [True, False])
def test_a_chart_says_what_it_shows(tmp_path, alone):
    chart = line_chart("Loss & <recall>", CURVES | {"<b>": [(1, 1)]}, "epoch & more", "loss")
    root = written(chart, tmp_path / "c.svg") if alone else drawn(chart)
    assert root.get("role") == "img"
    assert root.findtext("title") == root.get("aria-label") == "Loss & <recall>"
    assert root.findtext("desc") == "loss over epoch & more: train, dev, <b>"
    texts = {e.text for e in root.iter("text")}
    assert {"epoch & more", "loss", "train", "dev", "<b>"} <= texts
    assert ("Loss & <recall>" in texts) is alone


def test_only_a_file_brings_its_own_style(tmp_path):
    chart = line_chart("Loss", CURVES, "epoch", "loss")
    assert written(chart, tmp_path / "c.svg").findtext("style") == charts.STYLE
    assert drawn(chart).find("style") is None


def test_the_style_leaves_the_page_around_alone():
    selectors = re.findall(r"^(.+?) \{", charts.STYLE, re.M)
    assert all(selector.startswith((".chart", "@media")) for selector in selectors)


@settings(deadline=None)
@given(HEIGHTS, HEIGHTS)
def test_points_stay_inside_and_in_proportion(first, second):
    series = {"a": list(enumerate(first)), "b": list(enumerate(second))}
    most = max(len(first), len(second)) - 1
    marks = {float(x): str(x) for x in range(most + 1)}
    root = drawn(line_chart("t", series, "x", "y", marks, from_zero=True))
    lines = [
        [tuple(map(float, p.split(","))) for p in e.get("points").split()] for e in root.iter("polyline")
    ]
    assert [len(line) for line in lines] == [len(first), len(second)]
    highest = max(*first, *second)
    for line, values in zip(lines, (first, second), strict=True):
        for (x, y), value in zip(line, values, strict=True):
            assert 64 <= x <= 64 + 440
            assert 16 <= y <= 16 + 280
            if value == highest:
                assert y == min(y for line in lines for _, y in line)


def test_one_point_at_one_mark_is_drawn_in_the_middle():
    root = drawn(line_chart("t", {"a": [(3.0, 50.0)]}, "x", "y", {3.0: "1,000"}))
    dots = list(root.iter("circle"))
    assert [dot.get("cx") for dot in dots] == [str(64 + 440 / 2)]


def test_every_series_has_its_own_look_and_place_in_the_legend(tmp_path):
    names = [f"run {i}" for i in range(12)]
    chart = line_chart("Runs", {n: [(0, i), (1, i + 1)] for i, n in enumerate(names)}, "x", "y")
    root = written(chart, tmp_path / "c.svg")
    style = root.findtext("style") or ""
    looks = set()
    for line in of_class(root, "polyline", "series"):
        colour = line.get("class", "").split()[-1]
        strokes = re.findall(rf"^\.chart \.{colour} {{.* stroke: (\S+); }}", style, re.M)
        assert len(strokes) == 2
        looks.add((*strokes, line.get("stroke-dasharray")))
    assert len(looks) == len(names)
    places = [float(e.get("y", "")) for e in of_class(root, "text", "name")]
    assert len(places) == len(names)
    assert np.diff(places).min() >= 16
    assert places[-1] < float(root.get("height", "0"))


def test_intervals_and_the_ideal_are_drawn_to_scale():
    axis = Axis.spanning("share", (0.0, 1.0), about=10)
    chart = Chart("t", axis, axis)
    chart.add_ideal("ideal")
    chart.add_series("a", [(0.5, 0.4)], ["half"], [(0.5, 0.3, 0.6)])
    root = drawn(chart)
    x, y = scale(root, "x"), scale(root, "y")
    for name, ends in (("ideal", (0, 0, 1, 1)), ("interval", (0.5, 0.3, 0.5, 0.6))):
        line = of_class(root, "line", name)[0]
        x1, y1, x2, y2 = (float(line.get(end, "")) for end in ("x1", "y1", "x2", "y2"))
        np.testing.assert_allclose([x(x1), y(y1), x(x2), y(y2)], ends, atol=0.002)


def test_points_that_are_not_finite_are_left_out():
    chart = line_chart("t", {"a": [(0, 1.0), (1, float("nan")), (2, float("inf"))]}, "x", "y")
    assert [len(line) for line in points(drawn(chart))] == [1]
    with pytest.raises(ValueError, match="nothing to draw in “t”"):
        line_chart("t", {"a": [(0, float("nan"))]}, "x", "y")


def test_a_long_curve_has_no_dots():
    root = drawn(line_chart("t", {"a": [(i, i * i) for i in range(200)]}, "x", "y"))
    assert not list(root.iter("circle"))
    assert len(points(root)[0]) == 200


@pytest.mark.parametrize("dark", [False, True])
def test_both_themes_are_readable(dark):
    paper = charts.PAPER[dark]
    assert contrast(charts.INK[dark], paper) >= 7
    assert 1.1 < contrast(charts.GRID[dark], paper) < 3
    assert all(contrast(colour[dark], paper) >= 4.5 for colour in charts.COLOURS)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours."""
    light, dark = sorted(map(luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_ticks_are_few_round_and_hold_all_values(values):
    found = ticks(values)
    assert 2 <= len(found) <= 9
    steps = np.diff(found)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-3)
    assert steps[0] > 0
    tolerance = 1e-6 * steps[0] + 1e-9 * max(map(abs, values))
    assert found[0] - tolerance <= min(values) <= max(values) <= found[-1] + tolerance


@settings(deadline=None)
@given(st.floats(1e-6, 1e9))
def test_ticks_from_zero_reach_the_highest_value_and_not_far_beyond(highest):
    found = ticks([0.0, highest])
    assert found[0] == 0
    assert found[-1] >= highest * (1 - 1e-8)
    assert 2 <= len(found) <= 6
    assert found[-2] <= highest


def test_ticks_are_the_numbers_a_person_would_choose():
    assert ticks([0, 1]) == (0, 0.2, 0.4, 0.6, 0.8, 1)
    assert ticks([0, 1], about=10) == (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
    assert ticks([1, 3, 10]) == (0, 2, 4, 6, 8, 10)
    assert ticks([0.31, 0.36]) == (0.31, 0.32, 0.33, 0.34, 0.35, 0.36)
    assert ticks([5, 5]) == (2, 3, 4, 5, 6, 7, 8)


@pytest.mark.parametrize("highest", [87.1, 100.0])
def test_percents_have_round_ticks(highest):
    assert ticks([0, highest]) == (0, 20, 40, 60, 80, 100)


@pytest.mark.parametrize("highest", [0.0, 5e-324])
def test_nothing_still_has_an_axis_from_zero(highest):
    found = ticks([0, highest])
    assert (found[0], found[-1]) == (0, 1)


@settings(deadline=None)
@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=30),
    values=st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=8),
)
def test_whatever_is_drawn_is_well_formed_and_on_the_page(tmp_path_factory, title, values):
    chart = line_chart(title, {title or "a": values}, "x", "y")
    for root in (written(chart, tmp_path_factory.getbasetemp() / "any.svg"), drawn(chart)):
        assert root.findtext("title") == title
        for line in of_class(root, "polyline", "series"):
            for pair in line.get("points", "").split():
                x, y = map(float, pair.split(","))
                assert 64 - 1e-6 <= x <= 64 + 440 + 1e-6
                assert 16 - 1e-6 <= y <= 16 + 280 + 1e-6
