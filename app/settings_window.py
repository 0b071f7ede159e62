"""The settings: a few quiet pages, each choice taken on at once and kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

import engine
from app.advanced_page import AdvancedPage
from app.folder_actions import FolderActions
from app.folders import FoldersPage
from app.form import FormPage
from app.indexing import Indexing
from app.lanes import SEARCH
from app.look_page import LookPage
from app.scrolling import scrolling
from app.settings import Settings
from app.speed_page import SpeedPage
from app.storage import Storage
from app.storage_page import StoragePage
from app.tasks import Tasks
from app.theme import Theme

LIST_WIDTH = 160
SIZE = (800, 560)


class SettingsWindow(QDialog):
    """A window beside the main one; it is never in the way of it.

    Attributes:
        pages: The names of the pages.
        folders: The library's folders.
        look: The colours.
        speed: What the computer may be asked to do.
        storage: Where things are kept, and how much they take.
        advanced: The model pack.
    """

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        settings: Settings,
        folders: FolderActions,
        indexing: Indexing,
        storage: Storage,
        library: Path,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.resize(*SIZE)
        self._tasks = tasks
        self._settings = settings
        self._folder_actions = folders
        self.pages = QListWidget()
        self.pages.setObjectName("pageList")
        self.pages.setAccessibleName(self.tr("Pages of the settings"))
        self.pages.setFixedWidth(LIST_WIDTH)
        self.pages.ensurePolished()  # or its lines would be laid out before they have their padding
        self._order: list[QWidget] = []
        self._stack = QStackedWidget()
        self.folders = FoldersPage()
        self.look = LookPage(theme, settings)
        self.speed = SpeedPage(settings, indexing)
        self.storage = StoragePage(library, engine.log_folder())
        self.advanced = AdvancedPage(theme)
        self._add(self.tr("Folders"), self.folders)
        self._add(self.tr("Look"), self.look)
        self._add(self.tr("Speed"), self.speed)
        self._add(self.tr("Storage"), self.storage)
        self._add(self.tr("Advanced"), self.advanced)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.pages)
        row.addWidget(self._stack, 1)
        folders.serve(self.folders)
        storage.serve(self.storage)
        self.pages.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.pages.setCurrentRow(0)
        self.finished.connect(settings.save)

    def open_on(self, page: QWidget | None = None) -> None:
        """Show the window, in front, on one of its pages (None: the one it was left on)."""
        if page is not None:
            self.pages.setCurrentRow(self._order.index(page))
        self.show()
        self.raise_()
        self.activateWindow()
        self.pages.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look at what may have changed since the last time, on workers."""
        super().showEvent(event)
        self._folder_actions.refresh()
        # Both import torch, so they wait for the models, which are loaded in the same lane.
        self._tasks.submit(SEARCH, lambda _: engine.available_devices(), self.speed.show_devices)
        self._tasks.submit(
            SEARCH, lambda _: engine.read_card(), self.advanced.show_card, self.advanced.show_failure
        )

    def _add(self, title: str, page: QWidget) -> None:
        heading = QLabel(title)
        heading.setObjectName("dialogTitle")
        sheet = QFrame()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(16)
        column.addWidget(heading)
        scrolls = isinstance(page, FormPage) and page is not self.advanced  # its card scrolls by itself
        column.addWidget(_page_in_area(page) if scrolls else page, 1)
        self._order.append(page)
        self.pages.addItem(title)
        self._stack.addWidget(sheet)


def _page_in_area(page: QWidget) -> QScrollArea:
    """Return a page that scrolls where the window is too low for its notes."""
    area = scrolling(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
