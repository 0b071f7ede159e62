"""Getting photos out of the window: copies, drags, other programs; and how many are selected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app import absence, desktop
from app.dragging import Dragging
from app.exporting import Exporting
from app.favourites import Favourites
from app.lanes import FILES
from app.late import Late
from app.messages import MessageLine
from app.open_with import OpenWith
from app.photo_actions import PhotoActions
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.settings import Settings
from app.several_photos import SeveralPhotos
from app.status_line import StatusLine
from app.tasks import Tasks
from app.theme import Theme
from app.thumbnails import Thumbnails
from app.viewing import Viewing

if TYPE_CHECKING:
    from engine import Library


class TakingOut(QObject):
    """Builds what takes photos out, and joins it with where they are seen.

    Attributes:
        several: The actions on all selected photos.
        exporting: Copies for a folder.
        dragging: Photos dragged out.
        open_with: Other programs.
    """

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        settings: Settings,
        library: Late[Library],
        photos: PhotoActions,
        favourites: Favourites,
        grid: PhotoGrid,
        model: PhotoModel,
        thumbnails: Thumbnails,
        status: StatusLine,
        message: MessageLine,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._message = message
        self._model = model
        self.several = SeveralPhotos(tasks, library, parent)
        self.exporting = Exporting(tasks, settings, library, parent)
        self.dragging = Dragging(tasks, theme, library, grid, model, thumbnails)
        self.open_with = OpenWith(tasks, parent)
        status.add_part(self.exporting.progress)
        grid.selection.changed.connect(lambda: status.show_selected(grid.selection.count))
        self.several.menu_made.connect(favourites.extend_several)
        self.several.export_wanted.connect(self.exporting.choose)
        photos.export_wanted.connect(self.exporting.choose)
        photos.program_wanted.connect(self.open_with.ask)
        self.open_with.opened.connect(photos.opened)
        self.exporting.finished.connect(self._tell)
        for part in (self.exporting, self.dragging, self.open_with):
            part.message.connect(message.say)

    def join(self, viewing: Viewing) -> None:
        """Let the photo that is looked at be dragged out as well."""
        canvas = viewing.viewer.canvas

        def drag() -> None:
            photo = canvas.loaded.photo if canvas.loaded is not None else None
            if photo is not None:
                self._model.remember(photo)
                self.dragging.drag([photo.id], canvas)

        canvas.drag_wanted.connect(drag)

    def stop(self) -> None:
        """Copy no more: the window closes."""
        self.exporting.stop()

    def _tell(self, text: str, folder: Path | None) -> None:
        if folder is None:
            self._message.show_message(text)
        else:
            self._message.show_message(text, self.tr("Show folder"), lambda: self._show(folder))

    def _show(self, folder: Path) -> None:
        def show(there: bool) -> None:
            if not (there and desktop.open_path(folder)):
                self._message.show_message(self.tr("This folder can't be reached any more."))

        self._tasks.submit(FILES, lambda _: absence.is_folder(folder), show)
