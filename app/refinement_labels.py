"""Refinements of a search as a person would say them."""

from __future__ import annotations

from app.phrases import tr
from engine import Refinement, printable


def label(refinement: Refinement) -> str:
    """Return what a chip says: "2019–2021", "folder: Trips", "not: beach"."""
    value = printable(refinement.value)
    if refinement.kind == "not":
        return tr("not: {words}").format(words=value)
    if refinement.kind == "date":
        return _dates(value)
    if refinement.kind == "folder":
        return tr("folder: {name}").format(name=value.rstrip("/") or value)
    if refinement.kind == "camera":
        return tr("camera: {name}").format(name=value)
    if refinement.kind == "type":
        return tr("type: {name}").format(name=value.upper())
    named = {
        "favourite": tr("favourites"),
        "portrait": tr("portrait"),
        "landscape": tr("landscape"),
        "square": tr("square"),
        "location": tr("has a place"),
    }
    return named[refinement.value]


def _dates(value: str) -> str:
    first, dots, last = value.partition("..")
    if not dots:
        return value
    first, last = first.strip(), last.strip(" .")
    if first and last:
        return f"{first}–{last}" if len(first + last) == 8 else f"{first} – {last}"
    return tr("from {day}").format(day=first) if first else tr("until {day}").format(day=last)
