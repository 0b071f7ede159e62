"""What is said of the chosen photo: why it was found, and its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow

from app.information import Information
from app.information_panel import InformationPanel
from app.late import Late
from app.photo_actions import PhotoActions
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.search_session import SearchSession
from app.side_panels import SidePanels
from app.tasks import Tasks
from app.theme import Theme
from app.why import Why
from app.why_panel import WhyPanel
from engine import Photo

if TYPE_CHECKING:
    from engine import Library

FOLLOW_MS = 120  # many steps through the photos, one answer


class AboutPhoto(QObject):
    """The panels on one photo; they follow the photo that is chosen.

    Attributes:
        why_panel: Why a photo was found.
        information_panel: Its facts.

    Signals:
        message: A calm sentence for the window: what is missing to answer.
    """

    message = Signal(str)

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        library: Late[Library],
        session: SearchSession,
        grid: PhotoGrid,
        model: PhotoModel,
        photos: PhotoActions,
        side: SidePanels,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._grid = grid
        self._model = model
        self._photos = photos
        self.why_panel = WhyPanel(theme)
        self.information_panel = InformationPanel(theme)
        self.why = Why(tasks, library, session, self.why_panel, self)
        self.information = Information(tasks, library, session, model, self.information_panel, self)
        side.add(self.why_panel, self.why.close)
        side.add(self.information_panel, self.information.close)
        self._following = QTimer(self)
        self._following.setSingleShot(True)
        self._following.setInterval(FOLLOW_MS)
        self._following.timeout.connect(self._follow)
        photos.reasons_wanted.connect(self._explain)
        photos.information_wanted.connect(lambda photo: self.information.ask(photo.id))
        grid.selectionModel().selectionChanged.connect(self._following.start)
        why = QShortcut(QKeySequence("Ctrl+Y"), window)
        why.setWhatsThis(self.tr("Why this photo?"))
        why.activated.connect(self.toggle_why)
        information = QShortcut(QKeySequence("Ctrl+I"), window)
        information.setKeys([QKeySequence("Ctrl+I"), QKeySequence("Alt+Return")])
        information.setWhatsThis(self.tr("Information about the photo"))
        information.activated.connect(self.toggle_information)

    def follow(self) -> None:
        """Another answer is shown: what is open goes on to the photo chosen now, soon."""
        self._following.start()

    def look_again(self) -> None:
        """Photos have left the library: what is open says so if its photo is one of them."""
        self.why.look_again()
        self.information.look_again()

    def toggle_why(self) -> None:
        """Explain the photo that is chosen, or close the explanation."""
        photo_id = self._grid.selected_id()
        if self.why.is_open:
            self.why.close()
        elif photo_id is None:
            self.message.emit(self.tr("Choose a photo first."))
        elif not self.why.can_answer:
            self.message.emit(
                self.tr("Search for a description first: then you can see why a photo was found.")
            )
        else:
            self._photos.explain(photo_id)

    def toggle_information(self) -> None:
        """Show the facts of the photo that is chosen, or close them."""
        photo_id = self._grid.selected_id()
        if self.information.is_open:
            self.information.close()
        elif photo_id is None:
            self.message.emit(self.tr("Choose a photo first."))
        else:
            self.information.ask(photo_id)

    def _explain(self, photo: Photo) -> None:
        self.why.ask(photo, enter=True)

    def _follow(self) -> None:
        photo_id = self._grid.selected_id()
        self.why.follow(None if photo_id is None else self._model.photo(photo_id))
        self.information.follow(photo_id)
