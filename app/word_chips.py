"""The words of a caption as chips: stronger ones decided more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app import phrases
from app.arrows import onward
from app.flow_layout import FlowLayout
from app.reasons import WordReason


class WordChips(QWidget):
    """A chip per word; one is lit while it is pointed at or has the focus.

    Signals:
        lit: The number of the word whose place is to be shown, -1 for none.
    """

    lit = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._lit = -1
        self.chips: list[QPushButton] = []
        self.setAccessibleName(self.tr("The words of your description"))

    def show_words(self, reasons: Sequence[WordReason]) -> None:
        """Show the words of a caption, in its order."""
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(reason) for reason in reasons]
        self._lit = -1
        self._flow.invalidate()
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Light the chip that is pointed at or entered; step to its neighbour with the arrow keys."""
        number = next((i for i, chip in enumerate(self.chips) if chip is watched), -1)
        if number < 0:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.Enter or (isinstance(event, QFocusEvent) and event.gotFocus()):
            self._light(number)
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self._light(next((i for i, chip in enumerate(self.chips) if chip.hasFocus()), -1))
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._step(number, event.key())
        return super().eventFilter(watched, event)

    def _chip(self, reason: WordReason) -> QPushButton:
        chip = QPushButton(reason.word.replace("&", "&&"))
        chip.setObjectName("wordChip")
        chip.setProperty("decided", reason.decided)
        chip.setAccessibleName(reason.spoken)
        chip.setToolTip(phrases.tool_tip(reason.spoken))
        chip.installEventFilter(self)
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _step(self, number: int, key: int) -> bool:
        ends = {Qt.Key.Key_Home: -number, Qt.Key.Key_End: len(self.chips) - 1 - number}
        step = ends.get(Qt.Key(key), onward(key, self))
        if not step:
            return Qt.Key(key) in ends
        self.chips[max(0, min(number + step, len(self.chips) - 1))].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _light(self, number: int) -> None:
        if number != self._lit:
            self._lit = number
            self.lit.emit(number)
