"""`python -m engine.training STAGE… --data FOLDER --run FOLDER`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch

from engine.errors import KnownError
from engine.models.packs import read_pack
from engine.training import assessment, stages
from engine.training.coarse import CoarseRecipe
from engine.training.distil import DistilRecipe
from engine.training.image_tower import ImageRecipe
from engine.training.paper import PaperRecipe
from engine.training.reranking import RerankRecipe
from engine.training.run import Run
from engine.training.text_tower import TextRecipe
from engine.training.together import TogetherRecipe

_RUNS = {
    "text": stages.text,
    "together": stages.together,
    "halves": stages.halves,
    "teach": stages.teach,
    "image": stages.image,
    "second": stages.second,
    "features": stages.features,
    "coarse": stages.coarse,
    "rerank": stages.rerank,
    "calibrate": assessment.calibrate,
    "distil": assessment.distil,
    "ablate": assessment.ablate,
    "paper": assessment.paper,
}
STAGES = ("adopt", *_RUNS, "pack")
ALL = ("text", "halves", "teach", "image", "second", "features", "rerank", "calibrate", "pack")


def main(arguments: list[str] | None = None) -> int:
    """Run the stages named on the command line, in order."""
    # Imported here: the sources' packages are an extra that only training needs.
    from engine.training.sources import Pretrained

    options = _options(arguments)
    image, together, coarse, rerank = ImageRecipe(), TogetherRecipe(), CoarseRecipe(), RerankRecipe()
    if options.image_epochs is not None:
        image = replace(image, epochs=options.image_epochs)
        together = replace(together, epochs=options.image_epochs)
    if options.coarse_epochs is not None:
        coarse = replace(coarse, epochs=options.coarse_epochs)
    if options.rerank_epochs is not None:
        rerank = replace(rerank, epochs=options.rerank_epochs)
    options.run.mkdir(parents=True, exist_ok=True)
    run = Run(
        data=options.data,
        folder=options.run,
        backbones=Pretrained(),
        text=TextRecipe(),
        image=image,
        together=together,
        coarse=coarse,
        rerank=rerank,
        distil=DistilRecipe(),
        paper=PaperRecipe(),
        views=options.views,
        share=options.share,
        device=torch.device(options.device),
        log=_log,
    )
    try:
        _run_stages(run, options)
    except KnownError as error:
        _log(f"engine.training: {error}")
        return 1
    return 0


def _run_stages(run: Run, options: argparse.Namespace) -> None:
    for stage in options.stages:
        if stage == "adopt":
            stages.adopt(run, read_pack(options.pack))
        elif stage == "pack":
            written = stages.pack(run, options.out, options.name)
            _log(f"wrote {written.pack_id} to {options.out}")
        else:
            _RUNS[stage](run)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if "all" in options.stages:
        options.stages = ALL
    if "pack" in options.stages and not options.name:
        parser.error("the stage pack needs --name, such as --name sgraffito-7")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m engine.training", description="Train the bundled model pack, stage by stage."
    )
    parser.add_argument(
        "stages", nargs="+", choices=(*STAGES, "all"), metavar="STAGE", help=", ".join(STAGES)
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the captioned photos")
    parser.add_argument(
        "--run", type=Path, default=Path("runs/pack"), help="folder of the run (default: %(default)s)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("resources/models/sgraffito"), help="where the pack goes"
    )
    parser.add_argument(
        "--pack", type=Path, help="the pack whose towers the stage adopt takes (default: the bundled one)"
    )
    parser.add_argument("--name", help="name of the pack; the stage pack needs one")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default: %(default)s)")
    parser.add_argument("--views", type=int, default=2, help="views of each photo (default: %(default)s)")
    parser.add_argument(
        "--share", type=_share, default=1.0, help="share of the photos to learn from (default: %(default)s)"
    )
    parser.add_argument("--image-epochs", type=int, help="epochs of the image towers")
    parser.add_argument("--coarse-epochs", type=int, help="epochs of the coarse heads alone")
    parser.add_argument("--rerank-epochs", type=int, help="epochs of SGRAF")
    return parser


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no share: more than 0, at most 1")
    return share


def _log(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
