"""`evaluate`: recall on captioned photos."""

from __future__ import annotations

from argparse import Namespace

from engine.cli.session import open_models
from engine.cli.terminal import print_json, print_result, progress_bar
from engine.evaluation import BothDirections, EvaluationReport, evaluate
from engine.recall import Recall


def run(args: Namespace) -> int:
    """Evaluate and print the figures."""
    with progress_bar("step") as show:
        report = evaluate(
            open_models(args),
            args.images,
            args.captions,
            split=args.split,
            candidates=args.candidates,
            progress=show,
        )
    if args.json:
        print_json(report.to_json())
    else:
        print_result(_table(report))
    return 0


def figures(recall: Recall) -> str:
    """Return recalls in percent and ranks as columns."""
    recalls = f"{recall.r1:6.1f} {recall.r5:6.1f} {recall.r10:6.1f}"
    return f"{recalls} {recall.median_rank:6.0f} {recall.mean_rank:7.1f}"


COLUMNS = "   R@1    R@5   R@10 median    mean"


def _table(report: EvaluationReport) -> str:
    rows: list[tuple[str, BothDirections]] = [
        ("coarse filter", report.coarse),
        ("SGRAF", report.rerank),
        ("fused", report.fused),
    ]
    return "\n".join(
        [
            f"{report.images} photos, {report.captions} captions, {report.candidates} candidates",
            f"{'':14}  {'text → image':^35}  {'image → text':^35}",
            f"{'':14}  {COLUMNS}  {COLUMNS}",
            *(f"{name:14}  {figures(f.text_to_image)}  {figures(f.image_to_text)}" for name, f in rows),
        ]
    )
