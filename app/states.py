"""What the window says where there are no photos to show: one sentence, one action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app import phrases
from app.phrases import tr
from app.questions import Browse, Caption, Question, text_of
from engine import KnownError, LibraryCounts, Root, refining_text

SHOWN = 80  # characters of a description in a sentence
Act = Literal["", "add", "clear", "unfilter", "retry"]


@dataclass(frozen=True, slots=True)
class State:
    """A picture-less state of the window.

    Attributes:
        sentence: Why there are no photos.
        action: The text of the button; "" for none.
        act: What the button does.
        detail: A quieter second line.
    """

    sentence: str
    action: str = ""
    act: Act = ""
    detail: str = ""


def of_library(counts: LibraryCounts | None, roots: Sequence[Root], reading: bool) -> State:
    """Return the state of a library without photos."""
    if counts is None:
        return State(tr("Opening your library…"))
    if reading:
        return State(
            tr("Reading your photos…"),
            tr("Add another folder…"),
            "add",
            tr("They appear here as they are read, and can be searched at once."),
        )
    if not roots:
        return State(
            tr("Add a folder of photos, then describe the one you remember."),
            tr("Add a folder of photos…"),
            "add",
            tr("Or drop a folder here. Your photos stay where they are, and nothing leaves this computer."),
        )
    names = ", ".join(phrases.folder_name(root.path) for root in roots)
    if all(is_away(root) for root in roots):
        away = tr("{folder} is not connected.") if len(roots) == 1 else tr("{folders} are not connected.")
        return State(away.format(folder=names, folders=names), tr("Try again"), "retry")
    return State(
        tr("No photos were found in {folder}.").format(folder=names), tr("Add another folder…"), "add"
    )


def of_answer(question: Question) -> State:
    """Return the state of an answer without photos."""
    if refining_text(text_of(question)):
        return State(tr("No photo fits these filters."), tr("Remove the filters"), "unfilter")
    if isinstance(question, Caption):
        caption = phrases.shortened(question.text, SHOWN)
        text = tr("No photo was found for “{caption}”.").format(caption=caption)
        return State(text, tr("Show all photos"), "clear")
    return State(tr("No photo was found that is like this one."), tr("Show all photos"), "clear")


def of_question_error(question: Question, error: KnownError) -> State:
    """Return the state after a caption, or a photo, that can't be searched for."""
    action = "" if isinstance(question, Browse) else tr("Show all photos")
    return State(phrases.about_file(error).what, action, "clear" if action else "", error.hint)


def of_library_error(error: KnownError) -> State:
    """Return the state of a library that can't be opened or read."""
    return State(str(error), tr("Try again"), "retry", tr("Your photos are not affected."))


def is_away(root: Root) -> bool:
    """Return whether a folder's photos can't be reached.

    A folder that has never shown a photo is just empty: the engine calls it offline,
    because a drive that is not mounted leaves an empty folder behind.
    """
    return not root.online and root.photos + root.missing > 0
