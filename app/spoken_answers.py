"""Has a screen reader say what a question has come to: how many photos, or why there are none."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app import phrases
from app.announcing import announce
from app.messages import EmptyState
from app.navigator import Navigator
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.questions import Browse, Question
from app.search_session import SearchSession

REST_MS = 400  # after an answer that a better one may follow


class SpokenAnswers(QObject):
    """Follows the answers, and says each once, when no other one follows it."""

    def __init__(
        self,
        session: SearchSession,
        navigator: Navigator,
        grid: PhotoGrid,
        model: PhotoModel,
        empty: EmptyState,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._grid = grid
        self._model = model
        self._empty = empty
        self._said: tuple[Question, str] | None = None
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(REST_MS)
        self._resting.timeout.connect(self._say)
        navigator.shown.connect(self._resting.start)
        navigator.empty.connect(lambda _: self._resting.start())

    def _say(self) -> None:
        question = self._session.question
        if self._grid.isVisible():
            text = self._count()
            self._grid.setAccessibleDescription(text)
            self._tell(self._grid, question, text)
        elif self._empty.isVisible():
            self._tell(self._empty, question, self._empty.text)

    def _tell(self, place: PhotoGrid | EmptyState, question: Question, text: str) -> None:
        before, self._said = self._said, (question, text)
        # The library's photos grow more all the time while it is read.
        growing = place is self._grid and before is not None and before[0] == question == Browse()
        if before != self._said and not growing:
            announce(place, text)

    def _count(self) -> str:
        """Return what the first heading says, and how many photos there are if it does not."""
        photos = phrases.photos(self._model.rowCount())
        if self._model.results is None:
            return photos
        title = next((section.title for section in self._model.sections()), "")
        return title if self._model.is_divided else f"{title}, {photos}"
