from __future__ import annotations

import numpy as np

from engine.training.plots import reliability_chart
from engine.training.reliability import reliability_table
from tests.engine.drawings import of_class, points, read, scale


def test_a_reliability_diagram_has_its_intervals_and_the_ideal(tmp_path):
    random = np.random.default_rng(0)
    strength = random.random(500)
    bins = reliability_table(strength, random.random(500) < strength)
    reliability_chart(tmp_path / "r.svg", {"dev": bins, "dev2": bins[:4]}, "Reliability")
    root = read(tmp_path / "r.svg")
    drawn = points(root)
    np.testing.assert_allclose(drawn[0], [(b.strength, b.relevant) for b in bins], atol=0.002)
    assert len(drawn[1]) == 4
    x, y = scale(root, "x"), scale(root, "y")
    first = of_class(root, "line", "interval")[0]
    found = [x(float(first.get("x1", ""))), y(float(first.get("y1", ""))), y(float(first.get("y2", "")))]
    np.testing.assert_allclose(found, [bins[0].strength, *bins[0].interval], atol=0.002)
    ideal = of_class(root, "line", "ideal")[0]
    assert [round(x(float(ideal.get(f"x{i}", ""))), 2) for i in (1, 2)] == [0, 1]
    assert [round(y(float(ideal.get(f"y{i}", ""))), 2) for i in (1, 2)] == [0, 1]
    assert [name.text for name in of_class(root, "text", "name")] == ["as promised", "dev", "dev2"]
    note = next(root.iter("circle")).findtext("title") or ""
    assert note.startswith("dev, 0 to 0.1: ")
