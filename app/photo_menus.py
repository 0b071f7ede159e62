"""The context menu and the copy key, where a photo is seen: in the grid and in the viewer."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from app.about_photo import AboutPhoto
from app.photo_actions import PhotoActions
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.viewing import Viewing


class PhotoMenus(QObject):
    """Opens the menu of the photo under the pointer, copies its path, and tells about it in the viewer."""

    def __init__(
        self, photos: PhotoActions, grid: PhotoGrid, model: PhotoModel, viewing: Viewing, about: AboutPhoto
    ) -> None:
        super().__init__(viewing)
        self._photos = photos
        self._grid = grid
        self._model = model
        self._about = about
        grid.customContextMenuRequested.connect(self._open_in_grid)
        viewing.menu_wanted.connect(self._open)
        viewing.viewer.bar.why.triggered.connect(about.toggle_why)
        about.why_panel.lit.connect(viewing.viewer.canvas.show_light)
        viewing.viewer.bar.information.triggered.connect(about.toggle_information)
        for place in (grid, viewing.viewer):
            copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), place)
            copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            copy.setWhatsThis(self.tr("Copy the photo's path"))
            copy.activated.connect(self._copy_path)

    def _open_in_grid(self, point: QPoint) -> None:
        index = self._grid.indexAt(point)
        if index.isValid():
            self._open(self._model.photo_id(index.row()), self._grid.viewport().mapToGlobal(point))

    def _open(self, photo_id: int, point: QPoint) -> None:
        self._photos.menu(photo_id, searched=self._about.why.can_answer).popup(point)

    def _copy_path(self) -> None:
        if (photo_id := self._grid.selected_id()) is not None:
            self._photos.copy_path(photo_id)
