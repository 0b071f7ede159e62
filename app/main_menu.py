"""The menu behind the button at the top right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from app.folder_actions import FolderActions
from engine import __version__


class MainMenu(QMenu):
    """What is needed seldom: folders, about, quit."""

    def __init__(self, window: QWidget, add_folder: QAction, folders: FolderActions) -> None:
        super().__init__(window)
        self._window = window
        self.addAction(add_folder)
        self.addAction(self.tr("Folders in the library…")).triggered.connect(folders.show_dialog)
        self.addAction(self.tr("Look for new photos")).triggered.connect(folders.read_known)
        self.addSeparator()
        self.addAction(self.tr("About Sgraffito")).triggered.connect(self._about)
        leave = self.addAction(self.tr("Quit"))
        leave.setShortcut(QKeySequence.StandardKey.Quit)
        leave.triggered.connect(window.close)
        window.addAction(leave)  # so that the shortcut works while the menu is closed

    def _about(self) -> None:
        text = self.tr("Sgraffito {version} finds your photos by describing them.").format(
            version=__version__
        )
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("About Sgraffito"), text, parent=self._window)
        box.setInformativeText(self.tr("Everything happens on this computer. No photo is ever changed."))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
