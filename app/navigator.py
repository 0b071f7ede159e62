"""Leads from question to question: what is asked, what is shown, and the way back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from app import phrases, states
from app.descriptions_panel import DescriptionsPanel
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.questions import (
    Answer,
    Browse,
    Caption,
    DescribedAlike,
    History,
    LookAlikes,
    Place,
    Question,
    needs_models,
    text_of,
)
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.thumbnails import Thumbnails
from engine import Description, KnownError, Photo, QueryError, printable, refining_text, words_text

BEST_DESCRIPTIONS = 5  # so many descriptions of a photo decide which others would be described alike


class Navigator(QObject):
    """Joins the search field, the session, the grid and the panel.

    Signals:
        shown: The grid shows the answer to the present question.
        empty: There are no photos to show: a `State`, or None where the library's own
            state says why.
        said: A sentence for the message line; "" takes the old one away.
        search_failed: The models or the library failed: a `KnownError`.
    """

    shown = Signal()
    empty = Signal(object)
    said = Signal(str)
    search_failed = Signal(object)

    def __init__(
        self,
        session: SearchSession,
        bar: SearchBar,
        grid: PhotoGrid,
        model: PhotoModel,
        panel: DescriptionsPanel,
        thumbnails: Thumbnails,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._grid = grid
        self._model = model
        self._panel = panel
        self._thumbnails = thumbnails
        self._history = History()
        self._returning: Place | None = None
        self._described: Photo | None = None
        bar.asked.connect(self._asked)
        bar.entered.connect(session.remember)
        bar.back_pressed.connect(self.back)
        grid.heading_pressed.connect(lambda: model.show_weaker(not model.weaker_shown))
        panel.chosen.connect(self._search_description)
        panel.closed.connect(self.close_panel)
        session.answered.connect(self._answered)
        session.failed.connect(self._failed)
        session.described.connect(self._describe)

    def go(self, question: Question) -> None:
        """Show something else, remembering where one was."""
        self._history.leave(self._place(), question)
        self._returning = None
        self._ask(question)

    def back(self) -> None:
        """Go back to where one was."""
        place = self._history.back()
        if place is None:
            return
        self._returning = place
        if not isinstance(place.question, DescribedAlike):
            self.close_panel()
        self._ask(place.question)

    def repeat(self) -> None:
        """Ask the same again, because the library has changed; the selection stays."""
        self._session.ask(self._session.question, again=True)

    def describe(self, photo: Photo) -> None:
        """Find how a photo would be described, and the photos that would be described alike."""
        self._described = photo
        self._panel.wait_for(photo.id, printable(photo.path.name), self._thumbnails.pixmap(photo.id))
        self._session.describe(photo.id)

    def look_alikes(self, photo: Photo) -> None:
        """Show the photos with the same colours and shapes, among those that the filters leave."""
        self.go(LookAlikes(photo.id, printable(photo.path.name), self._filters()))

    def close_panel(self) -> None:
        """Close the descriptions, and stop looking for them."""
        self._session.forget_description()
        self._panel.hide()

    def remember_search(self) -> None:
        """Keep the present caption among the past searches: it led to a photo."""
        if isinstance(self._session.question, Caption):
            self._session.remember(self._session.question.text)

    def _asked(self, text: str) -> None:
        """Search for what was typed; photos like another one stay that, while only filters are typed."""
        question = self._session.question
        if isinstance(question, LookAlikes | DescribedAlike) and not words_text(text):
            self.go(replace(question, within=text))
        else:
            self.go(Caption(text) if text else Browse())

    def _filters(self) -> str:
        return refining_text(text_of(self._session.question))

    def _search_description(self, text: str) -> None:
        self._bar.set_text(text)
        self.go(Caption(text))

    def _ask(self, question: Question) -> None:
        self.said.emit("")
        if isinstance(question, Caption) and needs_models(question) and not self._session.is_ready:
            self.said.emit(self.tr("Getting ready… your search runs in a moment."))
        text = text_of(question)
        if self._bar.field.text().strip() != text:
            self._bar.set_text(text)
        self._bar.set_back_enabled(len(self._history) > 0)
        self._session.ask(question)

    def _place(self) -> Place:
        scroll = self._grid.verticalScrollBar().value()
        selected, weaker = self._grid.selected_id(), self._model.weaker_shown
        return Place(self._session.question, scroll, selected, weaker)

    def _answered(self, answer: Answer) -> None:
        if not answer.first and not answer.last:
            return  # the library has changed under a shown answer: wait for the final order
        if answer.results is None:
            fresh = answer.first and answer.question != Browse()
            self._model.show_library(answer.photo_ids, self._title(answer), fresh=fresh)
            if answer.notice:
                self.said.emit(answer.notice)
        else:
            title, selected = self._title(answer), self._grid.selected_id()
            self._model.show_results(answer.results, fresh=answer.first, title=title, selected=selected)
            self.said.emit(answer.notice or answer.results.notice)
        if answer.first:
            self._grid.scrollToTop()
        self._restore(answer)
        if self._model.rowCount():
            self.shown.emit()
        else:
            browsed = answer.question == Browse()
            self.empty.emit(None if browsed else states.of_answer(answer.question))

    def _title(self, answer: Answer) -> str:
        """Return the heading over the whole answer; "" where good and weaker matches are told apart."""
        question = answer.question
        if isinstance(question, Caption) and answer.results is None:
            return phrases.photos(len(answer.photo_ids))
        if isinstance(question, LookAlikes):
            return self.tr("Look-alikes of {name}").format(name=question.name)
        if isinstance(question, DescribedAlike):
            return self.tr("Photos that would be described like {name}").format(name=question.name)
        return ""

    def _restore(self, answer: Answer) -> None:
        """Scroll and select as one left it, after going back."""
        place = self._returning
        if place is None or place.question != answer.question:
            return
        self._model.show_weaker(place.weaker)
        row = -1 if place.selected is None else self._model.row_of(place.selected)
        if row >= 0:
            self._grid.setCurrentIndex(self._model.index(row))
        # The grid lays itself out first; scrolling before that would be cut short.
        QTimer.singleShot(0, self._grid, lambda: self._grid.verticalScrollBar().setValue(place.scroll))
        if answer.last:
            self._returning = None

    def _failed(self, question: Question, error: KnownError) -> None:
        self._panel.hide()
        if isinstance(error, QueryError):
            self.said.emit("")
            self.empty.emit(states.of_question_error(question, error))
        else:
            self.search_failed.emit(error)

    def _describe(self, photo_id: int, descriptions: tuple[Description, ...]) -> None:
        if self._panel.photo_id != photo_id or self._panel.isHidden() or self._described is None:
            return
        self._panel.show_descriptions(descriptions)
        texts = tuple(description.text for description in descriptions[:BEST_DESCRIPTIONS])
        if texts:
            self.go(DescribedAlike(photo_id, printable(self._described.path.name), texts, self._filters()))
