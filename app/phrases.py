"""Counts, durations and folders as a person would say them."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from engine import LibraryCounts, Progress, printable


def tr(text: str) -> str:
    """Translate a sentence that belongs to no widget."""
    return QCoreApplication.translate("phrases", text)


def number(count: int) -> str:
    """Return a count with the user's digit grouping."""
    return QLocale().toString(count)


def photos(count: int) -> str:
    """Return "1 photo", "48,210 photos"."""
    return tr("1 photo") if count == 1 else tr("{n} photos").format(n=number(count))


def files(count: int) -> str:
    """Return "1 file", "3 files"."""
    return tr("1 file") if count == 1 else tr("{n} files").format(n=number(count))


def size(count: int) -> str:
    """Return a number of bytes as "69.9 MB"."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def folder_name(folder: Path | None) -> str:
    """Return a folder's own name, or its whole path where it has none (a drive)."""
    return "" if folder is None else printable(folder.name or folder)


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


def library(counts: LibraryCounts) -> str:
    """Return the library in a few words: "48,210 photos · 12 missing"."""
    parts = [photos(counts.photos)]
    if counts.missing:
        parts.append(tr("{n} missing").format(n=number(counts.missing)))
    return " · ".join(parts)


def progress(state: Progress) -> str:
    """Return what the indexer does: "Reading Winter: 1,204 of 3,300, about 4 min"."""
    folder = folder_name(state.folder)
    if state.phase in ("waiting", "scanning"):
        found = tr("{n} to read").format(n=files(state.total))
        doing, left = tr("Looking through {folder}: {found}").format(folder=folder, found=found), ""
    else:
        doing = tr("Reading {folder}: {done} of {total}").format(
            folder=folder, done=number(state.done), total=number(state.total)
        )
        left = remaining(state.remaining)
    if state.paused:
        left = tr("paused")
    return f"{doing}, {left}" if left else doing
