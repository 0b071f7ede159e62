"""Leads from question to question: what is asked, what is shown, and the way back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app import absence, phrases, states
from app.descriptions_panel import DescriptionsPanel
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.questions import (
    Alike,
    Answer,
    Browse,
    Caption,
    DescribedAlike,
    History,
    LikePicture,
    LookAlikes,
    Place,
    Question,
    narrowed,
    needs_models,
    text_of,
)
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.thumbnails import Thumbnails
from engine import (
    Description,
    ImageError,
    KnownError,
    Photo,
    QueryError,
    printable,
    refining_text,
    words_text,
)

BEST_DESCRIPTIONS = 5  # so many descriptions of a photo decide which others would be described alike


class Navigator(QObject):
    """Joins the search field, the session, the grid and the panel.

    Signals:
        asking: A `Question` is asked: the answer follows.
        shown: The grid shows the answer to the present question.
        empty: There are no photos to show: a `State`, or None where the library's own
            state says why.
        said: A sentence for the message line; "" takes the old one away.
        unsaid: A sentence that was said, and holds no more.
        search_failed: The models or the library failed: a `KnownError`, and what asks again.
    """

    asking = Signal(object)
    shown = Signal()
    empty = Signal(object)
    said = Signal(str)
    unsaid = Signal(str)
    search_failed = Signal(object, object)

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
        self._described = (0, "")  # the photo whose descriptions were asked for, and its name
        # What was asked then, and looked at; None if the descriptions lead nowhere else.
        self._described_in: tuple[Question, int | None] | None = None
        self._is_answered = False  # whether what is shown answers the present question
        self._notice = ""  # what was said last of the present question
        bar.asked.connect(self._asked)
        bar.entered.connect(session.remember)
        bar.back_pressed.connect(self.back)
        grid.heading_pressed.connect(lambda: model.show_weaker(not model.weaker_shown))
        panel.chosen.connect(self.choose)
        panel.closed.connect(self.close_panel)
        session.answered.connect(self._answered)
        session.failed.connect(self._failed)
        session.described.connect(self._describe)
        session.undescribed.connect(self._undescribed)

    def go(self, question: Question, *, chosen: bool = False) -> None:
        """Show something else, remembering where one was.

        Args:
            question: What to show.
            chosen: Whether it was chosen and not typed: a step that one can go back from.
        """
        self._history.leave(self._place(), question, chosen=chosen)
        self._returning = None
        self._ask(question)

    def choose(self, text: str) -> None:
        """Show what fits a text that was chosen, and not typed in the search field."""
        self.go(Caption(text), chosen=True)

    def back(self) -> None:
        """Go back to where one was."""
        place = self._history.back()
        if place is None:
            return
        self._returning = place
        question = place.question
        if not isinstance(question, DescribedAlike):
            self.close_panel()
        self._ask(question)
        if isinstance(question, DescribedAlike) and self._panel.photo_id != question.photo_id:
            self._describe_again(question)

    def repeat(self) -> None:
        """Ask the same again, because the library has changed; the selection stays."""
        self._session.ask(self._session.question, again=self._is_answered)

    def describe(self, photo: Photo) -> None:
        """Find how a photo would be described, and the photos that would be described alike."""
        self._find_words(photo.id, printable(photo.path.name))

    def look_alikes(self, photo: Photo) -> None:
        """Show the photos with the same colours and shapes, among those that the filters leave."""
        self.go(LookAlikes(photo.id, printable(photo.path.name), self._filters()))

    def like_picture(self, question: LikePicture) -> None:
        """Show the photos that are like a picture from outside, among those that the filters leave."""
        self.go(replace(question, within=self._filters()))

    def drop_example(self) -> None:
        """Show what the filters leave, without the picture that photos were to be like."""
        text = self._filters()
        self.go(Caption(text) if text else Browse())
        self._bar.focus()

    def close_panel(self) -> None:
        """Close the descriptions, and stop looking for them."""
        self._session.forget_description()
        self._panel.hide()

    def look_again(self) -> None:
        """Photos have left the library: the panel goes, too, if its photo is one of them."""
        photo_id = self._panel.photo_id

        def look(known: bool) -> None:
            if not known and self._panel.photo_id == photo_id and not self._panel.isHidden():
                self.close_panel()
                self.said.emit(absence.sentence(None))

        if photo_id is not None and not self._panel.isHidden():
            self._session.look_for(photo_id, look)

    def remember_search(self) -> None:
        """Keep the present caption among the past searches: it led to a photo."""
        if isinstance(self._session.question, Caption):
            self._session.remember(self._session.question.text)

    def _asked(self, text: str) -> None:
        """Search for what was typed; photos like another one stay that, while only filters are typed."""
        question = self._session.question
        if isinstance(question, Alike) and not words_text(text):
            self.go(narrowed(question, text))
        else:
            self.go(Caption(text) if text else Browse())

    def _filters(self) -> str:
        return refining_text(text_of(self._session.question))

    def _describe_again(self, question: DescribedAlike) -> None:
        """Have the panel, if it is open, go with the photos that are shown again."""
        if not self._panel.isHidden():
            self._find_words(question.photo_id, question.name, lead_on=False)

    def _find_words(self, photo_id: int, name: str, *, lead_on: bool = True) -> None:
        self._described, self._described_in = (photo_id, name), self._where() if lead_on else None
        self._panel.wait_for(photo_id, name, self._thumbnails.pixmap(photo_id))
        self._session.describe(photo_id)

    def _ask(self, question: Question) -> None:
        self._is_answered = False
        self.asking.emit(question)
        self._notice = ""
        self.said.emit("")
        waits = isinstance(question, Caption | LikePicture) and needs_models(question)
        if waits and not self._session.is_ready:
            self._say(self.tr("Getting ready… your search runs in a moment."))
        elif isinstance(question, LikePicture):
            self._say(self.tr("Looking for photos like {name}…").format(name=question.name))
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
        self._is_answered = True
        if answer.results is None:
            fresh = answer.first and answer.question != Browse()
            title, months = self._title(answer), answer.months
            self._model.show_library(answer.photo_ids, title, months=months, fresh=fresh)
            self._say(answer.notice)
        else:
            title, selected = self._title(answer), self._grid.selected_id()
            self._model.show_results(answer.results, fresh=answer.first, title=title, selected=selected)
            self._say(answer.notice or answer.results.notice)
        if answer.first:
            self._grid.scrollToTop()
        self._restore(answer)
        if self._model.rowCount():
            self.shown.emit()
        else:
            browsed = answer.question == Browse()
            self.empty.emit(None if browsed else states.of_answer(answer.question))

    def _say(self, notice: str) -> None:
        """Say something of the question; what others have said meanwhile stays where there is nothing."""
        if notice:
            self.said.emit(notice)
        else:
            self.unsaid.emit(self._notice)
        self._notice = notice

    def _title(self, answer: Answer) -> str:
        """Return the heading over the whole answer; "" where good and weaker matches are told apart."""
        question = answer.question
        if isinstance(question, Caption) and answer.results is None:
            return phrases.photos(len(answer.photo_ids))
        if isinstance(question, LookAlikes):
            return self.tr("Look-alikes of {name}").format(name=question.name)
        if isinstance(question, LikePicture):
            return self.tr("Photos like {name}").format(name=question.name)
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
        of_photo = isinstance(question, Alike) and _is_of_photo(error)
        if of_photo or isinstance(error, QueryError):
            self.said.emit("")
            self.empty.emit(states.of_question_error(question, error))
        else:
            self.search_failed.emit(error, self.repeat)

    def _undescribed(self, error: KnownError) -> None:
        self._panel.hide()
        if _is_of_photo(error):
            self.said.emit(phrases.about_file(error).sentences)
        else:
            lead_on = self._described_in is not None
            self.search_failed.emit(error, partial(self._find_words, *self._described, lead_on=lead_on))

    def _where(self) -> tuple[Question, int | None]:
        """Return the question, and the photo that is looked at large."""
        return self._session.question, self._grid.looked_at

    def _describe(self, photo_id: int, descriptions: tuple[Description, ...]) -> None:
        if self._panel.photo_id != photo_id or self._panel.isHidden():
            return
        self._panel.show_descriptions(descriptions)
        texts = tuple(description.text for description in descriptions[:BEST_DESCRIPTIONS])
        question = self._session.question
        stayed = self._where() == self._described_in and self._bar.field.text().strip() == text_of(question)
        if texts and stayed:  # what the user has asked for meanwhile, is typing or looks at, comes first
            self.go(DescribedAlike(*self._described, texts, self._filters()))


def _is_of_photo(error: KnownError) -> bool:
    """Return whether a photo that is asked about is gone, or can't be read: asking again won't help."""
    return isinstance(error, ImageError) or type(error) is KnownError
