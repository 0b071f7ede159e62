"""The panel beside the photos: the facts of one photo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.close_button import CloseButton
from app.photo_facts import Fact
from app.scrolling import scrolling
from app.theme import Theme
from app.wrapping_label import WrappingLabel


class InformationPanel(QFrame):
    """Labels and values, and a sentence where the file is missing.

    Signals:
        closed: The user closed the panel.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._title = QLabel(self.tr("Information"))
        self._title.setObjectName("panelTitle")
        self._title.setWordWrap(True)  # in some languages it is long
        self._close = CloseButton(theme, self.tr("Close the information"))
        self._close.clicked.connect(self.closed)
        self._trouble = WrappingLabel()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self.facts: tuple[Fact, ...] = ()
        self._arrange()
        self.setMinimumWidth(256)
        self.hide()

    @property
    def trouble(self) -> str:
        """The sentence about a file that is missing, or ""."""
        return self._trouble.text()

    def show_facts(self, facts: Sequence[Fact], trouble: str = "") -> None:
        """Open with the facts of a photo.

        Args:
            facts: What is known.
            trouble: Why the file can't be reached, if it can't.
        """
        self.facts = tuple(facts)
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        while (line := self._lines.takeAt(0)) is not None:
            if (label := line.widget()) is not None:
                label.hide()
                label.deleteLater()
        for fact in facts:
            name, value = WrappingLabel(fact.label), WrappingLabel(fact.value)
            name.setObjectName("subdued")
            value.setAccessibleName(f"{fact.label}: {fact.value}")
            value.setContentsMargins(0, 0, 0, 14)
            self._lines.addWidget(name)
            self._lines.addWidget(value)
        self.show()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(16)
        inside.addWidget(self._trouble)
        inside.addLayout(self._lines)
        inside.addStretch(1)
        scroll = scrolling(page)
        scroll.setAccessibleName(self.tr("Information about the photo"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(scroll, 1)
