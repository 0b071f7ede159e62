"""What narrows the search, as chips under the search field that can be taken away."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app import phrases
from app.arrows import onward
from app.flow_layout import FlowLayout
from app.refinement_labels import label
from app.theme import Theme
from engine import Refinement, refinements

LONGEST = 40  # letters on a chip
MOST = 30  # chips; a text with more was pasted by mistake
_FOCUS = Qt.FocusReason.TabFocusReason


class RefinementBar(QWidget):
    """A chip for each refinement of the text in the search field, and a button for more.

    The text is what counts: chips are read from it, and taking one away is for others to
    do in the text.

    Attributes:
        chips: The chips, in the order of the text.
        add: The button for more.

    Signals:
        removed: A `Refinement` is to be taken out of the text.
        left: The keyboard leads back to the search field.
    """

    removed = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Refinement, ...] = ()
        self._next = -1
        self.chips: list[QPushButton] = []
        self.add = QPushButton(self.tr("+ Filter"))
        self.add.setObjectName("addFilter")
        self.add.setAccessibleName(self.tr("Add a filter"))
        self.add.setToolTip(self.tr("Narrow the search by date, folder, camera and more"))
        self.add.installEventFilter(self)
        self._flow = FlowLayout(self)
        self._flow.addWidget(self.add)
        theme.changed.connect(self._draw_icons)

    def show_text(self, text: str) -> None:
        """Show the refinements of a text."""
        found = refinements(text)[:MOST]
        same = [label(one) for one in found] == [label(one) for one in self._shown]
        self._shown = found  # their places in the text may be other ones
        if same:
            return
        for widget in (*self.chips, self.add):
            self._flow.removeWidget(widget)
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(at, label(refinement)) for at, refinement in enumerate(found)]
        for widget in (*self.chips, self.add):
            self._flow.addWidget(widget)
            widget.show()
        for before, after in pairwise((*self.chips, self.add)):
            QWidget.setTabOrder(before, after)
        self._draw_icons()
        self._flow.invalidate()
        self.updateGeometry()
        self._focus_next()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Step from chip to chip with the arrow keys, and take one away with Delete."""
        stops = [*self.chips, self.add]
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or watched not in stops:
            return super().eventFilter(watched, event)
        at = next(i for i, stop in enumerate(stops) if stop is watched)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if at < len(self.chips):
                self._remove(at)
            return True
        if key == Qt.Key.Key_Up:
            self.left.emit()
            return True
        ends, step = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(stops) - 1}, onward(key, self)
        if key not in ends and not step:
            return super().eventFilter(watched, event)
        stops[max(0, min(ends.get(key, at + step), len(stops) - 1))].setFocus(_FOCUS)
        return True

    def _chip(self, at: int, text: str) -> QPushButton:
        chip = QPushButton(phrases.shortened(text, LONGEST).replace("&", "&&"), self)
        chip.setObjectName("filterChip")
        directions = Qt.LayoutDirection  # the cross stands behind the words
        chip.setLayoutDirection(directions.LeftToRight if self.isRightToLeft() else directions.RightToLeft)
        chip.setAccessibleName(self.tr("Filter: {filter}. Press to remove it").format(filter=text))
        chip.setToolTip(self.tr("Remove this filter"))
        chip.clicked.connect(partial(self._pressed, at))
        chip.installEventFilter(self)
        return chip

    def _pressed(self, at: int, checked: bool = False) -> None:
        self._remove(at)

    def _remove(self, at: int) -> None:
        """Have a chip taken away; if the keyboard was here, it stays here."""
        self._next = at if any(chip.hasFocus() for chip in self.chips) else -1
        self.removed.emit(self._shown[at])

    def _focus_next(self) -> None:
        at, self._next = self._next, -1
        if at < 0:
            return
        if self.chips:
            self.chips[min(at, len(self.chips) - 1)].setFocus(_FOCUS)
        else:
            self.left.emit()

    def _draw_icons(self) -> None:
        icon = self._theme.icon("clear", "subdued")
        for chip in self.chips:
            chip.setIcon(icon)
