"""The menu behind the button at the top right."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.folder_actions import FolderActions

Keys = Qt.Key | QKeyCombination


class MainMenu(QMenu):
    """What is needed seldom: folders, settings, shortcuts, about, quit.

    Signals:
        folders_pressed: The library's folders shall be shown.
        unread_pressed: The files that could not be read shall be shown.
        settings_pressed: The settings shall be shown.
        shortcuts_pressed: The keyboard shortcuts shall be shown.
        about_pressed: It shall be said what Sgraffito is.
    """

    folders_pressed = Signal()
    unread_pressed = Signal()
    settings_pressed = Signal()
    shortcuts_pressed = Signal()
    about_pressed = Signal()

    def __init__(self, window: QWidget, add_folder: QAction, folders: FolderActions) -> None:
        super().__init__(window)
        self._window = window
        control = Qt.KeyboardModifier.ControlModifier
        self.addAction(add_folder)
        self._add(self.tr("Folders in the library…")).triggered.connect(self.folders_pressed)
        self._add(self.tr("Look for new photos"), control | Qt.Key.Key_R).triggered.connect(
            folders.read_known
        )
        self._add(self.tr("Files that couldn't be read…")).triggered.connect(self.unread_pressed)
        self.addSeparator()
        settings = self._add(self.tr("Settings…"), control | Qt.Key.Key_Comma)
        settings.triggered.connect(self.settings_pressed)
        # A text field keeps the question mark to itself: there it is text.
        shortcuts = self._add(self.tr("Keyboard shortcuts"), Qt.Key.Key_F1, Qt.Key.Key_Question)
        shortcuts.triggered.connect(self.shortcuts_pressed)
        self._add(self.tr("About Sgraffito")).triggered.connect(self.about_pressed)
        self.addSeparator()
        self._add(self.tr("Quit"), control | Qt.Key.Key_Q).triggered.connect(window.close)

    def _add(self, text: str, *keys: Keys) -> QAction:
        action = self.addAction(text)
        action.setShortcuts([QKeySequence(key) for key in keys])
        self._window.addAction(action)  # so that the shortcut works while the menu is closed
        return action
