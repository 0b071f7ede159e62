"""The line at the bottom: how much the library holds, and what is being read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app import phrases
from engine import LibraryCounts, Progress


class StatusLine(QFrame):
    """Counts on the left, progress with its buttons on the right, never a dialog.

    Signals:
        pause_toggled: Whether reading shall wait.
        stop_pressed: Reading shall stop.
    """

    pause_toggled = Signal(bool)
    stop_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self._counts = QLabel()
        self._note = QLabel()
        self._note.setObjectName("subdued")
        self._doing = QLabel()
        for label in (self._counts, self._note, self._doing):
            label.setMinimumWidth(1)  # a long sentence is cut short, it never widens the window
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(self.tr("Progress of reading photos"))
        self._pause = QPushButton(self.tr("Pause"))
        self._pause.setCheckable(True)
        self._pause.toggled.connect(self._toggle)
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.clicked.connect(self.stop_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(8)
        row.addWidget(self._counts)
        row.addWidget(self._note)
        row.addStretch(1)
        self._parts = (self._doing, self._bar, self._pause, self._stop)
        for part in self._parts:
            row.addWidget(part)
        self.setMinimumHeight(40)
        self.show_progress(None)

    @property
    def text(self) -> str:
        """Everything that can be read in the line at this moment."""
        labels = (self._counts, self._note, self._doing)
        return " · ".join(label.text() for label in labels if not label.isHidden() and label.text())

    def show_counts(self, counts: LibraryCounts) -> None:
        """Say how much the library holds."""
        self._counts.setText(phrases.library(counts))

    def show_note(self, text: str) -> None:
        """Say something in passing; "" takes it away."""
        self._note.setText(text)

    def show_progress(self, progress: Progress | None) -> None:
        """Show a snapshot of what is being read; None when nothing is."""
        for part in self._parts:
            part.setVisible(progress is not None)
        if progress is None:
            self._pause.setChecked(False)
            return
        self._doing.setText(phrases.progress(progress))
        counting = progress.phase in ("waiting", "scanning") or not progress.total
        self._bar.setRange(0, 0 if counting else progress.total)
        self._bar.setValue(progress.done)

    def _toggle(self, paused: bool) -> None:
        self._pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.pause_toggled.emit(paused)
