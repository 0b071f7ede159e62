"""A label in several lines, in which a long name is broken instead of widening the window."""

from __future__ import annotations

import re
import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

SHORT = 20  # letters; what is no longer stays in one piece
PIECE = 10
BREAK = "\u200b"  # has no width, and lets a line end


class WrappingLabel(QLabel):
    """Plain text, as narrow as its place."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)  # file names must not be read as markup
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """Show a text."""
        self._text = text
        super().setText(breakable(text))

    def text(self) -> str:
        """Return the text, without the places where it may be broken."""
        return self._text


def breakable(text: str) -> str:
    """Return a text in which a line can end within a long name: behind its marks, or else anywhere."""
    return re.sub(rf"\S{{{SHORT + 1},}}", lambda found: _broken(found[0]), text)


def _broken(word: str) -> str:
    pieces = re.sub(r"([/\\_.-])", rf"\1{BREAK}", word).split(BREAK)
    return BREAK.join(part for piece in pieces for part in _parts(piece))


def _parts(piece: str) -> list[str]:
    parts = [""]
    for letter in piece:
        if len(parts[-1]) >= PIECE and not unicodedata.category(letter).startswith("M"):  # an accent stays
            parts.append("")
        parts[-1] += letter
    return parts
