"""The keys of the program, gathered from the window itself so that the list can't go stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from app.phrases import tr


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What a key does.

    Attributes:
        does: What happens, in words.
        keys: The keys, any of which does it, as the user's keyboard names them.
    """

    does: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that work in the same place."""

    title: str
    shortcuts: tuple[Shortcut, ...]


def groups(window: QWidget) -> tuple[Group, ...]:
    """Return the keys of a window and all that is in it, by the place where they work.

    An action is named by its text, a `QShortcut` by its "what's this" text; one without
    words is left out. Keys that Qt's own fields and lists listen to come last.
    """
    first = (tr("Everywhere"), tr("In the search field"), tr("Photos"))
    found: dict[str, dict[str, tuple[str, ...]]] = {place: {} for place in first}
    for place, shortcut in (*_of_actions(window), *_of_shortcuts(window), *_of_qt()):
        found.setdefault(place, {}).setdefault(shortcut.does, shortcut.keys)
    return tuple(
        Group(place, tuple(Shortcut(does, keys) for does, keys in listed.items()))
        for place, listed in found.items()
        if listed
    )


def _of_actions(window: QWidget) -> Iterator[tuple[str, Shortcut]]:
    listed: set[QAction] = set()  # an action may be added to several widgets; the window's are everywhere
    for widget in (window, *window.findChildren(QWidget)):
        if isinstance(widget, QMenu):
            continue  # its actions work where they were added besides
        for action in widget.actions():
            keys = _texts(action.shortcuts())
            if keys and action not in listed:
                listed.add(action)
                yield _place(widget, window), Shortcut(_words(action), keys)


def _of_shortcuts(window: QWidget) -> Iterator[tuple[str, Shortcut]]:
    for shortcut in window.findChildren(QShortcut):
        parent, keys = shortcut.parent(), _texts(shortcut.keys())
        if isinstance(parent, QWidget) and keys and shortcut.whatsThis():
            yield _place(parent, window), Shortcut(shortcut.whatsThis(), keys)


def _of_qt() -> Iterator[tuple[str, Shortcut]]:
    field, photos = tr("In the search field"), tr("Photos")
    yield field, Shortcut(tr("Search at once"), (tr("Enter"),))
    yield field, Shortcut(tr("Go back through past searches"), ("↑",))
    yield field, Shortcut(tr("Go to newer searches, then to the photos"), ("↓",))
    yield tr("Library"), Shortcut(tr("Show only these photos"), (tr("Enter, Space"),))
    yield tr("Library"), Shortcut(tr("Unfold or fold"), ("→ ←",))
    chips, viewer = tr("Refinements"), tr("Viewing a photo")
    yield tr("How sure a match must be"), Shortcut(tr("Less or more"), ("← →", "↑ ↓"))
    yield chips, Shortcut(tr("Go from one to the next"), ("← →",))
    yield chips, Shortcut(tr("Take one away"), (tr("Delete, Backspace"),))
    yield chips, Shortcut(tr("Go back to the search field"), ("↑",))
    yield photos, Shortcut(tr("Go from photo to photo"), ("← → ↑ ↓",))
    yield photos, Shortcut(tr("Go a screen up or down"), (tr("Page up, Page down"),))
    yield photos, Shortcut(tr("Go to the first or the last photo"), (tr("Home, End"),))
    yield photos, Shortcut(tr("View the photo"), (tr("Enter, Space"),))
    yield photos, Shortcut(tr("Select photos up to another one"), (tr("Shift+arrow or click"),))
    yield photos, Shortcut(tr("Go on without selecting"), (tr("Ctrl+arrow"),))
    yield photos, Shortcut(tr("Select one more, or one less"), (tr("Ctrl+Space or click"),))
    yield photos, Shortcut(tr("Select all photos shown"), (_native("Ctrl+A"),))
    yield photos, Shortcut(tr("Search for what is typed"), (tr("any letter"),))
    yield tr("Why this photo?"), Shortcut(tr("Go from word to word"), ("← →",))
    yield viewer, Shortcut(tr("Previous or next photo"), (tr("Page up, Page down"), "← →"))
    yield viewer, Shortcut(tr("Move a photo that is larger than the window"), ("← → ↑ ↓",))
    yield viewer, Shortcut(tr("Larger or smaller"), ("+ −",))
    yield viewer, Shortcut(tr("The whole photo"), ("Ctrl+0",))
    yield viewer, Shortcut(tr("All its pixels"), ("Ctrl+1",))
    yield viewer, Shortcut(tr("Back to the photos"), (tr("Esc, Space"),))


def _place(widget: QWidget, window: QWidget) -> str:
    """Return where the keys of a widget work, as the user would call it."""
    if widget is window:
        return tr("Everywhere")
    return widget.accessibleName() or widget.windowTitle() or tr("Everywhere")


def _words(action: QAction) -> str:
    return action.text().replace("&", "").rstrip("….")


def _texts(sequences: list[QKeySequence]) -> tuple[str, ...]:
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(dict.fromkeys(text for sequence in sequences if (text := sequence.toString(native))))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
