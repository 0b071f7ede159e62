"""The line at the bottom: how much the library holds, and what is being read."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app import phrases
from app.announcing import announce
from engine import LibraryCounts, Progress


class StatusLine(QFrame):
    """Counts on the left, progress with its buttons on the right, never a dialog.

    Signals:
        pause_toggled: Whether reading shall wait.
        stop_pressed: Reading shall stop.
        act_pressed: What the note offers shall be done.
    """

    pause_toggled = Signal(bool)
    stop_pressed = Signal()
    act_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self._counts = QLabel()
        self._selected = QLabel()
        self._selected.setContentsMargins(8, 0, 0, 0)
        self._selected.hide()
        self._note = QLabel()
        self._note.setObjectName("subdued")
        self._act = QPushButton()
        self._act.setObjectName("quiet")
        self._act.clicked.connect(self.act_pressed)
        self._act.hide()
        self._doing = QLabel()
        for label in (self._counts, self._selected, self._note, self._doing):
            label.setMinimumWidth(1)  # a long sentence is cut short, it never widens the window
            label.setTextFormat(Qt.TextFormat.PlainText)  # folder names must not be read as markup
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
        row.addWidget(self._selected)
        row.addWidget(self._note)
        row.addWidget(self._act)
        row.addStretch(1)
        self._parts = (self._doing, self._bar, self._pause, self._stop)
        for part in self._parts:
            row.addWidget(part)
        self.setMinimumHeight(40)
        self.show_progress(None)

    @property
    def text(self) -> str:
        """Everything that can be read in the line at this moment."""
        labels = (self._counts, self._selected, self._note, self._doing)
        return " · ".join(label.text() for label in labels if not label.isHidden() and label.text())

    def show_counts(self, counts: LibraryCounts) -> None:
        """Say how much the library holds."""
        self._counts.setText(phrases.library(counts))

    def show_selected(self, count: int) -> None:
        """Say how many photos are selected, if several are."""
        self._selected.setText(phrases.selected(count))
        self._selected.setVisible(count > 1)

    def add_tool(self, tool: QWidget) -> None:
        """Give something a place at the end of the line, where it always stands."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.addWidget(tool)

    def add_part(self, part: QWidget) -> None:
        """Make room for the progress of something else, before that of reading."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.indexOf(self._doing), part)

    def show_note(self, text: str, act: str = "") -> None:
        """Say something in passing, with a button if there is something to do; "" takes it away."""
        self._note.setText(text)
        self._act.setText(act)
        self._act.setAccessibleName(f"{text}: {act}")
        self._act.setVisible(bool(act))
        if text:
            announce(self._note, text)

    def drop_note(self, text: str) -> None:
        """Take a note away, unless another one has taken its place."""
        if self._note.text() == text:
            self.show_note("")

    def show_progress(self, progress: Progress | None) -> None:
        """Show a snapshot of what is being read; None when nothing is."""
        for part in self._parts:
            part.setVisible(progress is not None)
        if progress is None:
            self.end_pause()
            return
        self._doing.setText(phrases.progress(progress))
        if self.sizeHint().width() > self.width():  # the rate is what is missed least
            self._doing.setText(phrases.progress(replace(progress, rate=None)))
        counting = progress.phase in ("waiting", "scanning") or not progress.total
        self._bar.setRange(0, 0 if counting else progress.total)
        self._bar.setValue(progress.done)

    def end_pause(self) -> None:
        """Offer to pause again: reading does not wait any more."""
        self._pause.setChecked(False)

    def _toggle(self, paused: bool) -> None:
        self._pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.pause_toggled.emit(paused)
