"""Counts, durations and folders as a person would say them."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import Qt

from engine import ExportProgress, ExportReport, KnownError, LibraryCounts, Progress, printable

NAMED = 3  # so many photos that could not be copied are named, the others counted


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """Translate a sentence that belongs to no class; all of these share the context without a name.

    Args:
        text: The sentence.
        comment: What a translator must know about it.
        n: The number in it, whose grammatical form the translation chooses.
    """
    return QCoreApplication.translate("", text, comment, n)


def number(count: int) -> str:
    """Return a count with the user's digit grouping."""
    return QLocale().toString(count)


def photos(count: int) -> str:
    """Return "1 photo", "48,210 photos"."""
    return tr("1 photo") if count == 1 else tr("{n} photos", "", count).format(n=number(count))


def selected(count: int) -> str:
    """Return "12 photos selected"; "" for one, which needs no telling."""
    return "" if count < 2 else tr("{n} photos selected", "", count).format(n=number(count))


def files(count: int) -> str:
    """Return "1 file", "3 files"."""
    return tr("1 file") if count == 1 else tr("{n} files", "", count).format(n=number(count))


def size(count: int) -> str:
    """Return a number of bytes as "69.9 MB"."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def shortened(text: str, limit: int) -> str:
    """Return a text, cut with an ellipsis where it has more letters than a limit."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def tool_tip(text: str) -> str:
    """Return a text for a tool tip, where a name like "<b>" would be read as markup."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def folder_name(folder: Path | None) -> str:
    """Return a folder's own name, or its whole path where it has none (a drive)."""
    return "" if folder is None else printable(folder.name or folder)


def about_file(error: KnownError) -> KnownError:
    """Return an error that names the file concerned without the folders that lead to it."""
    if error.path is None:
        return error
    return KnownError(f"{printable(Path(error.path).name)}: {error.what}", hint=error.hint)


def remaining(seconds: float | None) -> str:
    """Return "about 4 min", rounded up so that it never promises too much; "" where unknown."""
    if seconds is None:
        return ""
    if seconds < 60:
        return tr("less than a minute")
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return tr("about {m} min").format(m=minutes)
    hours, minutes = divmod(math.ceil(minutes / 10) * 10, 60)
    return (
        tr("about {h} h {m} min").format(h=hours, m=minutes) if minutes else tr("about {h} h").format(h=hours)
    )


def rate(per_second: float | None) -> str:
    """Return "26 a second", "40 a minute" where that says more; "" where unknown."""
    if per_second is None:
        return ""
    if (count := round(per_second)) >= 2:
        return tr("{n} a second", "", count).format(n=number(count))
    count = round(per_second * 60)
    return tr("{n} a minute", "", count).format(n=number(count)) if count else ""


def library(counts: LibraryCounts) -> str:
    """Return the library in a few words: "48,210 photos · 12 missing"."""
    parts = [photos(counts.photos)]
    if counts.missing:
        parts.append(tr("{n} missing", "", counts.missing).format(n=number(counts.missing)))
    return " · ".join(parts)


def progress(state: Progress) -> str:
    """Return what the indexer does: "Reading Winter: 1,204 of 3,300 · 26 a second · about 4 min"."""
    folder = folder_name(state.folder)
    if state.phase in ("waiting", "scanning"):
        found = tr("{n} to read").format(n=files(state.total))
        doing, pace = tr("Looking through {folder}: {found}").format(folder=folder, found=found), []
    else:
        doing = tr("Reading {folder}: {done} of {total}").format(
            folder=folder, done=number(state.done), total=number(state.total)
        )
        pace = [rate(state.rate), remaining(state.remaining)]
    if state.paused:
        pace = [tr("paused")]
    return " · ".join(filter(None, (doing, *pace)))


def copying(progress: ExportProgress, folder: str) -> str:
    """Return what is being copied: "Copying to Stick: 37 of 500"."""
    if not progress.total:
        return tr("Copying to {folder}…").format(folder=folder)
    return tr("Copying to {folder}: {done} of {total}").format(
        folder=folder, done=number(progress.done), total=number(progress.total)
    )


def exported(report: ExportReport, folder: str) -> str:
    """Return what became of photos that were to be copied, and why some were not."""
    texts = {
        "done": tr("Copied {n} of {all} photos to {folder}.", "", report.total),
        "stopped": tr("Stopped: {n} of {all} photos were copied to {folder}.", "", report.total),
        "full": tr("Copied {n} of {all}; the disk is full."),
        "unwritable": tr("Copied {n} of {all}; {folder} can't be written any more ({why})."),
    }
    if report.end == "done" and report.copied == report.total:
        texts["done"] = tr("Copied {photos} to {folder}.")
    elif report.total == 1 and not report.copied:
        texts["done"] = tr("The photo was not copied to {folder}.")
        texts["stopped"] = tr("Stopped: the photo was not copied to {folder}.")
    told = texts[report.end].format(
        photos=photos(report.copied),
        n=number(report.copied),
        all=number(report.total),
        folder=folder,
        why=report.detail,
    )
    return f"{told} {_not_copied(report)}".rstrip()


def _not_copied(report: ExportReport) -> str:
    if not report.failed:
        return ""
    named = [f"{printable(skip.path.name)} ({skip.reason})" for skip in report.failed[:NAMED]]
    if more := len(report.failed) - len(named):
        named.append(tr("{n} more", "", more).format(n=number(more)))
    return tr("Not copied: {names}.").format(names=", ".join(named))
