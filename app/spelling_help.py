"""Offers the right spelling of a word that was typed wrong; the search runs with what was typed."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.messages import MessageLine
from app.navigator import Navigator
from app.questions import Caption, Question
from app.search_bar import SearchBar
from app.search_session import SearchSession
from engine import Correction, corrected


class SpellingHelp(QObject):
    """Asks about every text that is searched for, and says in the message line what may be meant.

    Whatever else there is to say comes first, and an offer that was closed is not made again
    for the same words.
    """

    def __init__(
        self,
        session: SearchSession,
        navigator: Navigator,
        bar: SearchBar,
        message: MessageLine,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._message = message
        self._found: tuple[Correction, ...] = ()
        self._declined: set[str] = set()
        navigator.asking.connect(self._ask)
        navigator.shown.connect(self._offer)
        navigator.empty.connect(lambda _: self._offer())
        message.closed.connect(self._decline)

    def _ask(self, question: Question) -> None:
        self._found = ()
        if isinstance(question, Caption) and self._session.is_ready:
            self._session.spell(question.text, lambda found: self._arrive(question, found))

    def _arrive(self, question: Caption, found: tuple[Correction, ...]) -> None:
        if question == self._session.question:
            self._found = tuple(one for one in found if one.word not in self._declined)
            self._offer()

    def _offer(self) -> None:
        if self._found and not self._message.text:
            self._message.show_message(self._sentence(), self.tr("Search for that"), self._accept)

    def _accept(self) -> None:
        question, found = self._session.question, self._found
        if found and isinstance(question, Caption):
            self._bar.ask(corrected(question.text, found))
            self._bar.go_on()

    def _decline(self, text: str) -> None:
        """Offer no more what the user has closed."""
        if self._found and text == self._sentence():
            self._declined.update(one.word for one in self._found)
            self._found = ()

    def _sentence(self) -> str:
        meant = self.tr(" and ").join(self.tr("“{word}”").format(word=one.better) for one in self._found)
        return self.tr("Did you mean {words}?").format(words=meant)
