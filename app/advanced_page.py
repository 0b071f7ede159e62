"""The settings' page for the curious: the model pack and its card."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QTextCursor, QTextFrameFormat, QTextTable
from PySide6.QtWidgets import QPushButton, QTextBrowser, QWidget

from app import desktop, phrases
from app.form import FormPage, read_only
from app.theme import Theme
from engine import KnownError, PackCard

PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")  # of Markdown; its text is left


class AdvancedPage(FormPage):
    """Which model pack is in use, and what its card says."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folder: Path | None = None
        self.pack = read_only()
        self.show_pack = QPushButton(self.tr("Show in folder"))
        self.show_pack.setAccessibleName(self.tr("Show the model pack in its folder"))
        self.show_pack.setAutoDefault(False)
        self.show_pack.setEnabled(False)
        self.show_pack.clicked.connect(self._show)
        self.pack_note = self.add_field(self.tr("Model pack"), self.pack, note="", button=self.show_pack)
        self.card = QTextBrowser()
        self.card.setAccessibleName(self.tr("Model card"))
        self.card.setOpenLinks(False)
        self.column.addWidget(self.card, 1)
        theme.changed.connect(self._draw_tables)

    def show_card(self, card: PackCard) -> None:
        """Show a pack's name, size and card."""
        self._folder = card.folder
        self.show_pack.setEnabled(True)
        self.pack.setText(card.name)
        self.pack_note.setText(phrases.size(card.size))
        self.card.setMarkdown(PICTURE.sub(r"\1", card.text))
        self._wrap_lines()
        self._draw_tables()

    def show_failure(self, error: KnownError) -> None:
        """Say why there is no card to show."""
        self.pack_note.setText(str(error))

    def _wrap_lines(self) -> None:
        """Let commands wrap as well, so that nothing is to be scrolled sideways."""
        block = self.card.document().begin()
        while block.isValid():
            style = block.blockFormat()
            style.setNonBreakableLines(False)
            QTextCursor(block).setBlockFormat(style)
            block = block.next()

    def _draw_tables(self) -> None:
        for frame in self.card.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                style = frame.format()
                style.setBorderBrush(self._theme.colour("border"))
                style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                style.setBorderCollapse(True)
                style.setCellPadding(4)
                frame.setFormat(style)

    def _show(self) -> None:
        if self._folder is not None:
            desktop.open_path(self._folder)
