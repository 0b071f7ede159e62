"""An evaluation as one page that needs nothing beside it: no scripts, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import log10
from pathlib import Path

from engine.charts import line_chart
from engine.errors import printable
from engine.evaluation.results import EvaluationReport
from engine.evaluation.study import AnsweredCaption, Group, Study
from engine.evaluation.style import STYLE
from engine.recall import Recall
from engine.wording import counted

GENERATOR = '<meta name="generator" content="Sgraffito">'  # by which a report is known as one of ours
_WORDS = 15


def build_page(
    report: EvaluationReport,
    curves: Sequence[tuple[str, Sequence[tuple[int, Recall]]]],
    milliseconds: Sequence[tuple[int, float]],
    study: Study,
) -> str:
    """Return the page as HTML.

    Args:
        report: The figures in short.
        curves: Name of a direction, and (candidates, recall) in ascending order.
        milliseconds: (candidates, milliseconds) in ascending order.
        study: The captions one by one.
    """
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n{GENERATOR}',
            f"<title>Evaluation</title>\n<style>{STYLE}</style>\n</head>\n<body>",
            *_summary(report),
            *(part for name, curve in curves for part in _curve(name, curve)),
            *_latency(milliseconds),
            *_lengths(study.lengths),
            *_words(study),
            *_answers(
                "Captions that found their photo",
                "The own photo came first; at the top are those that the coarse filter had placed last.",
                study.best,
            ),
            *_answers(
                "Captions that did not",
                "Those whose own photo came last of all.",
                study.worst,
            ),
            "</body>\n</html>\n",
        ]
    )


def bar(percent: float) -> str:
    """Return a small SVG bar of 0 to 100 percent."""
    return (
        '<svg class="bar" viewBox="0 0 100 8" aria-hidden="true">'
        '<rect class="rest" width="100" height="8" rx="2"/>'
        f'<rect width="{percent:.1f}" height="8" rx="2"/></svg>'
    )


def _summary(report: EvaluationReport) -> Iterable[str]:
    yield "<h1>Evaluation</h1>"
    parts = f" Figures are means over {report.folds} equal parts of the photos." if report.folds > 1 else ""
    yield (
        f"<p>{counted(report.images, 'photo')}, {counted(report.captions, 'caption')}, "
        f"{counted(report.candidates, 'candidate')}."
        f"{parts} In brackets: 95&nbsp;% confidence intervals, from drawing photos anew.</p>"
    )
    stages = (("Coarse filter", report.coarse), ("SGRAF", report.rerank), ("Fused", report.fused))
    for name, direction in (("Text to image", "text_to_image"), ("Image to text", "image_to_text")):
        yield _table(
            [name, "R@1", "R@5", "R@10", "Median place", "Mean place"],
            [[stage, *_figures(getattr(both, direction))] for stage, both in stages],
        )


def _figures(recall: Recall) -> list[str]:
    sure = recall.intervals
    bounds = (sure.r1, sure.r5, sure.r10) if sure else ()
    ranges = [f' <span class="range">({low:.1f}–{high:.1f})</span>' for low, high in bounds] or [""] * 3
    recalls = zip((recall.r1, recall.r5, recall.r10), ranges, strict=True)
    return [
        *(f"{percent:.1f}{shown}" for percent, shown in recalls),
        f"{recall.median_rank:.0f}",
        f"{recall.mean_rank:.1f}",
    ]


def _curve(name: str, curve: Sequence[tuple[int, Recall]]) -> Iterable[str]:
    yield f"<h2>{name}: recall and the number of candidates</h2>"
    yield "<p>With one candidate the order is that of the coarse filter.</p>"
    lines = {
        shown: [(log10(step), float(getattr(recall, field))) for step, recall in curve]
        for shown, field in (("R@10", "r10"), ("R@5", "r5"), ("R@1", "r1"))
    }
    yield _chart(f"{name}: recall and the number of candidates", lines, "percent", curve)
    yield _table(
        ["Candidates", "R@1", "R@5", "R@10", "Median place", "Mean place"],
        [[f"{step:,}", *_figures(recall)] for step, recall in curve],
    )


def _latency(milliseconds: Sequence[tuple[int, float]]) -> Iterable[str]:
    yield "<h2>Time of the closer look</h2>"
    yield "<p>Median of a few captions, measured on this machine after the evaluation.</p>"
    lines = {"median": [(log10(step), taken) for step, taken in milliseconds]}
    yield _chart("Time and the number of candidates", lines, "milliseconds", milliseconds)
    yield _table(
        ["Candidates", "Milliseconds"], [[f"{step:,}", f"{taken:.1f}"] for step, taken in milliseconds]
    )


def _chart(
    title: str, lines: dict[str, list[tuple[float, float]]], y_label: str, steps: Sequence[tuple[int, object]]
) -> str:
    marks = {log10(step): f"{step:,}" for step, _ in steps}
    return line_chart(title, lines, "candidates", y_label, marks, from_zero=True).embed()


def _lengths(groups: Sequence[Group]) -> Iterable[str]:
    yield "<h2>Short and long captions</h2>"
    lines: dict[str, list[tuple[float, float]]] = {
        "R@10": [(place, group.r10) for place, group in enumerate(groups)],
        "R@1": [(place, group.r1) for place, group in enumerate(groups)],
    }
    marks = {float(place): group.name for place, group in enumerate(groups)}
    title = "Recall and the length of captions"
    yield line_chart(title, lines, "words", "percent", marks, from_zero=True).embed()
    yield _groups("Words", groups)


def _words(study: Study) -> Iterable[str]:
    yield "<h2>Words</h2>"
    if not study.words:
        yield f"<p>No word is in {study.fewest} captions or more.</p>"
        return
    yield f"<p>Recall of the captions that hold a word, for words in {study.fewest} captions or more.</p>"
    shown = min(_WORDS, (len(study.words) + 1) // 2)
    yield _groups("Hardest", study.words[:shown])
    yield _groups("Easiest", study.words[: -shown - 1 : -1])


def _groups(name: str, groups: Sequence[Group]) -> str:
    return _table(
        [name, "Captions", "R@1", "", "R@10", ""],
        [
            [_text(g.name), f"{g.captions:,}", f"{g.r1:.1f}", bar(g.r1), f"{g.r10:.1f}", bar(g.r10)]
            for g in groups
        ],
    )


def _answers(title: str, sentence: str, answers: Sequence[AnsweredCaption]) -> Iterable[str]:
    yield f"<h2>{title}</h2>\n<p>{sentence}</p>"
    for answer in answers:
        yield f"<section>\n<h3>{_text(answer.caption)}</h3>"
        yield (
            f"<p>Own photo: place {answer.coarse_place:,} by the coarse filter, "
            f"{answer.fused_place:,} fused.</p>"
        )
        shown = [_photo(path, place, answer) for place, path in enumerate(answer.best, start=1)]
        if answer.photo not in answer.best:
            shown.append(_photo(answer.photo, answer.fused_place, answer))
        yield f'<div class="photos">{"".join(shown)}</div>\n</section>'


def _photo(path: Path, place: int, answer: AnsweredCaption) -> str:
    own = path == answer.photo
    return (
        f"<figure{' class=own' if own else ''}>"
        f'<img src="{escape(path.resolve().as_uri())}" alt="{_text(path.name)}" loading="lazy">'
        f"<figcaption>{place:,}{' · own photo' if own else ''}</figcaption></figure>"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    return (
        f'<div class="wide"><table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'
    )


def _text(text: str) -> str:
    return escape(printable(text))
