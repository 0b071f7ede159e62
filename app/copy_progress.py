"""How far photos are copied, in the status line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app import phrases
from engine import ExportProgress


class CopyProgress(QWidget):
    """A sentence, a bar and a button; hidden while nothing is copied.

    Signals:
        stop_pressed: Copying shall stop.
    """

    stop_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doing = QLabel()
        self._doing.setMinimumWidth(1)  # a long name is cut short, it never widens the window
        self._doing.setTextFormat(Qt.TextFormat.PlainText)  # nor is it read as markup
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(self.tr("Progress of copying photos"))
        stop = QPushButton(self.tr("Stop"))
        stop.setAccessibleName(self.tr("Stop copying"))
        stop.clicked.connect(self.stop_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self._doing, self._bar, stop):
            row.addWidget(part)
        self.hide()

    @property
    def text(self) -> str:
        """What can be read at this moment."""
        return "" if self.isHidden() else self._doing.text()

    def show_progress(self, progress: ExportProgress | None, folder: str = "") -> None:
        """Show how many photos were copied to a folder; None when none are any more."""
        self.setVisible(progress is not None)
        if progress is not None:
            self._doing.setText(phrases.copying(progress, folder))
            self._bar.setRange(0, progress.total)  # 0, while it is looked up, lets it only move
            self._bar.setValue(progress.done)
