"""Asks the engine the window's questions, on the search lane, and drops stale answers."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

import engine
from app.lanes import LIBRARY, PICTURES, SEARCH, Job, Slot
from app.late import Late
from app.questions import Answer, Browse, Caption, LikePicture, LookAlikes, Question, needs_models, query_of
from app.reasons import WordReason, reasons_of
from app.tasks import Tasks
from engine import Correction, KnownError, Order, Query, Results

if TYPE_CHECKING:
    from engine import Describer, Library, Models, Searcher, Speller

LIMIT = 60  # look-alikes and photos described alike
DESCRIPTIONS = 8


class SearchSession(QObject):
    """The question that the window shows, and its answers as they come.

    Every question has a generation number. Asking again cancels the older question's
    work, and whatever of it still arrives is dropped.

    Signals:
        answered: An `Answer`; a caption is answered twice, at once and then in its
            better order.
        failed: The `Question` and the `KnownError` that it met.
        ready: The models are loaded: questions are answered without waiting.
        described: A photo's id and its descriptions, best first.
        undescribed: The `KnownError` that came instead of them.
        remembered: A text that is now the latest of the past searches.
    """

    answered = Signal(object)
    failed = Signal(object, object)
    ready = Signal()
    described = Signal(int, object)
    undescribed = Signal(object)
    remembered = Signal(str)

    def __init__(
        self, tasks: Tasks, library: Late[Library], models: Late[Models], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._models = models
        self._searcher: Late[Searcher] = Late(lambda: engine.Searcher(library.get(), models.get()))
        self._describer: Late[Describer] = Late(self._make_describer)
        self._speller: Late[Speller] = Late(
            lambda: engine.Speller(models.get().vocabulary(), library.get().captions())
        )
        self._generation = 0
        self._answering = Slot()
        self._describing = Slot()
        self._is_ready = False
        self.question: Question = Browse()
        self.order: Order = "newest"

    @property
    def is_ready(self) -> bool:
        """Whether the models are loaded."""
        return self._is_ready

    def warm_up(self) -> None:
        """Load the models, ahead of the first question (which waits its turn behind this)."""
        self._tasks.submit(
            SEARCH,
            lambda _: self._models.get().warm_up(),
            lambda _: self._warm(),
            self._fail_to(self.question),
        )

    def ask(self, question: Question, *, again: bool = False) -> None:
        """Answer a question; whatever was asked before is forgotten.

        Args:
            question: What to show.
            again: Whether this repeats the question because the library has changed, so
                that its answers continue the one shown.
        """
        self._generation += 1
        self.question = question
        lane = SEARCH if needs_models(question) else LIBRARY
        generation, order = self._generation, self.order
        self._answering.put(
            self._tasks.submit(
                lane,
                lambda _: self._first_answer(question, again, order),
                lambda answer: self._arrive(generation, answer),
                self._fail_to(question, generation),
            )
        )

    def describe(self, photo_id: int) -> None:
        """Find the descriptions that fit a photo; `described` or `undescribed` follows."""
        self._describing.put(
            self._tasks.submit(
                SEARCH,
                lambda _: self._describer.get().describe(photo_id, limit=DESCRIPTIONS),
                lambda found: self.described.emit(photo_id, found),
                self.undescribed.emit,
            )
        )

    def look_for(self, photo_id: int, success: Callable[[bool], None]) -> None:
        """Find out whether the library still knows a photo."""
        self._tasks.submit(
            LIBRARY, lambda _: self._library.get().photo(photo_id) is not None, success, _let_be
        )

    def forget_description(self) -> None:
        """Nobody waits for the descriptions any more."""
        self._describing.cancel()

    def explain(
        self,
        caption: str,
        photo_id: int,
        success: Callable[[tuple[WordReason, ...]], None],
        failure: Callable[[KnownError], None],
    ) -> Job:
        """Find out why a photo matches a caption; one of the callbacks follows."""
        return self._tasks.submit(
            SEARCH,
            lambda _: reasons_of(self._searcher.get().explain(caption, photo_id)),
            success,
            failure,
        )

    def spell(self, text: str, success: Callable[[tuple[Correction, ...]], None]) -> None:
        """Find the words of a text that look misspelt; the models must be ready."""
        self._tasks.submit(LIBRARY, lambda _: self._speller.get().corrections(text), success, _let_be)

    def fits(
        self,
        text: str,
        photo_id: int,
        success: Callable[[float], None],
        failure: Callable[[KnownError], None],
    ) -> Job:
        """Find out how well a text fits a photo, in 0 to 1; one of the callbacks follows."""
        return self._tasks.submit(
            SEARCH, lambda _: self._describer.get().strength(text, photo_id), success, failure
        )

    def remember(self, text: str) -> None:
        """Keep a search that was meant among the past ones."""
        self._tasks.submit(
            LIBRARY,
            lambda _: self._library.get().add_search(text),
            lambda _: self.remembered.emit(text),
            _let_be,
        )

    def _first_answer(self, question: Question, again: bool, order: Order) -> Answer:
        """Answer as fast as possible (on a worker)."""
        if isinstance(question, Browse):
            found = self._library.get().listing(order=order)
            return Answer(question, photo_ids=found.ids, months=found.months, first=not again)
        query = query_of(question)
        if isinstance(question, Caption):
            if query is not None and not query.caption:
                return self._all_that_fit(question, query, again, order)
            results = self._searcher.get().coarse(question.text)
            return Answer(question, results=results, first=not again, last=not results.hits)
        searcher, notice = self._searcher.get(), query.notice if query else ""
        if isinstance(question, LookAlikes):
            results = searcher.look_alikes(question.photo_id, limit=LIMIT, within=query)
            return Answer(question, results=results, notice=notice, first=not again)
        if isinstance(question, LikePicture):
            results = searcher.by_picture(question.picture, limit=LIMIT, within=query)
            notice = f"{question.notice} {notice}".strip()
            return Answer(question, results=results, notice=notice, first=not again)
        results = searcher.by_descriptions(
            question.descriptions, limit=LIMIT, leave_out=question.photo_id, within=query
        )
        return Answer(question, results=results, notice=notice, first=not again)

    def _all_that_fit(self, question: Question, query: Query, again: bool, order: Order) -> Answer:
        """Answer a text without words: everything that fits is shown, in an order."""
        if query.excluded:
            found = self._searcher.get().listing(query, order)
        else:
            found = self._library.get().listing(filters=query.filters, order=order)
        return Answer(
            question, photo_ids=found.ids, months=found.months, notice=query.notice, first=not again
        )

    def _arrive(self, generation: int, answer: Answer) -> None:
        if generation != self._generation:
            return
        self.answered.emit(answer)
        # A slot may have asked something else meanwhile: then the better order is not wanted.
        if not answer.last and generation == self._generation and answer.results is not None:
            self._refine(generation, answer.question, answer.results)

    def _refine(self, generation: int, question: Question, results: Results) -> None:
        def rerank(cancelled: Event) -> Results | None:
            return self._searcher.get().rerank(results, stop=cancelled.is_set)

        def arrive(better: Results | None) -> None:
            if better is not None:
                self._arrive(generation, Answer(question, results=better, first=False))

        self._answering.put(self._tasks.submit(SEARCH, rerank, arrive, self._fail_to(question, generation)))

    def _make_describer(self) -> Describer:
        # It shares the searcher's gallery, so that the embeddings are in memory once.
        return engine.Describer(self._library.get(), self._models.get(), gallery=self._searcher.get().gallery)

    def _warm(self) -> None:
        self._is_ready = True
        self.ready.emit()
        # The first question about spelling reads lists of words: it is asked before anyone waits.
        self._tasks.submit(PICTURES, lambda _: self._speller.get().corrections("wrod"), _let_be, _let_be)

    def _fail_to(self, question: Question, generation: int | None = None) -> Callable[[KnownError], None]:
        def fail(error: KnownError) -> None:
            if generation is None or generation == self._generation:
                self.failed.emit(question, error)

        return fail


def _let_be(_: object) -> None:
    """Help that can't be given is not missed."""
