"""Finds the facts of a photo, and shows them in the panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

import engine
from app import absence
from app.information_panel import InformationPanel
from app.lanes import FILES, Slot
from app.late import Late
from app.photo_facts import NOT_TOLD, facts_of
from app.photo_model import PhotoModel
from app.questions import description_of
from app.reasons import WordReason, found_by
from app.search_session import SearchSession
from app.tasks import Tasks
from engine import Exposure, KnownError, Photo

if TYPE_CHECKING:
    from engine import Library

COMING = ("…",)  # holds the place of the words that a photo was found by


@dataclass(frozen=True, slots=True)
class Found:
    """What the library and the file say of a photo.

    Attributes:
        photo: None where the library knows it no more, or nothing was asked yet.
        trouble: Why its file can't be reached, or "".
        exposure: How it was taken.
    """

    photo: Photo | None = None
    trouble: str = ""
    exposure: Exposure = NOT_TOLD


class Information(QObject):
    """Keeps the panel on one photo; older answers are dropped."""

    def __init__(
        self,
        tasks: Tasks,
        library: Late[Library],
        session: SearchSession,
        model: PhotoModel,
        panel: InformationPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self._session = session
        self._model = model
        self._panel = panel
        self._asking = Slot()
        self._explaining = Slot()
        self._asked: int | None = None  # the photo that is told of, or comes
        self._found = Found()
        self._explained: tuple[str, int] | None = None  # a description and a photo
        self._words: tuple[str, ...] = ()
        panel.closed.connect(self.close)
        model.sections_changed.connect(self._tell)  # what counts as a match may be something else

    @property
    def is_open(self) -> bool:
        """Whether the panel is open."""
        return not self._panel.isHidden()

    def ask(self, photo_id: int) -> None:
        """Show the facts of a photo."""
        self._asked, before = photo_id, self._found
        self._asking.put(self._tasks.submit(FILES, lambda _: self._find(photo_id, before), self._show))

    def follow(self, photo_id: int | None) -> None:
        """Go on to the photo that is chosen now, if the panel is open; with none, stay and look again."""
        if self.is_open and photo_id is not None:
            self.ask(photo_id)
        else:
            self.look_again()

    def look_again(self) -> None:
        """Ask the library again about the photo that is told of: it may be gone."""
        if self.is_open and self._asked is not None:
            self.ask(self._asked)

    def close(self) -> None:
        """Close the panel; nobody waits for an answer any more."""
        self._asking.cancel()
        self._explaining.cancel()
        self._explained = None
        self._panel.hide()

    def _find(self, photo_id: int, before: Found) -> Found:
        """Ask the library and the file (on a worker); what was found before need not be read again."""
        photo = self._library.get().photo(photo_id)
        trouble = absence.of_file(photo)
        if photo is None or trouble:
            return Found(photo, trouble)
        if photo == before.photo and not before.trouble:
            return before
        return Found(photo, exposure=engine.read_exposure(photo.path))

    def _show(self, found: Found) -> None:
        self._found = found
        self._panel.show()
        self._explain()
        self._tell()

    def _tell(self) -> None:
        if not self.is_open:
            return
        photo, matched = self._found.photo, self._matched()
        match = "" if matched is None else self._model.fit_of(matched[1])
        words = () if matched is None else self._words if matched == self._explained else COMING
        facts = () if photo is None else facts_of(photo, match, words, self._found.exposure)
        self._panel.show_facts(facts, self._found.trouble)

    def _matched(self) -> tuple[str, int] | None:
        """Return the description that is looked for and the photo, where it is among the answer."""
        text, photo = description_of(self._session.question), self._found.photo
        return (text, photo.id) if text and photo is not None and self._model.fit_of(photo.id) else None

    def _explain(self) -> None:
        """Ask which words the photo was found by, unless that is known."""
        matched = self._matched()
        if matched == self._explained:
            return
        self._explaining.cancel()
        self._explained, self._words = matched, COMING
        if matched is not None:
            self._explaining.put(self._session.explain(*matched, self._show_words, self._show_no_words))

    def _show_words(self, reasons: tuple[WordReason, ...]) -> None:
        self._words = found_by(reasons)
        self._tell()

    def _show_no_words(self, _: KnownError) -> None:
        """Leave out what can't be told: the photo was not read for that yet."""
        self._words = ()
        self._tell()
