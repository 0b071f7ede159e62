"""The report of an evaluation: a page to read and the same figures as JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import KnownError
from engine.evaluation.examine import Evaluation
from engine.evaluation.latency import rerank_milliseconds
from engine.evaluation.page import GENERATOR, build_page
from engine.evaluation.study import study_captions

if TYPE_CHECKING:
    from engine.models import Models

PAGE = "index.html"
FIGURES = "report.json"
_KEYS = {"curves", "latency", "lengths", "words", "best", "worst"}


def prepare_report_folder(folder: Path, images: Path) -> None:
    """Make the folder of a report, so that a wrong one is known before the long work.

    Args:
        folder: Where the report shall be.
        images: Folder of the photos.

    Raises:
        KnownError: It can't be made or written, lies among the photos, or holds files of the
            report's names that are no report.
    """
    if folder.resolve().is_relative_to(images.resolve()):
        raise KnownError(
            "is among the photos, and this program never writes there.",
            path=folder,
            hint="Choose a folder elsewhere for the report.",
        )
    _check_replaceable(folder / PAGE, _is_page)
    _check_replaceable(folder / FIGURES, _are_figures)
    with _writing(folder):
        if folder.exists() and not folder.is_dir():
            raise KnownError(
                "is a file, so no report can be written into it.", path=folder, hint="Name a folder instead."
            )
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()


def write_report(folder: Path, evaluation: Evaluation, models: Models) -> Path:
    """Write a report into a folder, over an older one, and return its page.

    The closer look is timed for it on the spot.

    Args:
        folder: An existing folder.
        evaluation: What was found out.
        models: The models that were evaluated.

    Raises:
        KnownError: The folder can't be written.
    """
    report, study = evaluation.report(), study_captions(evaluation)
    there, back = evaluation.recall_curve("text_to_image"), evaluation.recall_curve("image_to_text")
    milliseconds = rerank_milliseconds(models, evaluation.encoded, [step for step, _ in there])
    figures = report.to_json() | {
        "curves": {
            name: [{"candidates": step} | recall.to_json() for step, recall in curve]
            for name, curve in (("text_to_image", there), ("image_to_text", back))
        },
        "latency": [{"candidates": step, "milliseconds": round(ms, 3)} for step, ms in milliseconds],
        "lengths": [group.to_json() for group in study.lengths],
        "words": {"fewest": study.fewest, "groups": [group.to_json() for group in study.words]},
        "best": [answer.to_json() for answer in study.best],
        "worst": [answer.to_json() for answer in study.worst],
    }
    page = build_page(report, (("Text to image", there), ("Image to text", back)), milliseconds, study)
    with _writing(folder):
        (folder / FIGURES).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        (folder / PAGE).write_text(page, encoding="utf-8")
    return folder / PAGE


def _check_replaceable(file: Path, is_ours: Callable[[str], bool]) -> None:
    """Refuse to write over a file, unless it is of an earlier report."""
    try:
        ours = is_ours(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError, RecursionError):
        ours = False
    if not ours:
        raise KnownError(
            "seems to be no report of this program, so it is not written over.",
            path=file,
            hint="Choose another folder for the report, or move this file away.",
        )


def _is_page(text: str) -> bool:
    return GENERATOR in text


def _are_figures(text: str) -> bool:
    found = json.loads(text)
    return isinstance(found, dict) and found.keys() >= _KEYS


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KnownError(
            f"the report can't be written here ({error.strerror or error}).",
            path=folder,
            hint="Choose another folder, one that you may write to.",
        ) from error
