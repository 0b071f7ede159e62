"""Finds the facts of a photo, and shows them in the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app import absence
from app.information_panel import InformationPanel
from app.lanes import FILES, Slot
from app.late import Late
from app.photo_facts import facts_of
from app.photo_model import PhotoModel
from app.questions import Caption
from app.search_session import SearchSession
from app.tasks import Tasks
from engine import Photo

if TYPE_CHECKING:
    from engine import Library


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
        self._photo: Photo | None = None
        self._trouble = ""
        panel.closed.connect(self.close)
        model.sections_changed.connect(self._tell)  # what counts as a match may be something else

    @property
    def is_open(self) -> bool:
        """Whether the panel is open."""
        return not self._panel.isHidden()

    def ask(self, photo_id: int) -> None:
        """Show the facts of a photo."""
        self._asking.put(self._tasks.submit(FILES, lambda _: self._find(photo_id), self._show))

    def follow(self, photo_id: int | None) -> None:
        """Go on to the photo that is chosen now, if the panel is open."""
        if self.is_open and photo_id is not None:
            self.ask(photo_id)

    def look_again(self) -> None:
        """Ask the library again about the photo that is told of: it may be gone."""
        if self.is_open and self._photo is not None:
            self.ask(self._photo.id)

    def close(self) -> None:
        """Close the panel."""
        self._asking.cancel()
        self._panel.hide()

    def _find(self, photo_id: int) -> tuple[Photo | None, str]:
        photo = self._library.get().photo(photo_id)
        return photo, absence.of_file(photo)

    def _show(self, found: tuple[Photo | None, str]) -> None:
        self._photo, self._trouble = found
        self._panel.show()
        self._tell()

    def _tell(self) -> None:
        if self.is_open:
            photo, searched = self._photo, isinstance(self._session.question, Caption)
            facts = () if photo is None else facts_of(photo, self._model.fit_of(photo.id) if searched else "")
            self._panel.show_facts(facts, self._trouble)
