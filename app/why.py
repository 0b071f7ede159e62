"""Finds out why a photo was found, and shows it in the panel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize

from app import loaded_photo
from app.lanes import PICTURES, Job
from app.late import Late
from app.loaded_photo import LoadedPhoto
from app.questions import Caption, description_of
from app.reasons import WordReason
from app.search_session import SearchSession
from app.tasks import Tasks
from app.why_panel import WhyPanel
from engine import KnownError, Photo, printable

if TYPE_CHECKING:
    from engine import Library

PICTURE = QSize(640, 640)  # enough for the panel, on a sharp screen as well


class Why(QObject):
    """Answers "Why this photo?", for one photo at a time; older answers are dropped."""

    def __init__(
        self,
        tasks: Tasks,
        library: Late[Library],
        session: SearchSession,
        panel: WhyPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._session = session
        self._panel = panel
        self._jobs: list[Job] = []
        self._asked: tuple[str, int] | None = None
        panel.closed.connect(self.close)

    @property
    def can_answer(self) -> bool:
        """Whether a description was searched for: words, not filters alone."""
        return bool(description_of(self._session.question))

    @property
    def is_open(self) -> bool:
        """Whether the panel is open."""
        return not self._panel.isHidden()

    def ask(self, photo: Photo, *, enter: bool = False) -> None:
        """Explain a photo by the description that was searched for.

        Args:
            photo: The photo.
            enter: Whether the focus goes to the words once they are there.
        """
        text = description_of(self._session.question)
        if not text:
            return
        if self.is_open and not enter and self._asked == (text, photo.id):
            return  # only the selection has come back to it
        self._forget()
        self._asked = text, photo.id
        self._panel.wait_for(printable(photo.path.name))
        self._jobs = [
            self._session.explain(text, photo.id, partial(self._explain, enter), self._fail),
            self._tasks.submit(PICTURES, lambda _: self._read(photo.id), self._show),
        ]

    def look_again(self) -> None:
        """Ask the library again for the photo that is explained: it may be gone."""
        if self.is_open and self._asked is not None:
            _, photo_id = self._asked
            self._jobs.append(self._tasks.submit(PICTURES, lambda _: self._read(photo_id), self._show))

    def follow(self, photo: Photo | None) -> None:
        """Go on to the photo that is chosen now; close where another description is searched for.

        Args:
            photo: The photo; None where none is chosen.
        """
        question = self._session.question
        if not self.is_open:
            return
        if photo is not None and self.can_answer:
            self.ask(photo)
        elif not isinstance(question, Caption) or self._asked is None or self._asked[0] != question.text:
            self.close()

    def close(self) -> None:
        """Close the panel; nobody waits for an answer any more."""
        self._forget()
        self._asked = None
        self._panel.hide()

    def _forget(self) -> None:
        for job in self._jobs:
            job.cancel()
        self._jobs = []

    def _read(self, photo_id: int) -> LoadedPhoto:
        return loaded_photo.load(self._library.get(), photo_id, PICTURE)

    def _explain(self, enter: bool, reasons: tuple[WordReason, ...]) -> None:
        self._panel.show_reasons(reasons)
        if enter:
            self._panel.enter()

    def _show(self, loaded: LoadedPhoto) -> None:
        if loaded.trouble:
            self._forget()
            self._panel.show_trouble(loaded.trouble, gone=True)
        else:
            self._panel.show_photo(loaded)

    def _fail(self, error: KnownError) -> None:
        unread = type(error) is KnownError  # the searcher has nothing stored of the photo
        text = self.tr("This photo is not read yet. Look for new photos in the menu, then ask again.")
        self._panel.show_trouble(text if unread else str(error), gone=False)
