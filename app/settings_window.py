"""The settings: a few quiet pages, each choice taken on at once and kept."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TypeVar

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

P = TypeVar("P", bound=QWidget)


class Page(IntEnum):
    """The pages, by their lines in the list."""

    FOLDERS = 0
    LOOK = 1
    SPEED = 2
    STORAGE = 3
    ADVANCED = 4


class SettingsWindow(QDialog):
    """A window beside the main one; it is never in the way of it.

    A page is made when it is first shown: all of them at once would hold the window up.

    Attributes:
        pages: The names of the pages.
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
        self._theme = theme
        self._settings = settings
        self._folder_actions = folders
        self._indexing = indexing
        self._storage = storage
        self._library = library
        self.pages = QListWidget()
        self.pages.setObjectName("pageList")
        self.pages.setAccessibleName(self.tr("Pages of the settings"))
        self.pages.setFixedWidth(LIST_WIDTH)
        self.pages.ensurePolished()  # or its lines would be laid out before they have their padding
        self._stack = QStackedWidget()
        self._columns = [
            self._add(self.tr("Folders")),
            self._add(self.tr("Look")),
            self._add(self.tr("Speed")),
            self._add(self.tr("Storage")),
            self._add(self.tr("Advanced")),
        ]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.pages)
        row.addWidget(self._stack, 1)
        self.pages.currentRowChanged.connect(self._turn_to)
        self.finished.connect(settings.save)

    @cached_property
    def folders(self) -> FoldersPage:
        """The library's folders."""
        page = self._put(Page.FOLDERS, FoldersPage())
        self._folder_actions.serve(page)
        return page

    @cached_property
    def look(self) -> LookPage:
        """The colours."""
        return self._put(Page.LOOK, LookPage(self._theme, self._settings))

    @cached_property
    def speed(self) -> SpeedPage:
        """What the computer may be asked to do."""
        page = self._put(Page.SPEED, SpeedPage(self._settings, self._indexing))
        # This and the card import torch, so they wait for the models, which are loaded in the same lane.
        self._tasks.submit(SEARCH, lambda _: engine.available_devices(), page.show_devices)
        return page

    @cached_property
    def storage(self) -> StoragePage:
        """Where things are kept, and how much they take."""
        page = self._put(Page.STORAGE, StoragePage(self._library, engine.log_folder()))
        self._storage.serve(page)
        return page

    @cached_property
    def advanced(self) -> AdvancedPage:
        """The model pack."""
        page = self._put(Page.ADVANCED, AdvancedPage(self._theme))
        self._tasks.submit(SEARCH, lambda _: engine.read_card(), page.show_card, page.show_failure)
        return page

    def open_on(self, page: Page | None = None) -> None:
        """Show the window, in front, on one of its pages (None: the one it was left on)."""
        self.pages.setCurrentRow(max(0, self.pages.currentRow()) if page is None else page)
        self.show()
        self.raise_()
        self.activateWindow()
        self.pages.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look at what may have changed since the last time, on a worker."""
        super().showEvent(event)
        self._folder_actions.refresh()

    def _add(self, title: str) -> QVBoxLayout:
        heading = QLabel(title)
        heading.setObjectName("dialogTitle")
        sheet = QFrame()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(16)
        column.addWidget(heading)
        self.pages.addItem(title)
        self._stack.addWidget(sheet)
        return column

    def _turn_to(self, row: int) -> None:
        made: dict[Page, Callable[[], QWidget]] = {
            Page.FOLDERS: lambda: self.folders,
            Page.LOOK: lambda: self.look,
            Page.SPEED: lambda: self.speed,
            Page.STORAGE: lambda: self.storage,
            Page.ADVANCED: lambda: self.advanced,
        }
        made[Page(row)]()
        self._stack.setCurrentIndex(row)

    def _put(self, where: Page, page: P) -> P:
        scrolls = isinstance(page, FormPage) and where != Page.ADVANCED  # its card scrolls by itself
        self._columns[where].addWidget(_page_in_area(page) if scrolls else page, 1)
        return page


def _page_in_area(page: QWidget) -> QScrollArea:
    """Return a page that scrolls where the window is too low for its notes."""
    area = scrolling(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
