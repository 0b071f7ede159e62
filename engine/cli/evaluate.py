"""`evaluate`: recall on captioned photos."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from engine.cli.session import open_models
from engine.cli.terminal import print_json, print_message, print_result, progress_bar
from engine.errors import printable
from engine.evaluation import EvaluationReport, examine, prepare_report_folder, write_report
from engine.recall import Recall
from engine.wording import counted

INTERVALS = "In brackets: 95 % confidence intervals."
_WIDTH = 20


def run(args: Namespace) -> int:
    """Evaluate and print the figures."""
    if args.report is not None:
        prepare_report_folder(args.report, args.images)
    models = open_models(args)
    with progress_bar("step") as show:
        evaluation = examine(
            models,
            args.images,
            args.captions,
            split=args.split,
            candidates=args.candidates,
            folds=args.folds,
            progress=show,
        )
    report = evaluation.report()
    if args.json:
        print_json(report.to_json())
    else:
        print_result(_table(report))
    if args.report is not None:
        page = write_report(args.report, evaluation, models)
        # JSON on stdout stays one document.
        print_message(f"The report is in {printable(page)}")
    return 0


def heading(name: str) -> str:
    """Return the names of the columns of `figures`."""
    recalls = "".join(f"{column:>6}{'':{_WIDTH - 6}}" for column in ("R@1", "R@5", "R@10"))
    return f"{name:13}{recalls}{'median':>6} {'mean':>7}"


def figures(name: str, recall: Recall) -> str:
    """Return recalls in percent, with their intervals if known, and ranks as columns."""
    sure = recall.intervals
    bounds = (sure.r1, sure.r5, sure.r10) if sure else (None, None, None)
    columns = (
        f"{percent:6.1f} " + ("" if bound is None else f"({bound[0]:.1f}–{bound[1]:.1f})")
        for percent, bound in zip((recall.r1, recall.r5, recall.r10), bounds, strict=True)
    )
    recalls = "".join(f"{column:{_WIDTH}}" for column in columns)
    return f"{name:13}{recalls}{recall.median_rank:6.0f} {recall.mean_rank:7.1f}"


def _table(report: EvaluationReport) -> str:
    sizes = ((report.images, "photo"), (report.captions, "caption"), (report.candidates, "candidate"))
    lines = [", ".join(counted(number, name) for number, name in sizes)]
    if report.folds > 1:
        lines[0] += f", mean of {report.folds} folds of {counted(report.images // report.folds, 'photo')}"
    stages = (("coarse filter", report.coarse), ("SGRAF", report.rerank), ("fused", report.fused))
    lines += _block("text → image", [(name, both.text_to_image) for name, both in stages])
    lines += _block("image → text", [(name, both.image_to_text) for name, both in stages])
    return "\n".join([*lines, "", INTERVALS])


def _block(direction: str, rows: Sequence[tuple[str, Recall]]) -> list[str]:
    return ["", heading(direction), *(figures(name, recall) for name, recall in rows)]
