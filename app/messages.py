"""Calm messages: a line above the photos, and a page where there are no photos."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.announcing import announce
from app.close_button import CloseButton
from app.theme import Theme
from app.wrapping_label import WrappingLabel

BOX_WIDTH = 640
NARROW_BOX = 240  # a narrow window makes it wrap more, not itself wider


class MessageLine(QFrame):
    """One sentence and at most one action, above the photos; it never takes the focus.

    A newer message takes the place of the one shown, so that messages never pile up.

    Signals:
        closed: The user closed the message; its text.
    """

    closed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageLine")
        self._act: Callable[[], None] | None = None
        self._text = WrappingLabel()
        self._action = QPushButton()
        self._action.setObjectName("quiet")
        self._action.clicked.connect(self._pressed)
        self._close = CloseButton(theme, self.tr("Close this message"))
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, or ""."""
        return "" if self.isHidden() else self._text.text()

    def show_message(self, text: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        """Show a sentence, with a button if there is something to do about it."""
        self._text.setText(text)
        self._act = act
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(text)
        self.show()
        announce(self, text)

    def say(self, text: str) -> None:
        """Show a sentence without an action, or take the message away if there is none."""
        if text:
            self.show_message(text)
        else:
            self.clear()

    def drop(self, text: str) -> None:
        """Take a message away, unless another one has taken its place."""
        if self.text == text:
            self.clear()

    def dismiss(self) -> None:
        """Take the message away because the user has read it."""
        text = self.text
        self.clear()
        self.closed.emit(text)

    def clear(self) -> None:
        """Take the message away."""
        self._act = None
        self.hide()

    def _pressed(self) -> None:
        act = self._act
        self.clear()
        if act is not None:
            act()


class EmptyState(QWidget):
    """What stands where photos would be: one sentence and one action."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._act: Callable[[], None] | None = None
        self._sentence = WrappingLabel()
        self._sentence.setObjectName("emptySentence")
        self._detail = WrappingLabel()
        self._detail.setObjectName("subdued")
        for label in (self._sentence, self._detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._action = QPushButton()
        self._action.setObjectName("primary")
        self._action.clicked.connect(self._pressed)
        self.setFocusProxy(self._action)
        # The labels wrap, so they must get their width from a box, not from an alignment.
        box = QWidget()
        box.setMaximumWidth(BOX_WIDTH)
        box.setMinimumWidth(NARROW_BOX)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._sentence)
        column.addWidget(self._detail)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(box, 100)  # all there is, up to its own width
        middle.addStretch(1)
        page = QVBoxLayout(self)
        page.addStretch(2)
        page.addLayout(middle)
        page.addStretch(3)

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._sentence.text()

    def show_state(
        self, sentence: str, action: str = "", act: Callable[[], None] | None = None, *, detail: str = ""
    ) -> None:
        """Say why there are no photos here, and offer what to do.

        Args:
            sentence: Why.
            action: The button's text; "" for no button.
            act: Called when the button is pressed.
            detail: A second, quieter line.
        """
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._act = act

    def _pressed(self) -> None:
        if self._act is not None:
            self._act()
