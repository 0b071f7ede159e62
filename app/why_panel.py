"""The panel beside the photos: why one of them was found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.close_button import CloseButton
from app.lit_photo import LitPhoto
from app.loaded_photo import LoadedPhoto
from app.reasons import LITTLE_WORDS, WordReason, sentence
from app.scrolling import scrolling
from app.theme import Theme
from app.word_chips import WordChips
from app.wrapping_label import WrappingLabel


class WhyPanel(QFrame):
    """The words of the description, and where in the photo each was found.

    Signals:
        closed: The user closed the panel.
        lit: The `WordLight` of the word that is pointed at; None for none.
    """

    closed = Signal()
    lit = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._reasons: tuple[WordReason, ...] = ()
        self._title = QLabel(self.tr("Why this photo?"))
        self._title.setObjectName("panelTitle")
        self._title.setWordWrap(True)  # in some languages it is long
        self._close = CloseButton(theme, self.tr("Close “Why this photo?”"))
        self._close.clicked.connect(self.closed)
        self.photo = LitPhoto(theme)
        self._sentence = WrappingLabel()
        self._hint = WrappingLabel(
            self.tr("Point at a word, or step through them with ← and →, to see where it was found.")
        )
        self._hint.setObjectName("subdued")
        self.words = WordChips()
        self.words.lit.connect(self._light)
        self._arrange()
        self.setMinimumWidth(256)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._sentence.text()

    def wait_for(self, name: str) -> None:
        """Open for a photo that is being looked at."""
        self.photo.show_photo(None)
        self.photo.setAccessibleName(name)
        self.photo.show()
        self._clear(self.tr("Looking at {name}…").format(name=name))
        self.show()

    def show_photo(self, loaded: LoadedPhoto) -> None:
        """Show the photo."""
        self.photo.show_photo(loaded)

    def show_reasons(self, reasons: tuple[WordReason, ...]) -> None:
        """Show the words, and say which decided."""
        self._reasons = reasons
        self._sentence.setText(sentence(reasons))
        self.words.show_words(reasons)
        self._hint.show()

    def show_trouble(self, text: str, *, gone: bool) -> None:
        """Say why there is nothing to explain.

        Args:
            text: One sentence.
            gone: Whether the photo can't be shown, either.
        """
        self._clear(text)
        self.photo.setVisible(not gone)

    def enter(self) -> None:
        """Take the focus, on the word that decided most: its place is lit at once."""
        shares = [reason.share * (reason.word not in LITTLE_WORDS) for reason in self._reasons]
        target = self.words.chips[shares.index(max(shares))] if shares else self._close
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _clear(self, text: str) -> None:
        self._reasons = ()
        self.words.show_words(())
        self._light(-1)
        self._sentence.setText(text)
        self._hint.hide()

    def _light(self, number: int) -> None:
        light = self._reasons[number].light if 0 <= number < len(self._reasons) else None
        self.photo.show_light(light)
        self.lit.emit(light)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(16)
        for widget in (self.photo, self._sentence, self.words, self._hint):
            inside.addWidget(widget)
        inside.addStretch(1)
        scroll = scrolling(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(scroll, 1)
