"""`evaluate-official`: the paper's protocol on the authors' files."""

from __future__ import annotations

from argparse import Namespace

from engine.cli.evaluate import INTERVALS, figures, heading
from engine.cli.terminal import print_json, print_result, progress_bar
from engine.models import choose_device
from engine.sgraf.official import evaluate_official
from engine.wording import counted


def run(args: Namespace) -> int:
    """Evaluate the authors' checkpoints and print the figures."""
    with progress_bar("pair") as show:
        report = evaluate_official(
            args.checkpoint,
            args.features,
            args.vocab,
            args.split,
            fold5=args.fold5,
            progress=lambda done, total: show("Scoring pairs", done, total),
            device=choose_device(args.device),
        )
    if args.json:
        print_json(report.to_json())
        return 0
    photos, captions = counted(report.images, "photo"), counted(report.captions, "caption")
    print_result(f"{photos}, {captions}, rsum {report.rsum:.1f}")
    print_result(heading(""))
    print_result(figures("text → image", report.text_to_image))
    print_result(figures("image → text", report.image_to_text))
    print_result(f"\n{INTERVALS}")
    return 0
