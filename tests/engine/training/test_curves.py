from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from engine.training.curves import draw_curves
from engine.training.loop import Journal


def test_every_stage_gets_its_losses_and_its_recall(tmp_path: Path) -> None:
    for epoch, loss in enumerate((3.0, 2.0, 1.0), start=1):
        Journal("towers", tmp_path).write(epoch, 3, {"match": loss, "tune_r1": 10.0 * epoch, "seconds": 1.0})
    Journal("rerank", tmp_path).write(1, 1, {"sgr": 1.0, "saf": 2.0})
    drawn = draw_curves(tmp_path)
    assert sorted(p.name for p in drawn) == ["rerank-loss.svg", "towers-loss.svg", "towers-recall.svg"]
    text = (tmp_path / "towers-recall.svg").read_text()
    ElementTree.fromstring(text)
    assert "r1" in text
    assert "seconds" not in text


def test_a_stage_that_was_trained_again_shows_its_last_run_only(tmp_path: Path) -> None:
    journal = Journal("rerank", tmp_path)
    for epoch in (1, 2, 3):
        journal.write(epoch, 3, {"old": 1.0})
    journal.write(1, 1, {"new": 1.0})
    draw_curves(tmp_path)
    text = (tmp_path / "rerank-loss.svg").read_text()
    assert "new" in text
    assert "old" not in text
