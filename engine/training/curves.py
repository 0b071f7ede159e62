"""Learning curves of a run, drawn from the figures that its stages wrote down."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from engine.charts import line_chart
from engine.training.loop import METRICS

_RECALL = "tune_"


def draw_curves(folder: Path) -> list[Path]:
    """Draw losses and recall of every stage against its epochs, and return the files.

    Where a stage was trained again, only its last run counts.
    """
    stages: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for line in (folder / METRICS).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        stage, epoch = str(row.pop("stage")), int(row.pop("epoch"))
        row.pop("seconds", None)
        if epoch == 1:
            stages[stage].clear()
        for name, value in row.items():
            stages[stage][name][epoch] = float(value)
    drawn = []
    for stage, figures in stages.items():
        for kind, label in ((False, "loss"), (True, "recall")):
            series = {
                name.removeprefix(_RECALL): sorted(points.items())
                for name, points in figures.items()
                if name.startswith(_RECALL) is kind
            }
            if series:
                path = folder / f"{stage}-{label}.svg"
                line_chart(f"{stage}: {label}", series, "epoch", label).write(path)
                drawn.append(path)
    return drawn
