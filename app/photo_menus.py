"""The context menus and the keys of photos, where they are seen: in the grid and in the viewer."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from app.about_photo import AboutPhoto
from app.photo_actions import IMAGE_KEYS, PhotoActions
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.several_photos import EXPORT_KEYS, SeveralPhotos
from app.viewing import Viewing


class PhotoMenus(QObject):
    """Opens the menu of the photo under the pointer or of all selected, copies, and tells about photos."""

    def __init__(
        self,
        photos: PhotoActions,
        several: SeveralPhotos,
        grid: PhotoGrid,
        model: PhotoModel,
        viewing: Viewing,
        about: AboutPhoto,
    ) -> None:
        super().__init__(viewing)
        self._photos = photos
        self._several = several
        self._grid = grid
        self._model = model
        self._about = about
        grid.customContextMenuRequested.connect(self._open_in_grid)
        viewing.menu_wanted.connect(self._open)
        viewing.viewer.bar.why.triggered.connect(about.toggle_why)
        about.why_panel.lit.connect(viewing.viewer.canvas.show_light)
        viewing.viewer.bar.information.triggered.connect(about.toggle_information)
        copy = QKeySequence(QKeySequence.StandardKey.Copy)
        for place in (grid, viewing.viewer):
            for keys, what, act in (
                (copy, self.tr("Copy the photo's path, or the photos if several are selected"), self._copy),
                (IMAGE_KEYS, self.tr("Copy the photo's picture"), self._copy_image),
                (EXPORT_KEYS, self.tr("Export copies to a folder"), self._export),
            ):
                shortcut = QShortcut(keys, place)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.setWhatsThis(what)
                shortcut.activated.connect(act)

    def _open_in_grid(self, point: QPoint) -> None:
        index = self._grid.indexAt(point)
        if not index.isValid():
            return
        if not self._grid.selectionModel().isSelected(index):
            self._grid.setCurrentIndex(index)
        place = self._grid.viewport().mapToGlobal(point)
        if self._grid.selection.count > 1:
            self._several.menu(self._grid.selected_ids()).popup(place)
        else:
            self._open(self._model.photo_id(index.row()), place)

    def _open(self, photo_id: int, point: QPoint) -> None:
        self._photos.menu(photo_id, searched=self._about.why.can_answer).popup(point)

    def _copy(self) -> None:
        photo_ids = self._grid.chosen_ids()
        if len(photo_ids) > 1:
            self._several.copy(photo_ids)
        elif photo_ids:
            self._photos.copy_path(photo_ids[0])

    def _copy_image(self) -> None:
        if (photo_id := self._grid.selected_id()) is not None:
            self._photos.copy_image(photo_id)

    def _export(self) -> None:
        self._several.export_wanted.emit(self._grid.chosen_ids())
